import { beforeEach, expect, test } from "@odoo/hoot";
import { queryAllTexts } from "@odoo/hoot-dom";
import { advanceTime, animationFrame, Deferred } from "@odoo/hoot-mock";
import {
    contains,
    getService,
    makeServerError,
    mountWithCleanup,
    onRpc,
} from "@web/../tests/web_test_helpers";

import { TemplateChooser } from "@massmailing_mailjet/composition/template_chooser/template_chooser";
import { allowClosedFrames, defineMailing } from "../mailing";

defineMailing();
allowClosedFrames();

const CARDS = {
    mailjet: [
        { id: 1, name: "Autumn", details: ["News"], date: "2026-03-04 12:00:00" },
        { id: 2, name: "Winter", details: [], date: false },
    ],
    crm: [{ id: 1, name: "Welcome", details: ["Contact"], date: false }],
    mailing: [],
};
const VISUAL = { name: "visual", replaced: false, remark: "" };
const HTML = { name: "html", replaced: true, remark: "Keeps every line." };

let preview;
beforeEach(() => {
    preview = {
        name: "Autumn",
        subject: "Our news",
        html: "<p>Leaves</p>",
        editors: [VISUAL],
        notes: [],
        refusal: "",
    };
    onRpc("mailjet.gallery", "get_cards", ({ args: [mailing, source], kwargs }) => {
        expect.step(["cards", mailing, source, kwargs.term, kwargs.offset]);
        const cards = CARDS[source].filter(({ name }) => name.includes(kwargs.term));
        return { cards, more: false };
    });
    onRpc("mailjet.gallery", "get_preview", () => preview);
});

/** Open the dialog; `expect.step` notes the first page of cards. */
async function openChooser() {
    await mountWithCleanup("<div/>");
    getService("dialog").add(TemplateChooser, {
        mailingId: 7,
        onUsed: (message) => expect.step(message),
    });
    await animationFrame();
    expect.verifySteps([["cards", 7, "mailjet", "", 0]]);
}

const names = () => queryAllTexts(".o_mailjet_template_card .fw-bold");

async function openCard(name) {
    await contains(`.o_mailjet_template_card:contains(${name})`).click();
    await animationFrame();
}

test("the templates with what tells them apart", async () => {
    await openChooser();
    expect(names()).toEqual(["Autumn", "Winter"]);
    expect(queryAllTexts(".o_mailjet_template_card .text-muted.small")).toEqual([
        "News\n03/04/2026",
        "",
    ]);
});

test("another source has other templates; only those of Mailjet can be refreshed", async () => {
    await openChooser();
    expect(".modal button:contains(Refresh)").toHaveCount(1);
    await contains("button:contains(CRM templates)").click();
    expect(names()).toEqual(["Welcome"]);
    expect(".modal button:contains(Refresh)").toHaveCount(0);
    await contains("button:contains(Our mailings)").click();
    expect(".o_mailjet_no_template").toHaveText(/^Click “Save as template” in a mailing/);
    expect.verifySteps([
        ["cards", 7, "crm", "", 0],
        ["cards", 7, "mailing", "", 0],
    ]);
});

test("names are looked for a moment after the last key", async () => {
    await openChooser();
    await contains("input[type=search]").edit("Wint", { confirm: false });
    expect.verifySteps([]);
    await advanceTime(250);
    await animationFrame();
    expect(names()).toEqual(["Winter"]);
    await contains("input[type=search]").edit("Spring", { confirm: false });
    await advanceTime(250);
    await animationFrame();
    expect(".o_mailjet_no_template").toHaveText("No template has this name.");
    expect.verifySteps([
        ["cards", 7, "mailjet", "Wint", 0],
        ["cards", 7, "mailjet", "Spring", 0],
    ]);
});

test("a slow answer does not take the place of a later one", async () => {
    await openChooser();
    const slow = new Deferred();
    onRpc("mailjet.gallery", "get_cards", ({ args }) =>
        args[1] === "crm" ? slow : { cards: CARDS.mailjet, more: false }
    );
    await contains("button:contains(CRM templates)").click();
    await contains("button:contains(Mailjet templates)").click();
    slow.resolve({ cards: CARDS.crm, more: false });
    await animationFrame();
    expect(names()).toEqual(["Autumn", "Winter"]);
});

