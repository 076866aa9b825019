import { expect, test } from "@odoo/hoot";
import { queryAllTexts } from "@odoo/hoot-dom";
import { contains, mockService, onRpc } from "@web/../tests/web_test_helpers";

import { defineMailing, mountMailing } from "../mailing";

defineMailing();

const FORM = `<form><widget name="mailjet_senders"/></form>`;
const ROWS = [
    { name: "Sam", sender: "Sam <sam@example.com>", reply_to: "sam@example.com", count: 1200 },
    { name: "Tom", sender: "News <news@example.com>", reply_to: "tom@example.net", count: 3 },
];

/** Have the server answer with these senders, and say when it is asked. */
function answer(senders) {
    onRpc("mailjet.mailing", "get_senders", () => {
        expect.step("count");
        return { rows: ROWS, notes: [], action: false, ...senders };
    });
}

test("emails are counted by sender each time that they are asked for", async () => {
    answer({ notes: ["3 emails come from the mailing's own sender."] });
    await mountMailing(FORM, {});
    expect.verifySteps([]);
    expect(".o_mailjet_senders table").toHaveCount(0);
    await contains(".o_mailjet_senders button").click();
    expect.verifySteps(["count"]);
    expect(queryAllTexts("tbody td")).toEqual([
        "Sam\nSam <sam@example.com>",
        "1,200",
        "Tom\nNews <news@example.com>\nReplies go to tom@example.net",
        "3",
    ]);
    expect(".o_mailjet_senders p").toHaveText("3 emails come from the mailing's own sender.");
    expect(".o_mailjet_open_account").toHaveCount(0);
    await contains("[aria-expanded=true]").click();
    expect(".o_mailjet_senders table").toHaveCount(0);
    await contains("[aria-expanded=false]").click();
    expect.verifySteps(["count"]);
});

test("whoever may change the account gets to its senders", async () => {
    answer({ action: { res_model: "mailjet.account" } });
    mockService("action", {
        doAction: (action) => expect.step(action.res_model),
    });
    await mountMailing(FORM, {});
    await contains(".o_mailjet_senders button").click();
    await contains(".o_mailjet_open_account").click();
    expect.verifySteps(["count", "mailjet.account"]);
});
