import { expect, test } from "@odoo/hoot";
import { queryAllTexts } from "@odoo/hoot-dom";
import { animationFrame } from "@odoo/hoot-mock";
import {
    clickSave,
    contains,
    fields,
    models,
    mountView,
    onRpc,
} from "@web/../tests/web_test_helpers";

import { defineMailing } from "../mailing";

class MailjetTarget extends models.Model {
    _name = "mailjet.target";

    account_domain = fields.Char();

    _records = [{ id: 1, account_domain: false }];
}

defineMailing(MailjetTarget);

const FORM = `
    <form>
        <field name="account_domain" widget="mailjet_members"
               options="{'model': 'res.partner', 'kind': 'account'}"/>
    </form>`;

async function mountTarget(account_domain) {
    MailjetTarget._records[0].account_domain = account_domain;
    onRpc("res.partner", "search_count", ({ args }) => {
        expect.step(args[0]);
        return 4;
    });
    await mountView({ type: "form", resModel: "mailjet.target", resId: 1, arch: FORM });
    await animationFrame();
}

const chosen = () => queryAllTexts(".form-check:has(input:checked) label");

test("no condition finds nobody, who is not counted", async () => {
    await mountTarget(false);
    expect(chosen()).toEqual(["None"]);
    expect(".o_domain_selector").toHaveCount(0);
    expect.verifySteps([]);
});

test("all records of the kind are counted", async () => {
    await mountTarget("[]");
    expect(chosen()).toEqual(["All records"]);
    expect(".o_field_widget .btn-link").toHaveText("Records found: 4");
    expect.verifySteps([[["is_company", "=", true]]]);
});

test("a condition is counted with the kind", async () => {
    await mountTarget("[('name', '=', 'Ann')]");
    expect(chosen()).toEqual(["By conditions"]);
    expect(".o_domain_show_selection_button").toHaveText("4 record(s)");
    expect.verifySteps([
        [
            ["is_company", "=", true],
            ["name", "=", "Ann"],
        ],
    ]);
});

test("the choice is saved", async () => {
    await mountTarget("[('name', '=', 'Ann')]");
    expect.verifySteps([
        [
            ["is_company", "=", true],
            ["name", "=", "Ann"],
        ],
    ]);
    onRpc("mailjet.target", "web_save", ({ args }) => expect.step(args[1].account_domain));
    await contains("input[id$=_all]").click();
    await animationFrame();
    expect.verifySteps([[["is_company", "=", true]]]);
    await contains("input[id$=_none]").click();
    expect(chosen()).toEqual(["None"]);
    await clickSave();
    expect.verifySteps([false]);
});

test("by conditions begins with one", async () => {
    await mountTarget(false);
    await contains("input[id$=_conditions]").click();
    await animationFrame();
    expect(chosen()).toEqual(["By conditions"]);
    expect(".o_domain_selector").toHaveCount(1);
    expect.verifySteps([
        [
            ["is_company", "=", true],
            ["country_id", "in", []],
        ],
    ]);
});
