import { describe, expect, test } from "@odoo/hoot";
import { queryAllProperties, queryAllTexts } from "@odoo/hoot-dom";
import { Deferred } from "@odoo/hoot-mock";
import {
    contains,
    fields,
    getFacetTexts,
    MockServer,
    models,
    onRpc,
    patchWithCleanup,
} from "@web/../tests/web_test_helpers";
import { utils } from "@web/core/ui/ui_service";

import { defineMailing, mountSettled, settle } from "../mailing";

class MailjetRecipient extends models.Model {
    _name = "mailjet.recipient";

    name = fields.Char();
    mailing_id = fields.Many2one({ relation: "mailjet.mailing" });
    selected = fields.Boolean();
    mailing_state = fields.Char({ default: "draft" });
    exclusion_reason = fields.Char();

    _records = [
        { id: 1, name: "Ann", mailing_id: 1, selected: true },
        { id: 2, name: "Bob", mailing_id: 1, selected: false },
        { id: 3, name: "Cat of another mailing", mailing_id: 2, selected: true },
    ];
    _views = {
        list: `
            <list js_class="mailjet_recipient_list">
                <field name="mailing_state" column_invisible="1"/>
                <field name="selected" widget="mailjet_tick" nolabel="1"
                       readonly="mailing_state != 'draft'"/>
                <field name="name"/>
            </list>`,
        kanban: `
            <kanban>
                <templates>
                    <t t-name="card">
                        <field name="selected" widget="mailjet_tick"/>
                        <field name="name"/>
                    </t>
                </templates>
            </kanban>`,
        search: `
            <search>
                <filter name="planned_count" string="To send" domain="[('selected', '=', True)]"/>
                <filter name="unticked_count" string="Off" domain="[('selected', '=', False)]"/>
            </search>`,
    };

    web_save(ids, values) {
        const answer = super.web_save(...arguments);
        this._count();
        return answer;
    }

    action_tick() {
        return this._tickFound(true, arguments[arguments.length - 1]);
    }

    action_untick() {
        return this._tickFound(false, arguments[arguments.length - 1]);
    }

    _tickFound(selected, { context }) {
        expect.step([selected, context.active_domain]);
        this.write(this.search(context.active_domain), { selected });
        this._count();
        return true;
    }

    _count() {
        const planned = this.search_count([
            ["mailing_id", "=", 1],
            ["selected", "=", true],
        ]);
        this.env["mailjet.mailing"].write([1], {
            planned_count: planned,
            unticked_count: 2 - planned,
        });
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
    await mountSettled(FORM, MAILING);
    expect(names()).toEqual(["Ann", "Bob"]);
    expect(counts()).toEqual(["All2", "To send1", "Not selected1"]);
    expect(".o_mailjet_counts .btn-primary").toHaveText("All2");
});

test("the rows are read once the step that updates them is stored", async () => {
    const stored = new Deferred();
    onRpc("mailjet.mailing", "web_save", async () => {
        await stored;
    });
    onRpc("mailjet.recipient", "web_search_read", () => expect.step("read"));
    const form = FORM.replace("<form>", "<form><field name='step' widget='mailjet_steps'/>");
    await mountSettled(form.replace("<widget", `<widget invisible="step != 'recipients'"`), {
        ...MAILING,
        step: "details",
    });
    await contains("[data-value=recipients]").click();
    await settle();
    expect(counts()).toEqual(["All2", "To send1", "Not selected1"]);
    expect.verifySteps([]);
    stored.resolve();
    await settle();
    expect.verifySteps(["read"]);
    expect(names()).toEqual(["Ann", "Bob"]);
});

describe("before the step that shows them", () => {
    const form = `
        <form js_class="mailjet_mailing_form">
            <field name="step"/>
            <widget name="mailjet_recipient_list" invisible="step != 'recipients'"/>
        </form>`;

    test("the views are read", async () => {
        onRpc("mailjet.recipient", "get_views", () => expect.step("views"));
        await mountSettled(form, { step: "details", recipient_count: 2 });
        expect.verifySteps(["views"]);
    });

    test("no views are read where there is nobody to show", async () => {
        onRpc("mailjet.recipient", "get_views", () => expect.step("views"));
        await mountSettled(form, { step: "details" });
        expect.verifySteps([]);
    });
});

test("kinds are told apart when there are several", async () => {
    await mountSettled(FORM, { ...MAILING, contact_count: 1200, lead_count: 1 });
    expect(counts()).toEqual([
        "All2",
        "To send1",
        "Contacts1,200",
        "Leads1",
        "Not selected1",
    ]);
});

test("the counts of the verdict are shown at 0, too", async () => {
    await mountSettled(FORM, { recipient_count: 2 });
    expect(counts()).toEqual(["All2", "To send0"]);
});