test("more templates are added to those that are shown", async () => {
    onRpc("mailjet.gallery", "get_cards", ({ kwargs }) => {
        expect.step(["cards", 7, "mailjet", "", kwargs.offset]);
        const card = { ...CARDS.crm[0], id: 10 + kwargs.offset };
        return { cards: [card], more: kwargs.offset === 0 };
    });
    await openChooser();
    await contains("button:contains(Show more)").click();
    expect(names()).toEqual(["Welcome", "Welcome"]);
    expect("button:contains(Show more)").toHaveCount(0);
    expect.verifySteps([["cards", 7, "mailjet", "", 1]]);
});

test("a template is looked at, and left", async () => {
    await openChooser();
    await openCard("Autumn");
    expect(".modal-body h4").toHaveText("Autumn");
    expect(".modal-body").toHaveText(/Subject: Our news/);
    expect(".o_mailjet_html_frame iframe").toHaveAttribute("srcdoc", /<p>Leaves<\/p>$/);
    await contains("button:contains(Mobile)").click();
    expect(".o_mailjet_html_frame").toHaveClass("o_narrow");
    await contains("button:contains(Back to the templates)").click();
    expect(names()).toEqual(["Autumn", "Winter"]);
});

test("a template that cannot be shown says why and cannot be used", async () => {
    onRpc("mailjet.gallery", "get_preview", () => {
        throw makeServerError({ message: "Mailjet does not answer." });
    });
    await openChooser();
    await openCard("Autumn");
    expect(".alert-warning").toHaveText("Mailjet does not answer.");
    expect("button:contains(Use this template)").not.toBeEnabled();
});

test("a template is used where nothing is lost", async () => {
    onRpc("mailjet.gallery", "action_use_template", ({ args, kwargs }) => {
        expect.step([...args, kwargs.editor, kwargs.replace]);
        return "The template is in.";
    });
    await openChooser();
    await openCard("Autumn");
    await contains("button:contains(Use this template)").click();
    await animationFrame();
    expect.verifySteps([[7, "mailjet", 1, "visual", false], "The template is in."]);
    expect(".modal").toHaveCount(0);
});

test("a template is used without a look at it, unless that cannot be", async () => {
    onRpc("mailjet.gallery", "action_use_template", ({ args, kwargs }) => {
        expect.step([...args, kwargs.editor, kwargs.replace]);
        return "The template is in.";
    });
    const refusal = "Its language is not known.";
    onRpc("mailjet.gallery", "get_preview", ({ args: [, , id] }) =>
        id === 2 ? { ...preview, refusal } : preview
    );
    await openChooser();
    await contains(".o_mailjet_use:eq(1)").click();
    await animationFrame();
    expect(".modal .alert").toHaveText(refusal);
    await contains("button:contains(Back to the templates)").click();
    await contains(".o_mailjet_use:eq(0)").click();
    await animationFrame();
    expect.verifySteps([[7, "mailjet", 1, "visual", false], "The template is in."]);
    expect(".modal").toHaveCount(0);
});

test("an editor that holds an email is asked about, as it is chosen", async () => {
    preview.editors = [VISUAL, HTML];
    onRpc("mailjet.gallery", "action_use_template", ({ args, kwargs }) => {
        expect.step([...args, kwargs.editor, kwargs.replace]);
        return "The template is in.";
    });
    await openChooser();
    await openCard("Autumn");
    expect(queryAllTexts("fieldset label")).toEqual(["Visual editor", "HTML editor"]);
    await contains("fieldset input:eq(1)").click();
    await contains("button:contains(Use this template)").click();
    expect(".modal-title:contains(Replace the email?)").toHaveCount(1);
    await contains("button:contains(Keep it)").click();
    expect.verifySteps([]);
    await contains("button:contains(Use this template)").click();
    await contains("button:contains(Replace it)").click();
    await animationFrame();
    expect.verifySteps([[7, "mailjet", 1, "html", true], "The template is in."]);
});

test("a refresh asks Mailjet, and then for the cards", async () => {
    onRpc("mailjet.gallery", "action_refresh", ({ args }) => {
        expect.step(`refreshed for ${args}`);
        return true;
    });
    await openChooser();
    await contains(".modal button:contains(Refresh)").click();
    await animationFrame();
    expect.verifySteps(["refreshed for 7", ["cards", 7, "mailjet", "", 0]]);
});
