import { expect, test } from "@odoo/hoot";
import { queryAllTexts } from "@odoo/hoot-dom";
import { animationFrame } from "@odoo/hoot-mock";
import { contains, mockService, onRpc } from "@web/../tests/web_test_helpers";

import { allowClosedFrames, defineMailing, mountMailing } from "../mailing";

defineMailing();
allowClosedFrames();

const VALUES = {
    planned_count: [200, false],
    sent_count: [200, 1],
    delivered_count: [150, 0.75],
    opened_count: [50, 1 / 3],
    clicked_count: [10, 1 / 15],
};

test("a sent mailing shows what came of it, and its email", async () => {
    onRpc("mailjet.mailing", "get_results", () => ({
        kpis: Object.entries(VALUES).map(([name, [value, ratio]]) => ({
            name,
            value,
            ratio,
            label: name.replace("_count", ""),
            help: "",
        })),
        html: "<p>Hello</p>",
    }));
    onRpc("mailjet.mailing", "action_open_recipients", ({ args }) => {
        expect.step(args);
        return { type: "ir.actions.client", tag: "people" };
    });
    mockService("action", { doAction: ({ tag }) => expect.step(tag) });
    await mountMailing(`<form><widget name="mailjet_results"/></form>`, { state: "done" });
    await animationFrame();
    expect(queryAllTexts(".o_mailjet_funnel_step")).toEqual([
        "planned\n200",
        "sent\n200100%",
        "delivered\n15075%",
        "opened\n5033.3%",
        "clicked\n106.7%",
    ]);
    expect(".o_mailjet_funnel_step:eq(2) .o_mailjet_bar > span").toHaveAttribute(
        "style",
        "width: 75%"
    );
    expect(".o_mailjet_picture iframe").toHaveAttribute("srcdoc", /<p>Hello<\/p>$/);
    await contains("[data-kpi=opened_count]").click();
    expect.verifySteps([[[1], "opened_count"], "people"]);
});