test("a count shows the rows that it counts, and all when pressed again", async () => {
    await mountSettled(FORM, MAILING);
    await contains("[data-count=unticked_count]").click();
    await settle();
    expect(names()).toEqual(["Bob"]);
    expect(getFacetTexts()).toEqual(["Off"]);
    expect("[data-count=unticked_count]").toHaveAttribute("aria-pressed", "true");
    await contains("[data-count=planned_count]").click();
    await settle();
    expect(names()).toEqual(["Ann"]);
    await contains("[data-count=planned_count]").click();
    await settle();
    expect(names()).toEqual(["Ann", "Bob"]);
    expect(getFacetTexts()).toEqual([]);
    expect("[data-count=recipient_count]").toHaveAttribute("aria-pressed", "true");
});

test("a tick brings the counts up to date, and keeps the search", async () => {
    await mountSettled(FORM, MAILING);
    await contains("[data-count=unticked_count]").click();
    await settle();
    await contains(".o_data_row .o_mailjet_tick input").click();
    await settle();
    expect(counts()).toEqual(["All2", "To send2"]);
    expect(getFacetTexts()).toEqual(["Off"]);
});

test("a tick does not undo what is being edited in the form", async () => {
    await mountSettled(FORM, { ...MAILING, name: "Autumn" });
    await contains(".o_form_view [name=name].o_field_widget input").edit("Winter");
    onRpc("mailjet.mailing", "web_read", () => expect.step("read"));
    await contains(".o_data_row:last .o_mailjet_tick input").click();
    await settle();
    expect(".o_form_view [name=name].o_field_widget input:first").toHaveValue("Winter");
    expect.verifySteps([]);
});

test("a load starts the list anew", async () => {
    await mountSettled(FORM, MAILING);
    MockServer.env["mailjet.recipient"].create({ name: "Dan", mailing_id: 1 });
    MockServer.env["mailjet.mailing"].write([1], { recipient_count: 3 });
    await contains(".o_data_row .o_mailjet_tick input").click();
    await settle();
    expect(names()).toEqual(["Ann", "Bob", "Dan"]);
});

describe("the tick boxes", () => {
    const ticks = () => queryAllProperties(".o_data_row .o_mailjet_tick input", "checked");
    const ALL = ".o_mailjet_tick_all input";
    const OF_MAILING = [["mailing_id", "=", 1]];

    test("the first column is whether a recipient is sent to", async () => {
        await mountSettled(FORM, MAILING);
        expect(".o_data_row:first td:first").toHaveAttribute("name", "selected");
        expect(".o_list_record_selector").toHaveCount(0);
        expect(ticks()).toEqual([true, false]);
        expect(ALL).not.toBeChecked();
    });

    test("a row that another reason excludes cannot be ticked", async () => {
        MailjetRecipient._records[0].exclusion_reason = "duplicate";
        await mountSettled(FORM, MAILING);
        expect(ticks()).toEqual([false, false]);
        expect(".o_data_row:first .o_mailjet_tick input").not.toBeEnabled();
        expect(".o_data_row:last .o_mailjet_tick input").toBeEnabled();
    });

    test("a row that was unticked can be ticked again", async () => {
        MailjetRecipient._records[1].exclusion_reason = "unticked";
        await mountSettled(FORM, MAILING);
        expect(".o_data_row:last .o_mailjet_tick input").toBeEnabled();
    });

    test("a mailing on its way fixes them all", async () => {
        for (const record of MailjetRecipient._records) {
            record.mailing_state = "done";
        }
        await mountSettled(FORM, MAILING);
        expect(".o_data_row:first .o_mailjet_tick input").not.toBeEnabled();
        expect(ALL).not.toBeEnabled();
    });

    test("the box in the head ticks all that is listed", async () => {
        await mountSettled(FORM, MAILING);
        await contains(ALL).click();
        await settle();
        expect.verifySteps([[true, OF_MAILING]]);
        expect(ticks()).toEqual([true, true]);
        expect(ALL).toBeChecked();
        expect(counts()).toEqual(["All2", "To send2"]);
        await contains(ALL).click();
        await settle();
        expect.verifySteps([[false, OF_MAILING]]);
        expect(counts()).toEqual(["All2", "To send0", "Not selected2"]);
    });

    test("it asks before it ticks rows of other pages", async () => {
        const [ann] = MailjetRecipient._records;
        for (let id = 10; id < 100; id++) {
            MailjetRecipient._records.push({ ...ann, id, selected: false });
        }
        await mountSettled(FORM, { ...MAILING, recipient_count: 92 });
        await contains(ALL).click();
        expect(".modal-body").toHaveText(/all 92 recipients/);
        expect.verifySteps([]);
        await contains(".modal .btn-primary").click();
        await settle();
        expect.verifySteps([[true, OF_MAILING]]);
        expect(ALL).toBeChecked();
    });

    test("on a phone each row is a card with its tick box", async () => {
        patchWithCleanup(utils, { isSmall: () => true });
        await mountSettled(FORM, MAILING);
        expect(".o_kanban_record:not(.o_kanban_ghost)").toHaveCount(2);
        await contains(".o_kanban_record:contains(Bob) .o_mailjet_tick input").click();
        await settle();
        expect(counts()).toEqual(["All2", "To send2"]);
    });
});
