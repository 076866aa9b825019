import { expect, test } from "@odoo/hoot";
import { queryAllTexts } from "@odoo/hoot-dom";
import { animationFrame } from "@odoo/hoot-mock";
import { contains, onRpc } from "@web/../tests/web_test_helpers";

import { defineMailing, mountMailing } from "../mailing";

defineMailing();

const FORM = `
    <form>
        <field name="frequency_cap_days" invisible="1"/>
        <widget name="mailjet_recipient_sources"/>
    </form>`;
const NOTHING = { items: [], more: false, domain: [] };
const SOURCES = {
    kinds: [{ kind: "contact", label: "All contacts (9)" }],
    filters: NOTHING,
    targets: NOTHING,
};

function answer(sources) {
    onRpc("mailjet.mailing", "get_sources", () => ({ ...SOURCES, ...sources }));
    for (const method of [
        "action_load_all",
        "action_load_filter",
        "action_load_target",
        "action_exclude_target",
        "action_add_recipients",
    ]) {
        onRpc("mailjet.mailing", method, ({ args }) => {
            expect.step([method, ...args.slice(1)]);
            return false;
        });
    }
}

const items = () => queryAllTexts(".o-dropdown--menu .o-dropdown-item");
const choose = (text) => contains(`.o-dropdown-item:contains("${text}")`).click();

test("a database without a filter offers all contacts, conditions and addresses", async () => {
    answer();
    await mountMailing(FORM, { recipient_type: "contact" });
    await contains(".o_mailjet_add").click();
    expect(items()).toEqual(["All contacts (9)", "Conditions…", "Paste or file…"]);
    expect(".o_mailjet_exclude").toHaveCount(0);
    await choose("All contacts");
    await contains(".o_mailjet_add").click();
    await choose("Paste or file");
    expect.verifySteps([
        ["action_load_all", "contact"],
        ["action_add_recipients", "addresses"],
    ]);
});

test("before anybody was added, everybody is with one click", async () => {
    answer();
    await mountMailing(FORM, { recipient_type: "contact" });
    await contains("button:contains(All contacts (9))").click();
    expect.verifySteps([["action_load_all", "contact"]]);
});

test("once somebody was added, everybody is in the menu only", async () => {
    answer();
    await mountMailing(FORM, { recipient_type: "contact", recipient_count: 2 });
    expect(".o_mailjet_add_all").toHaveCount(0);
    await contains(".o_mailjet_add").click();
    expect(items()[0]).toBe("All contacts (9)");
});

test("saved filters are loaded from the menu", async () => {
    answer({ filters: { ...NOTHING, items: [{ id: 5, name: "Readers" }], more: true } });
    await mountMailing(FORM, { recipient_type: "contact" });
    await contains(".o_mailjet_add").click();
    expect(items().slice(1, 3)).toEqual(["Readers", "More filters…"]);
    await choose("Readers");
    expect.verifySteps([["action_load_filter", 5]]);
});

test("a mailing to targets offers them, and a new one", async () => {
    answer({ targets: { ...NOTHING, items: [{ id: 7, name: "North" }] } });
    await mountMailing(FORM, { recipient_type: "target", recipient_count: 2 });
    await contains(".o_mailjet_add").click();
    expect(items().slice(1, 3)).toEqual(["North", "New target…"]);
    await choose("North");
    await contains(".o_mailjet_exclude").click();
    await choose("North");
    expect.verifySteps([
        ["action_load_target", 7],
        ["action_exclude_target", 7],
    ]);
});

test("a follow-up adds nobody, and may exclude", async () => {
    answer();
    await mountMailing(FORM, { origin_id: 2, recipient_count: 2 });
    expect(".o_mailjet_add").toHaveCount(0);
    expect(".o_mailjet_exclude").toHaveCount(1);
});

test("days without another mailing are chosen and saved", async () => {
    answer();
    onRpc("mailjet.mailing", "web_save", ({ args }) =>
        expect.step(args[1].frequency_cap_days)
    );
    await mountMailing(FORM, { recipient_count: 2 });
    await contains(".o_mailjet_exclude").click();
    await choose("last 30 days");
    await animationFrame();
    await contains(".o_mailjet_exclude").click();
    expect(".o-dropdown-item.selected").toHaveText("Anyone mailed in the last 30 days");
    await choose("Include recently mailed");
    await animationFrame();
    expect.verifySteps([30, 0]);
});
