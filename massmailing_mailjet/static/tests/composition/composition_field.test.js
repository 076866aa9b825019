import { expect, test } from "@odoo/hoot";
import { queryAllTexts } from "@odoo/hoot-dom";
import { contains, MockServer, onRpc } from "@web/../tests/web_test_helpers";

import { defineMailing, mountMailing } from "../mailing";

defineMailing();

const FORM = `
    <form>
        <field name="subject"/>
        <field name="composition" widget="mailjet_composition"/>
        <div class="page"><field name="body_arch" widget="text"/></div>
    </form>`;
const PAGE = { composition: "template", body_arch: "A page", template_name: "Autumn" };

const way = (name) => `.o_mailjet_way input[value=${name}]`;
const editor = (name) => `.o_mailjet_editor_choice input[value=${name}]`;

test("an empty mailing offers the three ways, with the one that is taken", async () => {
    await mountMailing(FORM, { composition: "blank" });
    expect(queryAllTexts(".o_mailjet_way .fw-bold")).toEqual([
        "Template",
        "Visual editor",
        "HTML code",
    ]);
    expect(".o_mailjet_way.active .fw-bold").toHaveText("Visual editor");
    expect(way("blank")).toBeChecked();
    expect(".o_mailjet_editor_choice").toHaveCount(0);
});

/** Check that the editor is chosen in one line, and which one is. */
function expectEditor(name) {
    expect(".o_mailjet_way").toHaveCount(0);
    expect(queryAllTexts(".o_mailjet_editor_choice")).toEqual(["Visual editor", "HTML code"]);
    expect(editor(name)).toBeChecked();
}

test("once there is a page the editor is chosen in one line", async () => {
    await mountMailing(FORM, { composition: "blank", body_arch: "A page" });
    expectEditor("blank");
    expect("button:contains(Choose a template)").toHaveCount(1);
    expect("button:contains(Start from a blank page)").toHaveCount(1);
});

test("code that another editor holds is in reach", async () => {
    await mountMailing(FORM, { composition: "blank", body_code: "<p>Code</p>" });
    expectEditor("blank");
    expect("button:contains(Start from a blank page)").toHaveCount(0);
});

test("the editor of code makes room as it is chosen", async () => {
    await mountMailing(FORM, { composition: "blank" });
    await contains(way("html")).click();
    expectEditor("html");
});

test("another editor is chosen, and each keeps what it holds", async () => {
    await mountMailing(FORM, PAGE);
    expect(editor("blank")).toBeChecked();
    await contains(editor("html"), { visible: false }).click();
    expect(editor("html")).toBeChecked();
    expect(".o_mailjet_made_from").toHaveCount(0);
    expect(".page textarea").toHaveValue("A page");
    await contains(editor("blank"), { visible: false }).click();
    expect(".o_mailjet_made_from").toHaveText("Based on “Autumn”.");
    await contains(".o_form_button_save").click();
    const [mailing] = MockServer.env["mailjet.mailing"].browse([1]);
    expect(mailing.composition).toBe("template");
});

test("a page that was made from a template says so, and can be another", async () => {
    onRpc("mailjet.gallery", "get_cards", () => ({ cards: [], more: false }));
    await mountMailing(FORM, PAGE);
    expect(".o_mailjet_made_from").toHaveText("Based on “Autumn”.");
    await contains("button:contains(Choose another template)").click();
    expect(".modal-title").toHaveText("Templates");
});

test("a template is chosen, once the form is saved", async () => {
    onRpc("mailjet.mailing", "web_save", ({ args }) => expect.step(args[1].composition));
    onRpc("mailjet.gallery", "get_cards", ({ args }) => {
        expect.step(`cards of ${args}`);
        return { cards: [], more: false };
    });
    await mountMailing(FORM, { composition: "blank" });
    await contains(way("template")).click();
    expect(".modal-title").toHaveText("Templates");
    expect.verifySteps(["template", "cards of 1,mailjet"]);
});

test("a mailing that cannot be saved has no template to choose", async () => {
    await mountMailing(FORM, { composition: "blank" });
    await contains("[name=subject] input").clear();
    await contains(way("template")).click();
    expect(".modal").toHaveCount(0);
    expect("[name=subject]").toHaveClass("o_field_invalid");
});

test("a blank page asks before it takes the place of the email", async () => {
    await mountMailing(FORM, PAGE);
    await contains("button:contains(Start from a blank page)").click();
    expect(".modal-title").toHaveText("Start from a blank page?");
    await contains(".modal button:contains(Keep the email)").click();
    expect(editor("blank")).toBeChecked();
    expect(".page textarea").toHaveValue("A page");
});

test("a blank page takes the place of the email", async () => {
    await mountMailing(FORM, PAGE);
    await contains("button:contains(Start from a blank page)").click();
    await contains(".modal button:contains(Start from a blank page)").click();
    expect(way("blank")).toBeChecked();
    expect(".page textarea").toHaveValue("");
    await contains(".o_form_button_save").click();
    const [mailing] = MockServer.env["mailjet.mailing"].browse([1]);
    expect(mailing.template_name).toBe(false);
});

test("a mailing that is sent is not composed again", async () => {
    const form = FORM.replace("mailjet_composition", 'mailjet_composition" readonly="1');
    await mountMailing(form, PAGE);
    expect(".o_mailjet_editor_choice input:disabled").toHaveCount(2);
    expect(".o_mailjet_made_from").toHaveCount(1);
    expect(".o_field_mailjet_composition button").toHaveCount(0);
});
