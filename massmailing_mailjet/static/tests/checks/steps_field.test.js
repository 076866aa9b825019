import { expect, test } from "@odoo/hoot";
import { queryAllAttributes, queryAllTexts } from "@odoo/hoot-dom";
import { Deferred } from "@odoo/hoot-mock";
import { contains, onRpc } from "@web/../tests/web_test_helpers";

import { defineMailing, mountMailing, mountSettled, settle } from "../mailing";

defineMailing();

const FORM = `
    <form>
        <header>
            <field name="state" invisible="1"/>
            <field name="step" widget="mailjet_checked_steps"/>
        </header>
        <sheet>
            <widget name="mailjet_checks" invisible="step != 'sending'"/>
            <field name="subject"/>
        </sheet>
    </form>`;
const BADGE = ".o_mailjet_issues";

/** Have the checks find what is given as open in each step. */
function find(open) {
    onRpc("mailjet.mailing", "get_checks", () => {
        expect.step("asked");
        return { findings: [], open, passed: 0, has_links: false, unchecked_links: 0 };
    });
}

test("each step has the number of its open issues", async () => {
    find({ content: { red: 2, amber: 1 }, recipients: { red: 1, amber: 0 } });
    await mountSettled(FORM, { step: "details", state: "draft" });
    await settle();
    expect("[data-value=details] .o_mailjet_issues").toHaveCount(0);
    expect(queryAllTexts("[data-value=content] .o_mailjet_issues")).toEqual(["2", "1"]);
    expect(queryAllAttributes("[data-value=content] .o_mailjet_issues", "aria-label")).toEqual([
        "2 issues in Composition",
        "1 issue to accept in Composition",
    ]);
    expect("[data-value=recipients] .o_red").toHaveAttribute(
        "aria-label",
        "1 issue in Recipients"
    );
    expect.verifySteps(["asked"]);
});

test("the steps are there before the checks are", async () => {
    const answer = new Deferred();
    onRpc("mailjet.mailing", "get_checks", () => answer);
    await mountSettled(FORM, { step: "details", state: "draft" });
    expect(".o_arrow_button_current").toHaveText("Details");
    expect(BADGE).toHaveCount(0);
    answer.resolve({ findings: [], open: { details: { red: 1, amber: 0 } } });
    await settle();
    expect("[data-value=details] .o_red").toHaveText("1");
});

test("the bar and the list ask once for each step", async () => {
    find({ content: { red: 1, amber: 0 } });
    await mountSettled(FORM, { step: "recipients", state: "draft" });
    await contains("[data-value=sending]").click();
    await settle();
    expect(".o_mailjet_checks_passed").toHaveCount(1);
    expect("[data-value=content] .o_red").toHaveCount(1);
    expect.verifySteps(["asked", "asked"]);
});

test("what is saved is checked again", async () => {
    find({});
    await mountSettled(FORM, { step: "details", state: "draft" });
    await contains("[name=subject] input").edit("Offers");
    expect.verifySteps(["asked"]);
    await contains(".o_form_button_save").click();
    await settle();
    expect.verifySteps(["asked"]);
});

test("the next mailing of the pager is checked too", async () => {
    onRpc("mailjet.mailing", "get_checks", ({ args: [[id]] }) => {
        expect.step(`asked of ${id}`);
        return { findings: [], open: { content: { red: id, amber: 0 } } };
    });
    await mountSettled(FORM, { step: "details", state: "draft" }, { resIds: [1, 2] });
    await settle();
    expect("[data-value=content] .o_red").toHaveText("1");
    await contains(".o_pager_next").click();
    await settle();
    expect("[data-value=content] .o_red").toHaveText("2");
    expect.verifySteps(["asked of 1", "asked of 2"]);
});

test("nothing is checked before the step has what it shows", async () => {
    const shown = new Deferred();
    find({});
    onRpc("mailjet.mailing", "web_save", async () => {
        await shown;
    });
    await mountSettled(FORM, { step: "details", state: "draft" });
    expect.verifySteps(["asked"]);
    await contains("[data-value=sending]").click();
    await settle();
    expect.verifySteps([]);
    shown.resolve();
    await settle();
    expect.verifySteps(["asked"]);
});

test("a form that is left before anything was checked asks for nothing", async () => {
    find({});
    const form = await mountMailing(FORM, { step: "details", state: "draft" });
    form.__owl__.app.destroy();
    await settle();
    expect.verifySteps([]);
});

test("a mailing that was sent is not checked", async () => {
    find({ content: { red: 1, amber: 0 } });
    await mountSettled(FORM, { step: "details", state: "done" });
    await settle();
    expect(BADGE).toHaveCount(0);
    expect.verifySteps([]);
});
