import { expect, test } from "@odoo/hoot";
import { waitFor } from "@odoo/hoot-dom";
import { contains, onRpc, patchWithCleanup } from "@web/../tests/web_test_helpers";
import { browser } from "@web/core/browser/browser";
import { session } from "@web/session";

import { makeFileLink } from "@massmailing_mailjet/composition/upload/file_link";
import { chooseFileNext, defineMailing, mountMailing } from "../mailing";

defineMailing();

const FORM = `<form><field name="subject"/><widget name="mailjet_file_link"/></form>`;
const HOSTED = { url: "https://www.example.com/f", name: "prices.pdf", size: "2 kB" };

/** Note what is handed to the server, which hosts it. */
function hostFiles() {
    onRpc("mailjet.html.import", "host_file", ({ args: [mailing, name, data] }) => {
        expect.step(`${mailing} ${name} ${atob(data)}`);
        return HOSTED;
    });
}

const BUTTON = "button:contains(Insert a link to a file)";

test("a link says the name and the size of its file", () => {
    const link = makeFileLink({ ...HOSTED, name: "a <b>.pdf" });
    expect(link).toHaveAttribute("href", "https://www.example.com/f");
    expect(link).toHaveText("a <b>.pdf (2 kB)");
    expect(link.children).toHaveLength(0);
});

test("the address of a hosted file is copied", async () => {
    patchWithCleanup(browser.navigator.clipboard, {
        writeText: async (text) => expect.step(`copied ${text}`),
    });
    hostFiles();
    chooseFileNext(new File(["prices"], "prices.pdf"));
    await mountMailing(FORM, {});
    await contains(BUTTON).click();
    await waitFor(".o_notification");
    expect.verifySteps(["1 prices.pdf prices", "copied https://www.example.com/f"]);
    expect(".o_notification").toHaveText(/prices\.pdf \(2 kB\) is copied/);
});

test("where nothing can be copied the address is shown", async () => {
    patchWithCleanup(browser.navigator.clipboard, {
        writeText: () => Promise.reject(new Error("not allowed")),
    });
    hostFiles();
    chooseFileNext(new File(["prices"], "prices.pdf"));
    await mountMailing(FORM, {});
    await contains(BUTTON).click();
    await waitFor(".o_notification");
    expect.verifySteps(["1 prices.pdf prices"]);
    expect(".o_notification").toHaveText(/https:\/\/www\.example\.com\/f/);
    expect(".o_notification").not.toHaveText(/copied/);
});

test("a new mailing is saved first", async () => {
    hostFiles();
    onRpc("mailjet.mailing", "web_save", () => expect.step("saved"));
    chooseFileNext(new File(["prices"], "prices.pdf"));
    await mountMailing(FORM);
    await contains("[name=subject] input").edit("News");
    await contains(BUTTON).click();
    await waitFor(".o_notification");
    expect.verifySteps(["saved", "1 prices.pdf prices"]);
});

test("a mailing that cannot be saved hosts no file", async () => {
    hostFiles();
    chooseFileNext(new File(["prices"], "prices.pdf"));
    await mountMailing(FORM);
    await contains(BUTTON).click();
    await waitFor("[name=subject].o_field_invalid");
    await waitFor(`${BUTTON}:enabled`);
    expect.verifySteps([]);
});

test("a file that is too large is not uploaded", async () => {
    patchWithCleanup(session, { max_file_upload_size: 5 });
    hostFiles();
    chooseFileNext(new File(["prices"], "prices.pdf"));
    await mountMailing(FORM, {});
    await contains(BUTTON).click();
    expect(".o_notification").toHaveText(/larger than the maximum/);
    expect.verifySteps([]);
});
