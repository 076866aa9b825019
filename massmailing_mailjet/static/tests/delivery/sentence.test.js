/* global luxon */

import { expect, test } from "@odoo/hoot";
import { mockDate, mockTimeZone } from "@odoo/hoot-mock";
import { serverState } from "@web/../tests/web_test_helpers";

import { defineMailing, mountMailing } from "../mailing";

defineMailing();

const widget = (sentence) =>
    `<widget name="mailjet_sentence" options="{'sentence': '${sentence}'}"/>`;
const form = (sentence) => `<form>${widget(sentence)}</form>`;

test("a date is in the time zone of the browser, which is named", async () => {
    mockTimeZone("Europe/Brussels");
    await mountMailing(form("scheduled"), { schedule_date: "2026-03-04 12:30:00" });
    expect(".o_widget").toHaveText(
        /^This mailing will be sent on .*1:30.* \(Europe\/Brussels, UTC\+0[12]:00\)\.$/
    );
});

test("each sentence tells its own date", async () => {
    mockTimeZone("Atlantic/Reykjavik");
    await mountMailing(
        `<form>
            <div class="late">${widget("late")}</div>
            <div class="withdrawing">${widget("withdrawing")}</div>
            <div class="rescheduled">${widget("rescheduled")}</div>
        </form>`,
        {
            schedule_date: "2026-03-04 10:00:00",
            mailjet_schedule_date: "2026-03-05 11:00:00",
            reschedule_date: "2026-03-06 12:00:00",
        }
    );
    expect(".late").toHaveText(/was due to be sent on .*4.* 10:00/);
    expect(".withdrawing").toHaveText(/may still be sent on .*5.* 11:00/);
    expect(".rescheduled").toHaveText(/prepared again for .*6.* 12:00/);
});

test("one recipient is a recipient, several are recipients", async () => {
    await mountMailing(form("sent"), { sent_date: "2026-03-04 12:30:00", sent_count: 1 });
    expect(".o_widget").toHaveText(/^Sent on .* to 1 recipient\.$/);
});

test("several recipients are counted", async () => {
    await mountMailing(form("sent"), { sent_date: "2026-03-04 12:30:00", sent_count: 2500 });
    expect(".o_widget").toHaveText(/^Sent on .* to 2,500 recipients\.$/);
});

test("what Mailjet refused is counted as the language does", async () => {
    serverState.lang = "fr_FR";
    await mountMailing(form("refused"), { failed_count: 0 });
    expect(".o_widget").toHaveText("Mailjet refused 0 recipient.");
});

test("summer and winter have their own offset", async () => {
    mockTimeZone("Europe/Brussels");
    mockDate("2026-07-01 12:00:00");
    await mountMailing(`<form><widget name="mailjet_time_zone"/></form>`, {});
    expect(".o_widget").toHaveText("(Europe/Brussels, UTC+02:00)");
});

test("in winter the offset is that of the winter", async () => {
    mockTimeZone("Europe/Brussels");
    mockDate("2026-01-15 12:00:00");
    await mountMailing(`<form><widget name="mailjet_time_zone"/></form>`, {});
    expect(".o_widget").toHaveText("(Europe/Brussels, UTC+01:00)");
});

test("UTC is named once", async () => {
    luxon.Settings.defaultZone = "utc";
    await mountMailing(`<form><widget name="mailjet_time_zone"/></form>`, {});
    expect(".o_widget").toHaveText("(UTC)");
});
