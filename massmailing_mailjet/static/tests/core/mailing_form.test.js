import { expect, test } from "@odoo/hoot";
import { queryOne } from "@odoo/hoot-dom";
import { animationFrame } from "@odoo/hoot-mock";
import { Component, xml } from "@odoo/owl";
import {
    openFormView,
    patchUiSize,
    SIZES,
    start,
    startServer,
} from "@mail/../tests/mail_test_helpers";
import {
    contains,
    defineActions,
    editSelectMenu,
    getService,
    MockServer,
    mountWithCleanup,
    onRpc,
} from "@web/../tests/web_test_helpers";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";
import { WebClient } from "@web/webclient/webclient";

import { defineMailing, Editor, MailjetMailing, mountMailing, settle } from "../mailing";

defineMailing();

const FORM = `
    <form js_class="mailjet_mailing_form">
        <field name="name" widget="test_editor"/>
    </form>`;
const LIST = `<list><field name="name"/></list>`;

/** Ask the page whether it may be closed; returns whether the user is asked. */
async function closePage() {
    const event = new Event("beforeunload", { cancelable: true });
    window.dispatchEvent(event);
    await animationFrame();
    return event.defaultPrevented;
}

async function mountForm() {
    registry.category("fields").add("test_editor", { component: Editor });
    await mountMailing(FORM, {});
}

test("what is still in an editor is saved when the form is left", async () => {
    registry.category("fields").add("test_editor", { component: Editor });
    MailjetMailing._records = [{ id: 1, subject: "News" }];
    MailjetMailing._views = { form: FORM, list: LIST };
    const action = { type: "ir.actions.act_window", res_model: "mailjet.mailing" };
    defineActions([
        { ...action, id: 1, res_id: 1, views: [[false, "form"]] },
        { ...action, id: 2, views: [[false, "list"]] },
    ]);
    onRpc("mailjet.mailing", "web_save", ({ args }) => expect.step(`saved ${args[1].name}`));
    await mountWithCleanup(WebClient);
    await getService("action").doAction(1);
    await contains(".editor").click();
    await getService("action").doAction(2);
    expect.verifySteps(["saved Offers"]);
    expect(".o_data_row [name=name]").toHaveText("Offers");
});

test("closing the page is asked about while an editor keeps something", async () => {
    await mountForm();
    await contains(".editor").click();
    expect(await closePage()).toBe(true);
});

test("closing the page is not asked about when nothing was typed", async () => {
    await mountForm();
    expect(await closePage()).toBe(false);
});

test("Next and Back go one step, and store it with what was typed in one call", async () => {
    const form = `
        <form js_class="mailjet_mailing_form">
            <header>
                <button name="action_next_step" type="object" string="Next"/>
                <button name="action_previous_step" type="object" string="Back"/>
                <field name="step" widget="mailjet_steps"/>
            </header>
            <field name="name"/>
        </form>`;
    onRpc("mailjet.mailing", "web_save", ({ args: [, { name, step }] }) => {
        expect.step(`saved ${name || "nothing"} at ${step}`);
    });
    await mountMailing(form, { step: "details" });
    await contains("[name=name] input").edit("Autumn");
    await contains("button[name=action_next_step]").click();
    expect(".o_arrow_button_current").toHaveText("Composition");
    await contains("button[name=action_previous_step]").click();
    await contains("button[name=action_previous_step]").click();
    expect(".o_arrow_button_current").toHaveText("Details");
    expect.verifySteps(["saved Autumn at content", "saved nothing at details"]);
});

test("another step is shown from its top", async () => {
    const form = `
        <form js_class="mailjet_mailing_form">
            <div style="height: 3000px"/>
            <field name="step"/>
            <field name="name"/>
        </form>`;
    await mountMailing(form, { step: "details" });
    const content = queryOne(".o_content");
    Object.assign(content.style, { height: "300px", overflow: "auto" });
    await contains("[name=name] input").edit("News");
    expect(content.scrollTop).toBeGreaterThan(1000);
    await editSelectMenu("[name=step] input", { value: "Composition" });
    expect(content.scrollTop).toBe(0);
});

test("only what the server has changed is drawn again", async () => {
    class Drawn extends Component {
        static template = xml`<span t-out="text"/>`;
        static props = { ...standardFieldProps };

        get text() {
            const { name, record } = this.props;
            const value = record.data[name];
            expect.step(`${name}: ${value.year || value}`);
            return "";
        }
    }
    registry.category("fields").add("test_drawn", { component: Drawn });
    onRpc("mailjet.mailing", "web_save", ({ args: [[id], { step }] }) => {
        if (step === "sending") {
            MockServer.env["mailjet.mailing"].write([id], { planned_count: 7 });
        }
    });
    const form = `
        <form js_class="mailjet_mailing_form">
            <field name="step" widget="mailjet_steps"/>
            <field name="sent_date" widget="test_drawn"/>
            <field name="planned_count" widget="test_drawn"/>
        </form>`;
    await mountMailing(form, { step: "details", sent_date: "2026-03-02 08:00:00" });
    expect.verifySteps(["sent_date: 2026", "planned_count: 0"]);
    await contains("[data-value=recipients]").click();
    await animationFrame();
    expect.verifySteps([]);
    await contains("[data-value=sending]").click();
    await animationFrame();
    expect.verifySteps(["planned_count: 7"]);
});

test("the chatter is read again when more than the step was saved", async () => {
    const form = `
        <form js_class="mailjet_mailing_form">
            <sheet>
                <field name="step" widget="mailjet_steps"/>
                <field name="name"/>
            </sheet>
            <chatter/>
        </form>`;
    onRpc("/mail/thread/messages", () => expect.step("read"), { pure: true });
    await mountMailing(form, { step: "details" });
    await settle();
    expect.verifySteps(["read"]);
    await contains("[data-value=recipients]").click();
    await settle();
    expect.verifySteps([]);
    await contains("[name=name] input").edit("Autumn");
    await contains("[data-value=details]").click();
    await settle();
    expect.verifySteps(["read"]);
});

test("the chatter is below the form, not beside it", async () => {
    const pyEnv = await startServer();
    const id = pyEnv["res.partner"].create({ name: "Ann" });
    await patchUiSize({ size: SIZES.XXL });
    await start();
    const arch = (jsClass) => `
        <form ${jsClass}><sheet><field name="name"/></sheet><chatter/></form>`;
    await openFormView("res.partner", id, { arch: arch("") });
    expect(".o-mail-Form-chatter.o-aside").toHaveCount(1);
    await openFormView("res.partner", id, { arch: arch('js_class="mailjet_mailing_form"') });
    expect(".o-mail-Form-chatter").toHaveCount(1);
    expect(".o-mail-Form-chatter.o-aside").toHaveCount(0);
    expect(".o_form_view").not.toHaveClass("o_xxl_form_view");
});
