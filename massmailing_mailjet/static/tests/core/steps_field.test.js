import { expect, test } from "@odoo/hoot";
import { click } from "@odoo/hoot-dom";
import { animationFrame, Deferred } from "@odoo/hoot-mock";
import { contains, makeServerError, MockServer, onRpc } from "@web/../tests/web_test_helpers";
import { registry } from "@web/core/registry";

import { defineMailing, Editor, mountMailing, settle } from "../mailing";

defineMailing();

const FORM = `
    <form>
        <header><field name="step" widget="mailjet_steps"/></header>
        <sheet><field name="subject"/></sheet>
    </form>`;
const RECIPIENTS = ".o_statusbar_status button[data-value=recipients]";

test("a step is shown at once, and stored with what was typed in one call", async () => {
    const stored = new Deferred();
    onRpc("mailjet.mailing", "web_save", async ({ args: [, { subject, step }] }) => {
        expect.step(`saved ${subject} at ${step}`);
        await stored;
    });
    await mountMailing(FORM, { step: "details" });
    await contains("[name=subject] input").edit("Offers");
    await contains(RECIPIENTS).click();
    expect(".o_arrow_button_current").toHaveText("Recipients");
    expect.verifySteps(["saved Offers at recipients"]);
    stored.resolve();
    await animationFrame();
    expect(".o_arrow_button_current").toHaveText("Recipients");
    expect(".o_form_button_save").not.toBeVisible();
});

test("what an editor hands over is stored with the step that it is left for", async () => {
    onRpc("mailjet.mailing", "web_save", ({ args: [, { name, step }] }) => {
        expect.step(`saved ${name} at ${step}`);
    });
    registry.category("fields").add("test_editor", { component: Editor });
    const editor = `<field name="name" widget="test_editor" invisible="step != 'content'"/>`;
    await mountMailing(FORM.replace("<sheet>", `<sheet>${editor}`), { step: "content" });
    await contains(".editor").click();
    await contains(RECIPIENTS).click();
    await settle();
    expect(".editor").toHaveCount(0);
    expect.verifySteps(["saved Offers at recipients"]);
});

test("the step chosen last is the one that stays", async () => {
    const stored = new Deferred();
    onRpc("mailjet.mailing", "web_save", async ({ args: [, { step }] }) => {
        expect.step(step);
        await stored;
    });
    await mountMailing(FORM, { step: "details" });
    await click(RECIPIENTS);
    await click(RECIPIENTS);
    await click(".o_statusbar_status button[data-value=content]");
    await animationFrame();
    expect.verifySteps(["recipients"]);
    stored.resolve();
    await settle();
    expect.verifySteps(["recipients", "content"]);
    expect(".o_arrow_button_current").toHaveText("Composition");
    expect(MockServer.env["mailjet.mailing"].browse(1)[0].step).toBe("content");
});

test("a new mailing is saved before another step is shown", async () => {
    onRpc("mailjet.mailing", "web_save", ({ args: [ids, { step }] }) => {
        expect.step(ids.length ? `went to ${step}` : "created");
    });
    await mountMailing(FORM);
    await contains("[name=subject] input").edit("Offers");
    await contains(RECIPIENTS).click();
    await animationFrame();
    expect.verifySteps(["created", "went to recipients"]);
    expect(".o_arrow_button_current").toHaveText("Recipients");
});

test("a mailing that is not filled in stays at its step", async () => {
    onRpc("mailjet.mailing", "web_save", () => expect.step("saved"));
    await mountMailing(FORM, { step: "details" });
    await contains("[name=subject] input").clear();
    await contains(RECIPIENTS).click();
    expect.verifySteps([]);
    expect("[name=subject]").toHaveClass("o_field_invalid");
    expect(".o_arrow_button_current").toHaveText("Details");
});

test("what cannot be stored goes back to its step, and keeps what was typed", async () => {
    expect.errors(1);
    onRpc("mailjet.mailing", "web_save", () => {
        throw makeServerError({ message: "Compose the email first." });
    });
    await mountMailing(FORM, { step: "details" });
    await contains("[name=subject] input").edit("Offers");
    await click(RECIPIENTS);
    await expect.waitForErrors(["Compose the email first."]);
    await animationFrame();
    expect(".o_arrow_button_current").toHaveText("Details");
    expect("[name=subject] input").toHaveValue("Offers");
    expect(".o_form_button_save").toBeVisible();
});

test("the steps of a sent mailing are looked at, and the last one is kept", async () => {
    onRpc("mailjet.mailing", "web_save", () => expect.step("saved"));
    await mountMailing(FORM, { step: "sending", state: "done" });
    await contains(RECIPIENTS).click();
    expect(".o_arrow_button_current").toHaveText("Recipients");
    expect(".o_form_button_save").not.toBeVisible();
    expect.verifySteps([]);
});

test("a step can be chosen in a form that may not be edited", async () => {
    onRpc("mailjet.mailing", "web_save", ({ args }) => expect.step(args[1].step));
    await mountMailing(FORM.replace("<form>", '<form edit="0">'), { step: "details" });
    await contains(RECIPIENTS).click();
    expect.verifySteps(["recipients"]);
});
