import { beforeEach, expect, test } from "@odoo/hoot";
import { advanceTime, animationFrame } from "@odoo/hoot-mock";
import {
    contains,
    makeServerError,
    MockServer,
    onRpc,
} from "@web/../tests/web_test_helpers";

import { defineMailing, mountMailing } from "../mailing";

defineMailing();

const FORM = `
    <form>
        <widget name="mailjet_progress"/>
        <field name="state"/>
        <field name="delivery_step" invisible="1"/>
        <field name="schedule_type" invisible="1"/>
        <field name="schedule_date" invisible="1"/>
        <field name="subject"/>
    </form>`;
const MAILING = { state: "preparing", delivery_step: "upload", schedule_type: "now" };

let progress;
beforeEach(() => {
    progress = {
        state: "preparing",
        step: "upload",
        label: "Handing over the recipients",
        percent: 40,
        done: 1000,
        total: 2500,
        undo_seconds: 0,
        can_stop: true,
        interval: 5,
    };
    onRpc("mailjet.mailing", "get_progress", () => {
        expect.step("asked");
        return progress;
    });
});

test("the recipients that are handed over are counted", async () => {
    await mountMailing(FORM, MAILING);
    await animationFrame();
    expect(".o_mailjet_progress").toHaveText(/^Handing over the recipients/);
    expect(".o_mailjet_progress .text-nowrap").toHaveText("1,000 of 2,500");
    expect(".o_mailjet_progress [role=progressbar]").toHaveAttribute("aria-valuenow", "40");
    expect.verifySteps(["asked"]);
});

test("other steps have no count", async () => {
    Object.assign(progress, { step: "content", label: "Creating the email" });
    await mountMailing(FORM, { ...MAILING, delivery_step: "content" });
    await animationFrame();
    expect(".o_mailjet_progress").toHaveText("Creating the email");
    expect.verifySteps(["asked"]);
});

test("a mailing that waits for its hour shows no progress", async () => {
    Object.assign(progress, { state: "in_queue", step: "check" });
    await mountMailing(FORM, {
        state: "in_queue",
        delivery_step: "check",
        schedule_type: "scheduled",
        schedule_date: "2026-03-04 12:30:00",
    });
    await animationFrame();
    expect(".o_mailjet_progress").toHaveCount(0);
    expect("button:contains(Stop sending)").toHaveCount(0);
    expect.verifySteps(["asked"]);
});

test("while a sending can be undone the seconds are counted down", async () => {
    Object.assign(progress, { undo_seconds: 61, interval: 20 });
    await mountMailing(FORM, MAILING);
    await animationFrame();
    expect(".o_mailjet_progress").toHaveText(/Sends in 1:01/);
    expect("button:contains(Undo)").toHaveCount(1);
    await advanceTime(1000);
    expect(".o_mailjet_countdown").toHaveText("1:00");
    await advanceTime(1000);
    expect(".o_mailjet_countdown").toHaveText("0:59");
    expect.verifySteps(["asked"]);
});

test("a sending that can no longer be undone can be stopped", async () => {
    await mountMailing(FORM, MAILING);
    await animationFrame();
    expect("button:contains(Undo)").toHaveCount(0);
    expect("button:contains(Stop sending)").toHaveCount(1);
    progress.can_stop = false;
    await advanceTime(5000);
    expect("button:contains(Stop sending)").toHaveCount(0);
    expect.verifySteps(["asked", "asked"]);
});

test("a sending that is stopped shows its new state", async () => {
    onRpc("mailjet.mailing", "action_cancel", ({ args: [ids] }) => {
        MockServer.env["mailjet.mailing"].write(ids, { state: "draft" });
        expect.step("canceled");
        return true;
    });
    await mountMailing(FORM, MAILING);
    await contains("button:contains(Stop sending)").click();
    expect("[name=state] input").toHaveValue("draft");
    expect.verifySteps(["asked", "canceled"]);
});

test("it is asked for again after the interval, until the mailing is sent", async () => {
    await mountMailing(FORM, MAILING);
    await advanceTime(4900);
    expect.verifySteps(["asked"]);
    progress.percent = 60;
    await advanceTime(100);
    expect.verifySteps(["asked"]);
    expect("[role=progressbar]").toHaveAttribute("aria-valuenow", "60");
    Object.assign(progress, { state: "done", step: "done" });
    MockServer.env["mailjet.mailing"].write([1], { state: "done" });
    await advanceTime(5000);
    expect("[name=state] input").toHaveValue("done");
    expect.verifySteps(["asked"]);
    await advanceTime(60000);
    expect.verifySteps([]);
});

test("an answer that fails is asked for again", async () => {
    let fails = true;
    onRpc("mailjet.mailing", "get_progress", () => {
        expect.step("asked");
        if (fails) {
            throw makeServerError({ message: "The server restarts." });
        }
        return progress;
    });
    await mountMailing(FORM, MAILING);
    await animationFrame();
    expect(".o_mailjet_progress").toHaveCount(0);
    fails = false;
    await advanceTime(20000);
    expect(".o_mailjet_progress").toHaveCount(1);
    expect.verifySteps(["asked", "asked"]);
});

test("the form is read again when the mailing has moved", async () => {
    onRpc("mailjet.mailing", "web_read", () => expect.step("read"));
    await mountMailing(FORM, MAILING);
    await animationFrame();
    expect.verifySteps(["read", "asked"]);
    progress.state = "sending";
    MockServer.env["mailjet.mailing"].write([1], { state: "sending" });
    await advanceTime(5000);
    expect.verifySteps(["asked", "read"]);
    expect("[name=state] input").toHaveValue("sending");
});

test("what is being typed is not lost by a mailing that moves", async () => {
    await mountMailing(FORM, MAILING);
    await contains("[name=subject] input").edit("Offers");
    progress.state = "sending";
    MockServer.env["mailjet.mailing"].write([1], { state: "sending", subject: "Old" });
    await advanceTime(5000);
    expect("[name=subject] input").toHaveValue("Offers");
    expect.verifySteps(["asked", "asked"]);
});
