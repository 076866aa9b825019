import { describe, expect, test } from "@odoo/hoot";
import { queryAllAttributes } from "@odoo/hoot-dom";
import { setupEditor } from "@html_editor/../tests/_helpers/editor";
import { bold, deleteBackward, insertText, pasteHtml, undo } from "@html_editor/../tests/_helpers/user_actions";
import { MAIN_PLUGINS } from "@html_editor/plugin_sets";
import { defineMailModels } from "@mail/../tests/mail_test_helpers";

import { MailjetVariableChipPlugin } from "@massmailing_mailjet/composition/html_field/variable_chip_plugin";
import { findVariables, getLabels } from "@massmailing_mailjet/composition/variables/variable_tokens";

defineMailModels();

const VARIABLES = [
    {
        label: "Contacts",
        is_empty: false,
        variables: [
            { token: "$contacts-city$", label: "City", fallback: "" },
            { token: "$contacts-firstname$", label: "First name", fallback: "" },
        ],
    },
];
const LABELS = getLabels(VARIABLES);

async function openEditor(content, mailjet = { variables: VARIABLES }) {
    const { editor, el } = await setupEditor(content, {
        config: { Plugins: [...MAIN_PLUGINS, MailjetVariableChipPlugin], mailjet },
    });
    return { editor, el };
}

const labels = () => queryAllAttributes(".o_mailjet_chip", "data-label");

describe("variables in a text", () => {
    const find = (text) => findVariables(text, LABELS);

    test("are found with their places and names", () => {
        expect(find("Dear $contacts-firstname$ of $contacts-city$")).toEqual([
            { start: 5, end: 25, label: "First name" },
            { start: 29, end: 44, label: "City" },
        ]);
    });

    test("may have a fallback text, on several lines too", () => {
        expect(find("$contacts-city|your\ntown$").map(({ end }) => end)).toEqual([25]);
        expect(find("$contacts-city|your\n\ntown$")).toEqual([]);
        expect(find("$contacts-city|$")[0].label).toBe("City");
    });

    test("are none if nobody knows them, or if they are not complete", () => {
        expect(find("$contacts-town$ $contacts-city $5 a $ contacts-city $")).toEqual([]);
    });
});

test("variables are shown by their names and saved as they are written", async () => {
    const html = `<p>Dear $contacts-firstname|reader$ in <b>$contacts-city$</b>, $5</p>`;
    const { editor } = await openEditor(html);
    expect(labels()).toEqual(["First name or “reader”", "City"]);
    expect(".o_mailjet_chip:eq(0)").toHaveAttribute("contenteditable", "false");
    expect(".o_mailjet_chip:eq(0)").toHaveAttribute("title", "$contacts-firstname|reader$");
    expect(editor.getContent()).toBe(html);
});

test("variables in attributes and in styles are no chips", async () => {
    const html =
        `<p><a href="https://example.com/?c=$contacts-city$" title="$contacts-city$">a</a></p>` +
        `<div><style>/* $contacts-city$ */</style></div>`;
    const { editor } = await openEditor(html);
    expect(labels()).toEqual([]);
    expect(editor.getContent()).toBe(html);
});

test("a variable becomes a chip as its last sign is typed, and writing goes on", async () => {
    const { editor } = await openEditor("<p>Dear []</p>");
    await insertText(editor, "$contacts-firstname");
    expect(labels()).toEqual([]);
    await insertText(editor, "$, how are you?");
    expect(labels()).toEqual(["First name"]);
    expect(editor.getContent()).toBe("<p>Dear $contacts-firstname$, how are you?</p>");
});

test("typing a variable is undone and done again", async () => {
    const { editor } = await openEditor("<p>Dear []</p>");
    await insertText(editor, "$contacts-city$");
    undo(editor);
    expect(labels()).toEqual([]);
    expect(editor.getContent()).toBe("<p>Dear $contacts-city</p>");
    editor.shared.history.redo();
    expect(labels()).toEqual(["City"]);
    expect(editor.getContent()).toBe("<p>Dear $contacts-city$</p>");
});

test("a chip is deleted as a whole", async () => {
    const { editor } = await openEditor("<p>Dear $contacts-city$[] you</p>");
    deleteBackward(editor);
    expect(labels()).toEqual([]);
    expect(editor.getContent()).toBe("<p>Dear &nbsp;you</p>");
});

test("variables that are pasted become chips", async () => {
    const { editor } = await openEditor("<p>a[]b</p>");
    pasteHtml(editor, "<b>$contacts-city$</b>");
    expect(labels()).toEqual(["City"]);
    expect(editor.getContent()).toBe("<p>a<b>$contacts-city$</b>b</p>");
});

test("what is copied has no chips", async () => {
    const { el } = await openEditor("<p>[Dear $contacts-city$!]</p>");
    const clipboardData = new DataTransfer();
    el.dispatchEvent(new ClipboardEvent("copy", { clipboardData, bubbles: true }));
    expect(clipboardData.getData("text/plain")).toBe("Dear $contacts-city$!");
    expect(clipboardData.getData("text/html")).toMatch(/Dear \$contacts-city\$!/);
});

test("a variable takes the format of its text", async () => {
    const { editor } = await openEditor("<p>[Dear $contacts-city$!]</p>");
    bold(editor);
    expect(labels()).toEqual(["City"]);
    expect(editor.getContent()).toBe("<p><strong>Dear $contacts-city$!</strong></p>");
});

test("the editors of others show no chips", async () => {
    const { editor } = await openEditor("<p>$contacts-city$</p>", null);
    expect(labels()).toEqual([]);
    expect(editor.getContent()).toBe("<p>$contacts-city$</p>");
});
