import { expect, test } from "@odoo/hoot";
import { press, queryAllTexts, waitFor, waitUntil } from "@odoo/hoot-dom";
import { animationFrame, runAllTimers } from "@odoo/hoot-mock";
import { setupEditor } from "@html_editor/../tests/_helpers/editor";
import { insertText } from "@html_editor/../tests/_helpers/user_actions";
import { MAIN_PLUGINS } from "@html_editor/plugin_sets";
import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import { contains, onRpc } from "@web/../tests/web_test_helpers";

import { MailjetVariablePlugin } from "@massmailing_mailjet/composition/html_field/variable_plugin";
import { chooseFileNext } from "../mailing";

defineMailModels();

const CITY = { token: "$contacts-city$", label: "Contact's city", fallback: "" };
const FIRST = { token: "$contacts-firstname$", label: "Contact's first name", fallback: "" };
const TITLE = { token: "$leads-name$", label: "Lead's title", fallback: "" };
const VARIABLES = [
    { label: "Contacts", is_empty: false, variables: [FIRST, CITY] },
    { label: "Leads", is_empty: true, variables: [TITLE] },
];
const MAILJET = { variables: VARIABLES, getRecipientType: () => "account" };

/** Open the editor of a mailing, or of something else, and its menu with "/variable". */
async function openMenu(text, mailjet) {
    const { editor, el } = await setupEditor("<p>Hello []</p>", {
        config: { Plugins: [...MAIN_PLUGINS, MailjetVariablePlugin], mailjet },
    });
    await insertText(editor, text);
    await animationFrame();
    return { editor, el };
}

const commands = () => queryAllTexts(".o-we-command-name");

test("each variable with values has an entry in the menu, before all others", async () => {
    await openMenu("/", MAILJET);
    expect(queryAllTexts(".o-we-category")[0]).toBe("VARIABLES");
    expect(commands().slice(0, 3)).toEqual(["Variable", FIRST.label, CITY.label]);
    expect(commands()).not.toInclude(TITLE.label);
});

test("a variable is found by its name and inserted at once", async () => {
    const { editor, el } = await openMenu("/first", MAILJET);
    expect(commands()[0]).toBe(FIRST.label);
    await press("Enter");
    await animationFrame();
    expect(el).toHaveText("Hello $contacts-firstname$");
    await insertText(editor, "!");
    expect(el).toHaveText("Hello $contacts-firstname$!");
});

test("a variable is chosen from the list that the menu opens", async () => {
    onRpc("mailjet.variable", "get_picker_groups", ({ args }) => {
        expect.step(`variables of ${args}`);
        return [{ label: "Contacts", is_empty: false, variables: [CITY] }];
    });
    const { editor, el } = await openMenu("/variable", MAILJET);
    expect(commands()[0]).toBe("Variable");
    await press("Enter");
    await waitFor(".o_mailjet_variable_picker");
    expect.verifySteps(["variables of account"]);
    await contains(".o_mailjet_variable_picker button:contains(Insert)").click();
    await animationFrame();
    expect(el).toHaveText("Hello $contacts-city$");
    expect(".o_mailjet_variable_picker").toHaveCount(0);
    await insertText(editor, "!");
    editor.shared.history.undo();
    expect(el).toHaveText("Hello $contacts-city$");
});

test("a link to a file is inserted from the menu", async () => {
    chooseFileNext(new File(["prices"], "prices.pdf"));
    const { el } = await openMenu("/link", {
        ...MAILJET,
        hostFile: async ({ name }) => ({
            url: "https://www.example.com/f",
            name,
            size: "2 kB",
        }),
    });
    await contains(".o-we-command:contains(Link to a file)").click();
    await waitUntil(() => el.querySelector("a"));
    expect(el.querySelector("a")).toHaveAttribute("href", "https://www.example.com/f");
    expect(el.querySelector("a")).toHaveText(/prices\.pdf \(2 kB\)/);
});

test("without a file the text stays as it is", async () => {
    chooseFileNext(null);
    const { el } = await openMenu("/link", MAILJET);
    await contains(".o-we-command:contains(Link to a file)").click();
    await runAllTimers();
    await animationFrame();
    expect(el.querySelector("a")).toBe(null);
});

test("the editors of others know no variables of ours", async () => {
    await openMenu("/variable", undefined);
    expect(".o-we-command-name:contains(Variable)").toHaveCount(0);
});
