import { beforeEach, expect, test } from "@odoo/hoot";
import { queryAllTexts } from "@odoo/hoot-dom";
import { advanceTime, animationFrame } from "@odoo/hoot-mock";
import {
    contains,
    makeMockEnv,
    mockService,
    mountWithCleanup,
    onRpc,
} from "@web/../tests/web_test_helpers";
import { getDefaultConfig } from "@web/views/view";
import { MailjetHealth } from "@massmailing_mailjet/account/health/health";

import { defineMailing } from "../mailing";

defineMailing();

const BEGIN = { type: "ir.actions.act_window", res_model: "mailjet.mailing" };
const CHECK = {
    name: "keys",
    title: "Keys",
    state: "ok",
    sentence: "They work.",
    button: { label: "Check now", method: "action_check_health" },
    waiting: false,
};

let report;
beforeEach(() => {
    report = { accounts: [], account: 7, setup: [CHECK], running: [], begin: false };
    onRpc("mailjet.health", "get_report", () => {
        expect.step("read");
        return structuredClone(report);
    });
});

async function mountHealth() {
    await mountWithCleanup(MailjetHealth, {
        env: await makeMockEnv({ config: getDefaultConfig() }),
        props: { action: {}, actionId: 1, updateActionState: () => {}, className: "" },
    });
}

test("what waits is said to wait, and its button is not the next thing to do", async () => {
    report.setup = ["broken", "unknown", "waiting", "ok"].map((state) => ({
        ...CHECK,
        name: state,
        state,
    }));
    await mountHealth();
    expect(queryAllTexts(".list-group-item span.small")).toEqual([
        "Action needed",
        "Pending",
        "Waiting for Mailjet",
        "OK",
    ]);
    expect("[data-check=broken] .btn-primary").toHaveCount(1);
    expect("[data-check=unknown] .btn-primary").toHaveCount(1);
    expect("[data-check=waiting] .btn-secondary").toHaveCount(1);
    expect("[data-check=ok] .btn-secondary").toHaveCount(1);
    expect.verifySteps(["read"]);
});

test("a check that waits for Mailjet is read again until it has changed", async () => {
    report.setup = [{ ...CHECK, state: "waiting", waiting: true }];
    report.waiting = true;
    await mountHealth();
    expect(".fa-spinner").toHaveCount(1);
    expect("[data-check=keys] button").toHaveCount(0);
    Object.assign(report, { setup: [CHECK], waiting: false });
    await advanceTime(3000);
    await animationFrame();
    expect(".fa-spinner").toHaveCount(0);
    await advanceTime(9000);
    expect.verifySteps(["read", "read"]);
});

test("only the end of the setup leads to a mailing", async () => {
    mockService("action", { doAction: (action) => expect.step(action.res_model) });
    await mountHealth();
    expect(".o_mailjet_health_begin").toHaveCount(0);
    report.begin = BEGIN;
    onRpc("mailjet.account", "action_check_health", () => {
        expect.step("checked");
        return true;
    });
    await contains("[data-check=keys] button").click();
    await animationFrame();
    await contains(".o_mailjet_health_begin button").click();
    expect.verifySteps(["read", "checked", "read", "mailjet.mailing"]);
});
