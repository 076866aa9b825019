import { beforeEach, expect, test } from "@odoo/hoot";
import { advanceTime, animationFrame, mockDate } from "@odoo/hoot-mock";
import { contains, onRpc } from "@web/../tests/web_test_helpers";

import { defineMailing, mountMailing } from "../mailing";

defineMailing();

const FORM = `
    <form>
        <field name="send_mode"/>
        <field name="portion_size"/>
        <widget name="mailjet_campaigns"/>
        <field name="state"/>
    </form>`;
const ROW = {
    id: false,
    name: "Portion 1 of 2",
    date: false,
    planned: 1500,
    sent: 0,
    state: "draft",
    label: "Planned",
    message: "",
    subject: "",
    sender: "",
    figures: [],
    actions: [],
};

let table;
beforeEach(() => {
    mockDate("2026-03-04 12:00:00", 0);
    table = { rows: [], problem: "" };
    onRpc("mailjet.mailing", "get_campaign_table", ({ kwargs }) => {
        expect.step(`asked ${kwargs.settings.send_mode} ${kwargs.settings.portion_size}`);
        return table;
    });
    for (const action of ["hold", "release", "move", "cancel"]) {
        onRpc("mailjet.campaign", `action_${action}`, ({ args }) => {
            expect.step([action, ...args.flat()].join(" "));
            return true;
        });
    }
});

/** Show a mailing that is being sent, with one campaign. */
async function mountSending(values) {
    table.rows = [{ ...ROW, id: 7, state: "in_queue", ...values }];
    await mountMailing(FORM, { state: "in_queue", send_mode: "portions", portion_size: 9 });
    await animationFrame();
    expect.verifySteps(["asked portions 9"]);
}

test("a mailing that is one campaign shows no table", async () => {
    await mountMailing(FORM, { state: "draft", send_mode: "once", portion_size: 9 });
    await animationFrame();
    expect(".o_mailjet_campaigns").toHaveCount(0);
    expect.verifySteps(["asked once 9"]);
});

test("the plan follows what is typed, before it is saved", async () => {
    await mountMailing(FORM, { state: "draft", send_mode: "portions", portion_size: 9 });
    table.rows = [
        ROW,
        { ...ROW, name: "Portion 2 of 2", date: "2026-03-05 09:00:00" },
        { ...ROW, name: "Rest", wait: "4 hours later" },
    ];
    await contains("[name=portion_size] input").edit("1500");
    await animationFrame();
    expect("tbody tr").toHaveCount(3);
    expect("tbody tr:eq(0) td:eq(0)").toHaveText("At once");
    expect("tbody tr:eq(2) td:eq(0)").toHaveText("4 hours later");
    expect("tbody tr:eq(0) td:eq(1)").toHaveText("1,500");
    expect("tbody tr:eq(1) td:eq(0)").toHaveText(/^Mar 5/);
    expect("tbody button").toHaveCount(0);
    expect("caption").toHaveText(/^Planned dates/);
    expect.verifySteps(["asked portions 9", "asked portions 1500"]);
});

test("what was sent has figures", async () => {
    const figures = [
        { name: "delivered_count", label: "Delivered", help: "", count: 1440, rate: 0.96 },
        { name: "opened_count", label: "Opened", help: "Of those", count: 0, rate: false },
    ];
    table.rows = [
        { ...ROW, id: 7, state: "done", sent: 1500, label: "Sent", figures },
        { ...ROW, id: 8, state: "in_queue", name: "Portion 2 of 2" },
    ];
    await mountMailing(FORM, { state: "in_queue", send_mode: "portions", portion_size: 9 });
    await animationFrame();
    expect("thead th:eq(3)").toHaveText("Delivered");
    expect("tbody tr:eq(0) td:eq(2)").toHaveText("1,440\n96%");
    expect("tbody tr:eq(0) td:eq(3)").toHaveText("0\n–");
    expect("tbody tr:eq(1) td:eq(2)").toHaveText("");
    expect("tbody tr:eq(1) td:eq(4)").toHaveText("Planned");
    // On a phone, the same is below the table.
    expect("ul.d-md-none li").toHaveCount(1);
    expect("ul.d-md-none li:contains('Portion 1 of 2')").toHaveCount(1);
    expect.verifySteps(["asked portions 9"]);
});

test("a problem is said instead", async () => {
    table.problem = "Choose larger portions.";
    await mountMailing(FORM, { state: "draft", send_mode: "portions", portion_size: 9 });
    await animationFrame();
    expect(".alert-danger").toHaveText("Choose larger portions.");
    expect.verifySteps(["asked portions 9"]);
});

test("fewer emails than planned are said", async () => {
    await mountSending({ state: "done", label: "Sent", sent: 1499, message: "Two left" });
    expect("tbody tr td:eq(1)").toHaveText("1,499 of 1,500");
    expect("tbody .badge").toHaveText("Sent");
    expect("tbody tr td:eq(2)").toHaveText(/Two left/);
});

test("a campaign is put on hold at once", async () => {
    await mountSending({ date: "2026-03-05 09:00:00", actions: ["hold", "move", "cancel"] });
    await contains("button[aria-label='Hold Portion 1 of 2']").click();
    await animationFrame();
    expect.verifySteps(["hold 7", "asked portions 9"]);
});

test("canceling is confirmed", async () => {
    await mountSending({ date: "2026-03-05 09:00:00", actions: ["cancel"] });
    await contains("button:contains(Cancel)").click();
    expect.verifySteps([]);
    await contains(".modal button:contains(Keep it)").click();
    await contains("button:contains(Cancel)").click();
    await contains(".modal button:contains(Cancel this part)").click();
    await animationFrame();
    expect.verifySteps(["cancel 7", "asked portions 9"]);
});

test("a campaign whose time has passed is sent at once only if that is confirmed", async () => {
    await mountSending({ date: "2026-03-04 09:00:00", actions: ["release"] });
    await contains("button:contains(Release)").click();
    expect(".modal").toHaveText(/Its time has passed: it is sent at once/);
    expect.verifySteps([]);
    await contains(".modal button:contains(Send now)").click();
    await animationFrame();
    expect.verifySteps(["release 7", "asked portions 9"]);
});

test("a campaign is moved to the date that is chosen", async () => {
    await mountSending({ date: "2026-03-05 09:00:00", actions: ["move"] });
    await contains("button:contains(Move)").click();
    expect(".modal-title").toHaveText("Move Portion 1 of 2");
    await contains(".modal button:contains(Move)").click();
    await animationFrame();
    expect.verifySteps(["move 7 2026-03-05 09:00:00", "asked portions 9"]);
    expect(".modal").toHaveCount(0);
});

test("while it is sent the table is read again", async () => {
    await mountSending({});
    await advanceTime(20000);
    expect.verifySteps(["asked portions 9"]);
});
