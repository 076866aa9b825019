/* global Chart, luxon */

import { expect, test } from "@odoo/hoot";
import { click, queryOne } from "@odoo/hoot-dom";
import { animationFrame } from "@odoo/hoot-mock";
import { contains, mountWithCleanup, preloadBundle } from "@web/../tests/web_test_helpers";
import { defineMailModels } from "@mail/../tests/mail_test_helpers";

import { MailjetTimeline } from "@massmailing_mailjet/reporting/statistics/timeline";

defineMailModels();
preloadBundle("web.chartjs_lib");

const TIMELINE = {
    hours: [
        { start: 0, end: 1, opened_count: 6, clicked_count: 2 },
        { start: 1, end: 2, opened_count: 3, clicked_count: 0 },
    ],
    days: [
        { start: 0, end: 24, opened_count: 9, clicked_count: 2 },
        { start: 24, end: null, opened_count: 1, clicked_count: 1 },
    ],
};

async function mountTimeline() {
    await mountWithCleanup(MailjetTimeline, {
        props: {
            timeline: TIMELINE,
            labels: { opened_count: "Opened", clicked_count: "Clicked" },
            sentDate: luxon.DateTime.fromISO("2026-03-04T08:00:00"),
            onPeople: (kpi, start, end) => expect.step([kpi, start, end]),
        },
    });
}

const getChart = () => Chart.getChart(queryOne("canvas"));

/** Click a bar of a series, `above` pixels over its end. */
async function clickBar(series, index, above = -2) {
    const bar = getChart().getDatasetMeta(series).data[index];
    await click("canvas", { position: { x: bar.x, y: bar.y - above }, relative: true });
    await animationFrame();
}

test("opens and clicks by the hour", async () => {
    await mountTimeline();
    const { labels, datasets } = getChart().data;
    expect(labels.map(String)).toEqual(["0 h", "1 h"]);
    expect(datasets.map(({ label, data }) => [label, data])).toEqual([
        ["Opened", [6, 3]],
        ["Clicked", [2, 0]],
    ]);
});

test("opens and clicks by the day, the last of which has no end", async () => {
    await mountTimeline();
    await contains("button:contains(By day)").click();
    const { labels, datasets } = getChart().data;
    expect(labels.map(String)).toEqual(["03/04/2026", "03/05/2026 and later"]);
    expect(datasets[0].data).toEqual([9, 1]);
    expect("button.active").toHaveText("By day");
});

test("a bar opens its recipients", async () => {
    await mountTimeline();
    await clickBar(0, 1);
    await clickBar(1, 0);
    expect.verifySteps([
        ["opened_count", 1, 2],
        ["clicked_count", 0, 1],
    ]);
});

test("above a bar its people are opened, too", async () => {
    await mountTimeline();
    await contains("button:contains(By day)").click();
    await clickBar(0, 1, 40);
    expect.verifySteps([["opened_count", 24, null]]);
});
