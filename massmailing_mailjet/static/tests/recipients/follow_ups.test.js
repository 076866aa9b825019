import { expect, test } from "@odoo/hoot";
import { queryAllTexts } from "@odoo/hoot-dom";
import { animationFrame } from "@odoo/hoot-mock";
import { contains, mockService, onRpc } from "@web/../tests/web_test_helpers";

import { defineMailing, mountMailing } from "../mailing";

defineMailing();

const FORM = `<form><header><widget name="mailjet_follow_ups"/></header></form>`;

test("a follow-up is offered with its number, if it has anyone to go to", async () => {
    onRpc("mailjet.mailing", "get_follow_up_counts", () => ({ remaining: 0, reminder: 1200 }));
    onRpc("mailjet.mailing", "action_resend", ({ args }) => {
        expect.step(args[0]);
        return { type: "ir.actions.client", tag: "reminder" };
    });
    mockService("action", { doAction: ({ tag }) => expect.step(tag) });
    await mountMailing(FORM, { state: "done" });
    await animationFrame();
    expect(queryAllTexts(".o_statusbar_buttons button")).toEqual([
        "Resend to non-openers (1,200)",
    ]);
    await contains("[data-kind=reminder]").click();
    expect.verifySteps([[1], "reminder"]);
});
