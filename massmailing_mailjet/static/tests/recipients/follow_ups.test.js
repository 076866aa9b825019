import { expect, test } from "@odoo/hoot";
import { queryAllTexts } from "@odoo/hoot-dom";
import { contains, mockService, onRpc } from "@web/../tests/web_test_helpers";

import { defineMailing, mountMailing } from "../mailing";

defineMailing();

const FORM = `<form><header><widget name="mailjet_follow_ups"/></header></form>`;

test("a follow-up is offered with its number, which is counted as the menu opens", async () => {
    onRpc("mailjet.mailing", "get_follow_up_counts", () => {
        expect.step("count");
        return { remaining: 0, reminder: 1200 };
    });
    mockService("action", {
        doActionButton: ({ name, resId }) => expect.step(`${name} of ${resId}`),
    });
    await mountMailing(FORM, { state: "done" });
    expect.verifySteps([]);
    await contains(".o_mailjet_follow_ups").click();
    expect(queryAllTexts(".o-dropdown-item")).toEqual([
        "Send to those not reached (0)",
        "Resend to non-openers (1,200)",
    ]);
    expect("[data-kind=remaining]").toHaveClass("disabled");
    await contains("[data-kind=reminder]").click();
    expect.verifySteps(["count", "action_resend of 1"]);
});

test("a reminder says that it is to measured recipients where others are not", async () => {
    onRpc("mailjet.mailing", "get_follow_up_counts", () => ({
        remaining: 0,
        reminder: 1,
        unmeasured: 2,
    }));
    await mountMailing(FORM, { state: "done" });
    await contains(".o_mailjet_follow_ups").click();
    expect("[data-kind=reminder]").toHaveText(
        "Resend to non-openers (1 of those who are measured)"
    );
});
