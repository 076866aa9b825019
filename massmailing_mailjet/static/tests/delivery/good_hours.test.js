/* global luxon */

import { expect, test } from "@odoo/hoot";
import { queryAllTexts } from "@odoo/hoot-dom";
import { mockDate, mockTimeZone } from "@odoo/hoot-mock";
import { contains, makeMockEnv } from "@web/../tests/web_test_helpers";

import { getGoodHours } from "@massmailing_mailjet/delivery/good_hours/good_hours";
import { defineMailing, mountMailing } from "../mailing";

defineMailing();

const { DateTime } = luxon;
const say = (now) =>
    getGoodHours(DateTime.fromISO(now)).map(([date]) => date.toFormat("ccc d HH:mm"));

test("good hours are ahead, and the soonest weekday is first", () => {
    // A Wednesday.
    expect(say("2026-03-04T08:00:00")).toEqual([
        "Wed 4 14:00",
        "Thu 5 09:00",
        "Thu 5 10:00",
        "Tue 10 10:00",
    ]);
    expect(say("2026-03-04T14:00:00")).toEqual(["Thu 5 09:00", "Thu 5 10:00", "Tue 10 10:00"]);
    // On a Tuesday the next one is a week ahead.
    expect(say("2026-03-10T15:00:00")).toEqual([
        "Wed 11 09:00",
        "Thu 12 10:00",
        "Tue 17 10:00",
    ]);
});

test("the label begins with a capital letter in every language", async () => {
    await makeMockEnv();
    const now = DateTime.fromISO("2026-03-04T20:00:00", { locale: "fr" });
    const labels = getGoodHours(now).map(([, label]) => String(label));
    expect(labels.slice(-2)).toEqual(["Jeudi, 10:00", "Mardi, 10:00"]);
});

test("one click chooses an hour of the user's time zone, without seconds", async () => {
    mockTimeZone("Europe/Brussels");
    mockDate("2026-03-04 15:20:30", 1);
    await mountMailing(
        `<form><widget name="mailjet_good_hours"/><field name="schedule_date"/></form>`,
        { schedule_date: "2026-03-04 16:00:00" }
    );
    expect(queryAllTexts(".o_widget button")).toEqual([
        "Tomorrow, 9:00 AM",
        "Thursday, 10:00 AM",
        "Tuesday, 10:00 AM",
    ]);
    expect(".o_widget .active").toHaveCount(0);
    await contains(".o_widget button:contains(Tuesday)").click();
    expect(".o_widget .active").toHaveText("Tuesday, 10:00 AM");
    expect(".o_field_widget[name=schedule_date]").toHaveText(/Mar 10.* 10:00/);
});
