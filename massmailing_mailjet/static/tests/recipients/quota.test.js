import { expect, test } from "@odoo/hoot";
import { queryAll } from "@odoo/hoot-dom";

import { defineMailing, mountMailing } from "../mailing";

defineMailing();

const FORM = `<form><widget name="mailjet_quota"/></form>`;
const widths = () => queryAll(".progress-bar").map((bar) => bar.style.width);

test("a mailing has its share of what is left this month", async () => {
    await mountMailing(FORM, {
        monthly_limit: 6000,
        sent_this_month: 600,
        remaining_this_month: 5400,
        planned_count: 1200,
    });
    expect(widths()).toEqual(["10%", "20%"]);
    expect(".o_mailjet_quota").toHaveText("This mailing needs 1,200 of the remaining 5,400.");
    expect(".o_over").toHaveCount(0);
});

test("what goes beyond the limit is said, and not only by its color", async () => {
    await mountMailing(FORM, {
        monthly_limit: 1000,
        sent_this_month: 900,
        remaining_this_month: 100,
        planned_count: 150,
    });
    expect(widths()).toEqual(["90%", "10%"]);
    expect(".o_over .bg-danger").toHaveCount(1);
    expect(".o_over").toHaveText("Over the limit by 50: this mailing needs 150.");
});
