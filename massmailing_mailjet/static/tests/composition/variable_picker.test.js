import { beforeEach, expect, test } from "@odoo/hoot";
import { edit, press, queryAllTexts, queryOne } from "@odoo/hoot-dom";
import { animationFrame, runAllTimers } from "@odoo/hoot-mock";
import { contains, mountWithCleanup, onRpc } from "@web/../tests/web_test_helpers";

import { VariablePicker } from "@massmailing_mailjet/composition/variables/variable_picker";
import { defineMailing, mountMailing } from "../mailing";

defineMailing();

const FIRST = { token: "$contacts-firstname$", label: "First name", fallback: "" };
const CITY = { token: "$contacts-city$", label: "Cité", fallback: "" };
const TITLE = { token: "$leads-title$", label: "Title", fallback: "" };

beforeEach(() => {
    onRpc("mailjet.variable", "get_picker_groups", ({ args }) => {
        expect.step(`variables of ${args}`);
        return [
            { label: "Contacts", is_empty: false, variables: [FIRST, CITY] },
            { label: "Leads", is_empty: true, variables: [TITLE] },
        ];
    });
});

async function mountPicker(props) {
    await mountWithCleanup(VariablePicker, {
        props: {
            close: () => expect.step("closed"),
            onSelect: (token) => expect.step(token),
            ...props,
        },
    });
    const steps = [`variables of ${props?.recipientType || "target"}`];
    expect.verifySteps(steps);
}

const tokens = () => queryAllTexts(".o_mailjet_variable code");

async function search(text) {
    await contains("input[role=combobox]").edit(text, { confirm: false });
}

test("groups whose values the recipients do not have say so", async () => {
    await mountPicker({ recipientType: "contact" });
    expect(tokens()).toEqual([FIRST.token, CITY.token, TITLE.token]);
    expect("[role=group]:eq(0)").not.toHaveText(/always empty/);
    expect("[role=group]:eq(1)").toHaveText(/^Leads – always empty for these recipients/);
});

test("words are looked for in labels, names and groups, whatever the accents", async () => {
    await mountPicker();
    await search("cite");
    expect(tokens()).toEqual([CITY.token]);
    await search("contact NAME");
    expect(tokens()).toEqual([FIRST.token]);
    await search("leads");
    expect(tokens()).toEqual([TITLE.token]);
});

test("what does not exist cannot be inserted", async () => {
    await mountPicker();
    await search("nothing");
    expect(".o_mailjet_variable_picker").toHaveText(/No variable has this name/);
    expect("button:contains(Insert)").toHaveCount(0);
    await press("Enter");
    expect.verifySteps([]);
});

test("arrows go round the list, Enter inserts", async () => {
    await mountPicker();
    await contains("input[role=combobox]").focus();
    await press("ArrowUp");
    await animationFrame();
    expect("[aria-selected=true]").toHaveText(/Title/);
    await press("ArrowDown");
    await press("ArrowDown");
    await animationFrame();
    expect("[aria-selected=true]").toHaveText(/Cité/);
    await press("Enter");
    expect.verifySteps([CITY.token, "closed"]);
});

test("Escape closes and inserts nothing", async () => {
    await mountPicker();
    await contains("input[role=combobox]").focus();
    await press("Escape");
    expect.verifySteps(["closed"]);
});

test("a click chooses, and the fallback text is written next", async () => {
    await mountPicker();
    await contains(".o_mailjet_variable:contains(Cité)").click();
    expect(".o_mailjet_variable_fallback").toBeFocused();
    await edit("your town");
    await contains("button:contains(Insert)").click();
    expect.verifySteps(["$contacts-city|your town$", "closed"]);
});

test("what would end the variable is taken out of the fallback text", async () => {
    await mountPicker();
    await contains(".o_mailjet_variable_fallback").edit(" a|b$ {c} ", { confirm: false });
    await contains("button:contains(Insert)").click();
    expect.verifySteps(["$contacts-firstname|a b   c$", "closed"]);
});

test("in a line of text a variable goes where the cursor was", async () => {
    await mountMailing(
        `<form>
            <field name="recipient_type" invisible="1"/>
            <field name="subject" widget="mailjet_variable_char"/>
        </form>`,
        { subject: "Hello , news", recipient_type: "lead" }
    );
    await contains("[name=subject] input").focus();
    queryOne("[name=subject] input").setSelectionRange(6, 6);
    await contains("[name=subject] .o_mailjet_variable_button").click();
    await press("Enter");
    await runAllTimers();
    expect("[name=subject] input").toHaveValue("Hello $contacts-firstname$, news");
    expect("[name=subject] input").toBeFocused();
    expect.verifySteps(["variables of lead"]);
});

test("a space that was typed before the variable stays", async () => {
    await mountMailing(
        `<form><field name="subject" widget="mailjet_variable_char"/>
            <field name="recipient_type" invisible="1"/></form>`,
        { subject: "" }
    );
    await contains("[name=subject] input").edit("Hello ", { confirm: false });
    await contains("[name=subject] .o_mailjet_variable_button").click();
    await press("Enter");
    await runAllTimers();
    expect("[name=subject] input").toHaveValue("Hello $contacts-firstname$");
    expect.verifySteps(["variables of target"]);
});

test("emojis are offered beside the variables", async () => {
    await mountMailing(
        `<form><field name="subject" widget="mailjet_variable_char"/></form>`,
        { subject: "News" }
    );
    expect("[name=subject] .o_mail_emojis_buttons button").toHaveCount(1);
    expect("[name=subject] .o_mailjet_variable_button").toHaveCount(1);
});
