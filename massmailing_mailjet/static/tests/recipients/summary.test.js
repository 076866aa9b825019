import { expect, test } from "@odoo/hoot";
import { queryAllTexts } from "@odoo/hoot-dom";
import { contains, mockService, onRpc } from "@web/../tests/web_test_helpers";

import { defineMailing, mountMailing } from "../mailing";

defineMailing();

const FORM = `<form><widget name="mailjet_summary"/></form>`;

test("the emails planned are a sum that adds up, without what is zero", async () => {
    await mountMailing(FORM, {
        recipient_count: 1204,
        invalid_count: 2,
        duplicate_count: 1,
        unsubscribed_count: 1,
        planned_count: 1200,
    });
    expect(queryAllTexts(".o_mailjet_summary > *")).toEqual([
        "1,204\nRecipients loaded",
        "−\n2\nInvalid emails",
        "−\n1\nDuplicate emails",
        "−\n1\nUnsubscribed emails",
        "=\n1,200\nEmails planned for this mailing",
    ]);
});

test("each term opens its rows", async () => {
    onRpc("mailjet.mailing", "action_view_recipients", ({ args, kwargs }) => {
        expect.step([args[0], kwargs.context.count]);
        return { type: "ir.actions.client", tag: "rows" };
    });
    mockService("action", { doAction: ({ tag }) => expect.step(tag) });
    await mountMailing(FORM, { recipient_count: 3, invalid_count: 3 });
    await contains("[data-figure=invalid_count]").click();
    expect.verifySteps([[[1], "invalid_count"], "rows"]);
});
