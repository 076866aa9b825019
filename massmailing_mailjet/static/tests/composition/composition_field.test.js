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

test("the three ways, and the one that is taken", async () => {
    await mountMailing(FORM, { composition: "html" });
    expect(queryAllTexts(".o_mailjet_way .fw-bold")).toEqual([
        "Template",
        "Blank page",
        "HTML code",
    ]);
    expect(".o_mailjet_way.active .fw-bold").toHaveText("HTML code");
    expect(way("html")).toBeChecked();
});

test("another way is taken, and each editor keeps what it holds", async () => {
    await mountMailing(FORM, PAGE);
    await contains(way("html")).click();
    expect(".o_mailjet_way.active .fw-bold").toHaveText("HTML code");
    expect(".page textarea").toHaveValue("A page");
});

test("a page that was made from a template says so, and can be another", async () => {
    onRpc("mailjet.gallery", "get_cards", () => ({ cards: [], more: false }));
    await mountMailing(FORM, PAGE);
    expect(".o_mailjet_made_from").toHaveText("Based on “Autumn”.");
    await contains("button:contains(Choose another template)").click();
    expect(".modal-title").toHaveText("Templates");
});

test("a template without a page is chosen, once the form is saved", async () => {
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
    await contains(way("blank")).click();
    expect(".modal-title").toHaveText("Start from a blank page?");
    await contains(".modal button:contains(Keep the email)").click();
    expect(way("template")).toBeChecked();
    expect(".page textarea").toHaveValue("A page");
});

test("a blank page takes the place of the email", async () => {
    await mountMailing(FORM, PAGE);
    await contains(way("blank")).click();
    await contains(".modal button:contains(Start from a blank page)").click();
    expect(way("blank")).toBeChecked();
    expect(".page textarea").toHaveValue("");
    expect(".o_mailjet_made_from").toHaveCount(0);
    await contains(".o_form_button_save").click();
    const [mailing] = MockServer.env["mailjet.mailing"].browse([1]);
    expect(mailing.template_name).toBe(false);
});

test("a blank page does not ask when nothing is lost", async () => {
    await mountMailing(FORM, { composition: "template" });
    await contains(way("blank")).click();
    expect(".modal").toHaveCount(0);
    expect(way("blank")).toBeChecked();
});

test("a mailing that is sent is not composed again", async () => {
    const form = FORM.replace("mailjet_composition", 'mailjet_composition" readonly="1');
    await mountMailing(form, PAGE);
    expect(".o_mailjet_way input:disabled").toHaveCount(3);
    expect("button:contains(Choose another template)").toHaveCount(0);
});
