/* global ace */

import { beforeEach, expect, test } from "@odoo/hoot";
import { press, queryOne, waitFor, waitUntil } from "@odoo/hoot-dom";
import { advanceTime, animationFrame, runAllTimers } from "@odoo/hoot-mock";
import {
    clickSave,
    contains,
    onRpc,
    preloadBundle,
    preventResizeObserverError,
} from "@web/../tests/web_test_helpers";

import { allowClosedFrames, chooseFileNext, defineMailing, mountMailing } from "../mailing";

defineMailing();
allowClosedFrames();
preloadBundle("web.ace_lib");
preventResizeObserverError();

const FORM = `
    <form>
        <field name="recipient_type" invisible="1"/>
        <field name="body_code" widget="mailjet_html_code" options="{'mode': 'xml'}"/>
    </form>`;
const CATALOGUE = [
    {
        label: "Contacts",
        is_empty: false,
        variables: [{ token: "$contacts-city$", label: "City", fallback: "" }],
    },
];
const FILE = new File(["<p>New</p>"], "autumn.html", { type: "text/html" });

const getEditor = () => ace.edit(queryOne(".ace_editor"));
const getPreview = () => queryOne(".o_mailjet_html_frame iframe").srcdoc;

beforeEach(() => {
    onRpc("mailjet.variable", "get_picker_groups", ({ args }) => {
        expect.step(`variables of ${args}`);
        return CATALOGUE;
    });
});

/** Have the server read the next file that is uploaded. */
function readFileAs(answer) {
    onRpc("mailjet.html.import", "read_file", ({ args: [mailing, name, data] }) => {
        expect.step(`${mailing} ${name} ${atob(data)}`);
        return answer;
    });
}

const UPLOAD = "button:contains(Upload HTML or a zip file)";

test("an empty editor waits for code, and is left by the keyboard", async () => {
    await mountMailing(FORM, { body_code: false });
    expect(".ace_editor textarea").toBeFocused();
    // Escape, whose key code the tests' keyboard does not give to the editor.
    getEditor().execCommand("blurTextInput");
    expect(".ace_editor textarea").not.toBeFocused();
    expect(".ace_scroller").toHaveAttribute("tabindex", "0");
    expect(".ace_scroller").toHaveAttribute("aria-label", /Escape to leave/);
});

test("a tag that is half typed is shown", async () => {
    await mountMailing(FORM, { body_code: "<p>Old</" });
    getEditor().renderer.updateFull(true);
    expect(".ace_gutter-cell").toHaveCount(1);
    getEditor().session.doc.setValue("<p>a</p>\n</");
    getEditor().renderer.updateFull(true);
    expect(".ace_gutter-cell").toHaveCount(2);
});

test("the preview follows what is typed, a moment later", async () => {
    await mountMailing(FORM, { body_code: "<p>Old</p>" });
    expect(getPreview()).toBe('<base target="_blank"><p>Old</p>');
    getEditor().setValue("<p>New</p>");
    await advanceTime(200);
    expect(getPreview()).toMatch(/Old/);
    await advanceTime(100);
    await animationFrame();
    expect(getPreview()).toBe('<base target="_blank"><p>New</p>');
});

test("nothing runs in the preview", async () => {
    await mountMailing(FORM, { body_code: "<script>top.x = 1</script>" });
    expect(".o_mailjet_html_frame iframe").toHaveAttribute("sandbox", "");
});

test("a variable is inserted at the cursor", async () => {
    await mountMailing(FORM, { body_code: "<p></p>", recipient_type: "contact" });
    getEditor().gotoLine(1, 3);
    await contains(".o_mailjet_html_code .o_mailjet_variable_button").click();
    await press("Enter");
    await runAllTimers();
    expect(getEditor().getValue()).toBe("<p>$contacts-city$</p>");
    expect.verifySteps(["variables of contact"]);
});

test("tags are closed by whoever writes them", async () => {
    await mountMailing(FORM, {});
    getEditor().focus();
    getEditor().execCommand("insertstring", "<p>");
    getEditor().execCommand("insertstring", "</p>");
    expect(getEditor().getValue()).toBe("<p></p>");
});

test("a file fills an empty editor at once, and is saved", async () => {
    chooseFileNext(FILE);
    readFileAs({ html: "<p>New</p>", warning: "" });
    onRpc("mailjet.mailing", "web_save", ({ args }) => expect.step(args[1].body_code));
    await mountMailing(FORM, {});
    await contains(UPLOAD).click();
    await waitUntil(() => getEditor().getValue() === "<p>New</p>");
    expect(".modal").toHaveCount(0);
    await clickSave();
    await expect.waitForSteps(["1 autumn.html <p>New</p>", "<p>New</p>"]);
});

test("a file takes the place of other code only when that is meant", async () => {
    chooseFileNext(FILE);
    readFileAs({ html: "<p>New</p>", warning: "Two images are missing." });
    await mountMailing(FORM, { body_code: "<p>Old</p>" });
    await contains(UPLOAD).click();
    expect(".modal-body").toHaveText("The current code will be replaced with autumn.html.");
    await contains(".modal button.btn-secondary").click();
    expect(getEditor().getValue()).toBe("<p>Old</p>");
    expect.verifySteps([]);
    await contains(UPLOAD).click();
    await contains(".modal button:contains(Replace)").click();
    await waitFor(".o_notification");
    expect(getEditor().getValue()).toBe("<p>New</p>");
    expect(".o_notification").toHaveText("Two images are missing.");
    expect.verifySteps(["1 autumn.html <p>New</p>"]);
    getEditor().undo();
    expect(getEditor().getValue()).toBe("<p>Old</p>");
});

test("without a file nothing happens", async () => {
    chooseFileNext(null);
    await mountMailing(FORM, { body_code: "<p>Old</p>" });
    await contains(UPLOAD).click();
    await animationFrame();
    expect(".modal").toHaveCount(0);
    expect(getEditor().getValue()).toBe("<p>Old</p>");
});

test("a link to a file is inserted as code", async () => {
    chooseFileNext(new File(["x"], "price list.pdf"));
    onRpc("mailjet.html.import", "host_file", () => ({
        url: "https://www.example.com/f?a=1&b=2",
        name: "<price> list.pdf",
        size: "1 kB",
    }));
    await mountMailing(FORM, {});
    await contains("button:contains(Insert a link to a file)").click();
    await waitUntil(() => getEditor().getValue());
    expect(getEditor().getValue()).toBe(
        '<a href="https://www.example.com/f?a=1&amp;b=2">&lt;price&gt; list.pdf (1 kB)</a>'
    );
});

test("a mailing that is sent shows its code only", async () => {
    const form = FORM.replace("mailjet_html_code", 'mailjet_html_code" readonly="1');
    await mountMailing(form, { body_code: "<p>Old</p>" });
    expect(getEditor().getReadOnly()).toBe(true);
    expect(".o_mailjet_html_code button").toHaveCount(0);
});
