import { expect, test } from "@odoo/hoot";
import { queryAllTexts } from "@odoo/hoot-dom";
import { animationFrame } from "@odoo/hoot-mock";
import {
    contains,
    fields,
    getFacetTexts,
    MockServer,
    models,
    onRpc,
} from "@web/../tests/web_test_helpers";

import { defineMailing, mountMailing } from "../mailing";

class MailjetRecipient extends models.Model {
    _name = "mailjet.recipient";

    name = fields.Char();
    mailing_id = fields.Many2one({ relation: "mailjet.mailing" });
    ticked = fields.Boolean();

    _records = [
        { id: 1, name: "Ann", mailing_id: 1, ticked: true },
        { id: 2, name: "Bob", mailing_id: 1, ticked: false },
        { id: 3, name: "Cat of another mailing", mailing_id: 2, ticked: true },
    ];
    _views = {
        list: `
            <list js_class="mailjet_recipient_list" editable="bottom">
                <field name="name"/>
                <field name="ticked" widget="boolean_toggle"/>
            </list>`,
        search: `
            <search>
                <filter name="planned_count" string="To send" domain="[('ticked', '=', True)]"/>
                <filter name="unticked_count" string="Off" domain="[('ticked', '=', False)]"/>
            </search>`,
    };

    web_save(ids, values) {
        const answer = super.web_save(...arguments);
        if ("ticked" in values) {
            const planned = this.search_count([
                ["mailing_id", "=", 1],
                ["ticked", "=", true],
            ]);
            this.env["mailjet.mailing"].write([1], {
                planned_count: planned,
                unticked_count: 2 - planned,
            });
        }
        return answer;
    }
}
defineMailing(MailjetRecipient);

const FORM = `
    <form>
        <field name="state" invisible="1"/>
        <field name="name"/>
        <widget name="mailjet_recipient_list"/>
    </form>`;
const MAILING = { recipient_count: 2, planned_count: 1, contact_count: 2, unticked_count: 1 };

const counts = () => queryAllTexts(".o_mailjet_counts button");
const names = () => queryAllTexts(".o_mailjet_recipient_list .o_data_row [name=name]");

test("the rows of the mailing, and the counts that count any of them", async () => {
    await mountMailing(FORM, MAILING);
    expect(names()).toEqual(["Ann", "Bob"]);
    expect(counts()).toEqual(["All2", "To send1", "Not selected1"]);
    expect(".o_mailjet_counts .btn-primary").toHaveText("All2");
});

test("kinds are told apart when there are several", async () => {
    await mountMailing(FORM, { ...MAILING, contact_count: 1200, lead_count: 1 });
    expect(counts()).toEqual([
        "All2",
        "To send1",
        "Contacts1,200",
        "Leads1",
        "Not selected1",
    ]);
});

test("the counts of the verdict are shown at 0, too", async () => {
    await mountMailing(FORM, { recipient_count: 2 });
    expect(counts()).toEqual(["All2", "To send0"]);
});

test("a count shows the rows that it counts, and all when pressed again", async () => {
    await mountMailing(FORM, MAILING);
    await contains("[data-count=unticked_count]").click();
    expect(names()).toEqual(["Bob"]);
    expect(getFacetTexts()).toEqual(["Off"]);
    expect("[data-count=unticked_count]").toHaveAttribute("aria-pressed", "true");
    await contains("[data-count=planned_count]").click();
    expect(names()).toEqual(["Ann"]);
    await contains("[data-count=planned_count]").click();
    expect(names()).toEqual(["Ann", "Bob"]);
    expect(getFacetTexts()).toEqual([]);
    expect("[data-count=recipient_count]").toHaveAttribute("aria-pressed", "true");
});

test("a tick brings the counts up to date, and keeps the search", async () => {
    await mountMailing(FORM, MAILING);
    await contains("[data-count=unticked_count]").click();
    await contains(".o_data_row .o_boolean_toggle input").click();
    await animationFrame();
    expect(counts()).toEqual(["All2", "To send2"]);
    expect(getFacetTexts()).toEqual(["Off"]);
});

test("a tick does not undo what is being edited in the form", async () => {
    await mountMailing(FORM, { ...MAILING, name: "Autumn" });
    await contains(".o_form_view [name=name].o_field_widget input").edit("Winter");
    onRpc("mailjet.mailing", "web_read", () => expect.step("read"));
    await contains(".o_data_row:last .o_boolean_toggle input").click();
    await animationFrame();
    expect(".o_form_view [name=name].o_field_widget input:first").toHaveValue("Winter");
    expect.verifySteps([]);
});

test("a load starts the list anew", async () => {
    await mountMailing(FORM, MAILING);
    MockServer.env["mailjet.recipient"].create({ name: "Dan", mailing_id: 1 });
    MockServer.env["mailjet.mailing"].write([1], { recipient_count: 3 });
    await contains(".o_data_row .o_boolean_toggle input").click();
    await animationFrame();
    expect(names()).toEqual(["Ann", "Bob", "Dan"]);
});
