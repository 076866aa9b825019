import { expect, test } from "@odoo/hoot";
import { click } from "@odoo/hoot-dom";
import { animationFrame } from "@odoo/hoot-mock";
import { contains, makeServerError, MockServer, onRpc } from "@web/../tests/web_test_helpers";

import { defineMailing, mountMailing } from "../mailing";

defineMailing();

const FORM = `
    <form>
        <header><field name="step" widget="mailjet_steps"/></header>
        <sheet><field name="subject"/></sheet>
    </form>`;
const RECIPIENTS = ".o_statusbar_status button[data-value=recipients]";

test("a step opens once what was typed is saved", async () => {
    onRpc("mailjet.mailing", "web_save", ({ args }) => {
        expect.step(`saved ${args[1].subject}`);
    });
    onRpc("mailjet.mailing", "action_go_to_step", ({ args: [ids, step] }) => {
        expect.step(`gone to ${step}`);
        MockServer.env["mailjet.mailing"].write(ids, { step });
        return true;
    });
    await mountMailing(FORM, { step: "details" });
    await contains("[name=subject] input").edit("Offers");
    await contains(RECIPIENTS).click();
    expect.verifySteps(["saved Offers", "gone to recipients"]);
    expect(".o_arrow_button_current").toHaveText("Recipients");
});

test("a mailing that cannot be saved stays at its step", async () => {
    onRpc("mailjet.mailing", "action_go_to_step", () => expect.step("gone"));
    await mountMailing(FORM, { step: "details" });
    await contains("[name=subject] input").clear();
    await contains(RECIPIENTS).click();
    expect.verifySteps([]);
    expect("[name=subject]").toHaveClass("o_field_invalid");
    expect(".o_arrow_button_current").toHaveText("Details");
});

test("a step that is refused leaves the form as the server has it", async () => {
    expect.errors(1);
    onRpc("mailjet.mailing", "action_go_to_step", ({ args: [ids] }) => {
        MockServer.env["mailjet.mailing"].write(ids, { step: "content" });
        throw makeServerError({ message: "Compose the email first." });
    });
    await mountMailing(FORM, { step: "details" });
    await click(RECIPIENTS);
    await expect.waitForErrors(["Compose the email first."]);
    await animationFrame();
    expect(".o_arrow_button_current").toHaveText("Composition");
});

test("the steps of a sent mailing are looked at, and the last one is kept", async () => {
    onRpc("mailjet.mailing", "action_go_to_step", () => expect.step("gone"));
    onRpc("mailjet.mailing", "web_save", () => expect.step("saved"));
    await mountMailing(FORM, { step: "sending", state: "done" });
    await contains(RECIPIENTS).click();
    expect(".o_arrow_button_current").toHaveText("Recipients");
    expect(".o_form_button_save").not.toBeVisible();
    expect.verifySteps([]);
});

test("a step can be chosen where the field may not be edited", async () => {
    onRpc("mailjet.mailing", "action_go_to_step", ({ args }) => {
        expect.step(args[1]);
        return true;
    });
    await mountMailing(FORM.replace("mailjet_steps", 'mailjet_steps" readonly="1'), {
        step: "details",
    });
    await contains(RECIPIENTS).click();
    expect.verifySteps(["recipients"]);
});
