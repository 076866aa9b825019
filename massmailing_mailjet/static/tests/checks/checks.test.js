import { beforeEach, expect, test } from "@odoo/hoot";
import { queryAllTexts } from "@odoo/hoot-dom";
import { Deferred } from "@odoo/hoot-mock";
import { contains, getService, mockService, onRpc } from "@web/../tests/web_test_helpers";

import { defineMailing, mountSettled, settle } from "../mailing";

defineMailing();

const FORM = `<form><widget name="mailjet_checks"/><field name="subject"/></form>`;
const RED = {
    name: "no_recipients",
    fingerprint: "red",
    level: "red",
    sentence: "Nobody is planned.",
    advice: "Load contacts.",
    place: "Recipients",
    acknowledged: false,
};
const AMBER = {
    name: "no_images",
    fingerprint: "amber",
    level: "amber",
    sentence: "The email has no image.",
    advice: false,
    place: false,
    acknowledged: false,
};
const ACCEPTED = {
    ...AMBER,
    acknowledged: { by: "Ann Ash", on: "2026-03-04 12:30:00" },
};

let checks;
beforeEach(() => {
    checks = { findings: [], open: {}, passed: 0, has_links: false, unchecked_links: 0 };
    onRpc("mailjet.mailing", "get_checks", ({ kwargs }) => {
        expect.step(kwargs.again ? "asked again" : "asked");
        return structuredClone(checks);
    });
});

test("the form does not wait for the checks", async () => {
    const answer = new Deferred();
    onRpc("mailjet.mailing", "get_checks", () => answer);
    await mountSettled(FORM, {});
    expect(".o_mailjet_checks").toHaveText("Checking the mailing…");
    answer.resolve(checks);
    await settle();
    expect(".o_mailjet_checks_waiting").toHaveCount(0);
});

test("only what may be meant can be accepted", async () => {
    checks.findings = [RED, AMBER];
    await mountSettled(FORM, {});
    expect(queryAllTexts(".o_mailjet_finding_sentence")).toEqual([
        "Nobody is planned.",
        "The email has no image.",
    ]);
    expect("[data-finding=no_recipients] [title='Must be fixed']").toHaveCount(1);
    expect("[data-finding=no_recipients] input").toHaveCount(0);
    expect("[data-finding=no_images] [title='Fix or accept']").toHaveCount(1);
    expect("[data-finding=no_images] input").not.toBeChecked();
    expect.verifySteps(["asked"]);
});

test("an answer to what was asked before leaves a ticked box alone", async () => {
    const early = new Deferred();
    const written = new Deferred();
    onRpc("mailjet.mailing", "acknowledge_checks", () => written);
    checks.findings = [AMBER];
    await mountSettled(FORM, {});
    onRpc("mailjet.mailing", "get_checks", () => early);
    await contains("button:contains(Check again)").click();
    await contains("[data-finding=no_images] input").check();
    early.resolve({ ...checks, findings: [AMBER], passed: 7 });
    await settle();
    expect(".o_mailjet_checks_passed").toHaveText(/^7 checks passed/);
    expect("[data-finding=no_images] input").toBeChecked();
    onRpc("mailjet.mailing", "get_checks", () => ({ ...checks, findings: [ACCEPTED] }));
    written.resolve(true);
    await settle();
    expect("[data-finding=no_images] [title='Accepted']").toHaveCount(1);
    expect.verifySteps(["asked"]);
});

test("an accepted finding says who accepted it, and can be taken back", async () => {
    checks.findings = [ACCEPTED];
    onRpc("mailjet.mailing", "revoke_acknowledgement", ({ kwargs }) => {
        expect.step(`withdrawn ${kwargs.name}`);
        checks.findings = [AMBER];
        return true;
    });
    await mountSettled(FORM, {});
    expect(".o_mailjet_finding_acknowledged").toHaveText(/^Ann Ash, /);
    expect("[data-finding=no_images] input").toBeChecked();
    await contains("[data-finding=no_images] input").uncheck();
    await settle();
    expect.verifySteps(["asked", "withdrawn no_images", "asked"]);
    expect(".o_mailjet_finding_acknowledged").toHaveCount(0);
    expect("[data-finding=no_images] input").not.toBeChecked();
});

test("a finding is accepted as it was shown", async () => {
    checks.findings = [AMBER];
    onRpc("mailjet.mailing", "acknowledge_checks", ({ kwargs }) => {
        expect.step(["accepted", kwargs.fingerprints]);
        checks.findings = [ACCEPTED];
        return true;
    });
    await mountSettled(FORM, {});
    await contains("[data-finding=no_images] input").check();
    await settle();
    expect.verifySteps(["asked", ["accepted", { no_images: "amber" }], "asked"]);
    expect("[data-finding=no_images] [title='Accepted']").toHaveCount(1);
});

test("what was typed is saved when a finding is accepted", async () => {
    checks.findings = [AMBER];
    onRpc("mailjet.mailing", "acknowledge_checks", () => {
        expect.step("accepted");
        return true;
    });
    onRpc("mailjet.mailing", "web_save", ({ args: [, values] }) => {
        expect.step(`saved ${values.subject}`);
    });
    await mountSettled(FORM, {});
    await contains("[name=subject] input").edit("Offers");
    expect.verifySteps(["asked"]);
    await contains("[data-finding=no_images] input").check();
    await settle();
    expect.verifySteps(["saved Offers", "accepted", "asked"]);
    expect("[name=subject] input").toHaveValue("Offers");
});

test("all that may be meant is accepted at once", async () => {
    const other = { ...AMBER, name: "no_preview", fingerprint: "other" };
    checks.findings = [RED, AMBER, other, { ...ACCEPTED, name: "not_tested" }];
    onRpc("mailjet.mailing", "acknowledge_checks", ({ kwargs }) => {
        expect.step(kwargs.fingerprints);
        checks.findings = [RED, ACCEPTED, { ...ACCEPTED, name: "no_preview" }];
        return true;
    });
    await mountSettled(FORM, {});
    await contains("button:contains(Accept all)").click();
    await settle();
    expect.verifySteps(["asked", { no_images: "amber", no_preview: "other" }, "asked"]);
    expect(".o_amber input:checked").toHaveCount(2);
    expect("button:contains(Accept all)").toHaveCount(0);
});

test("a single finding needs no button for all", async () => {
    checks.findings = [RED, AMBER];
    await mountSettled(FORM, {});
    expect("button:contains(Accept all)").toHaveCount(0);
    expect.verifySteps(["asked"]);
});

test("whoever wants to send is taken to the first open issue", async () => {
    await mountSettled(FORM, {});
    checks.findings = [{ ...ACCEPTED, name: "not_tested" }, AMBER];
    await getService("action").doAction({
        type: "ir.actions.client",
        tag: "mailjet_show_issues",
        params: { message: "Resolve 1 issue before sending." },
    });
    await settle();
    expect.verifySteps(["asked", "asked"]);
    expect(".o_notification").toHaveText("Resolve 1 issue before sending.");
    expect("[data-finding=no_images]").toBeFocused();
});

test("the passed checks are counted in the right number", async () => {
    checks.passed = 1;
    await mountSettled(FORM, {});
    expect(".o_mailjet_checks_passed").toHaveText(/^1 check passed/);
    checks.passed = 12;
    await contains("button:contains(Check again)").click();
    expect(".o_mailjet_checks_passed").toHaveText(/^12 checks passed/);
    expect.verifySteps(["asked", "asked again"]);
});

test("of several readings under way the last one counts", async () => {
    await mountSettled(FORM, {});
    const slow = new Deferred();
    onRpc("mailjet.mailing", "get_checks", () => slow);
    await contains("button:contains(Check again)").click();
    onRpc("mailjet.mailing", "get_checks", () => ({ ...checks, findings: [RED] }));
    await contains("button:contains(Check again)").click();
    slow.resolve({ ...checks, findings: [AMBER] });
    await settle();
    expect(".o_mailjet_finding").toHaveCount(1);
    expect(".o_mailjet_finding_sentence").toHaveText("Nobody is planned.");
    expect.verifySteps(["asked"]);
});

test("new links are opened once without being asked", async () => {
    Object.assign(checks, { has_links: true, unchecked_links: 2 });
    const opened = new Deferred();
    onRpc("mailjet.mailing", "action_check_links", async ({ kwargs }) => {
        expect.step(kwargs.again ? "opened again" : "opened");
        await opened;
        return true;
    });
    await mountSettled(FORM, {});
    expect(".o_mailjet_links_opening").toHaveText("Checking the links…");
    expect("button:contains(Check links)").toHaveCount(0);
    opened.resolve();
    await settle();
    expect(".o_mailjet_links_opening").toHaveCount(0);
    expect.verifySteps(["asked", "opened", "asked"]);
    await contains("button:contains(Check links)").click();
    await settle();
    expect.verifySteps(["opened again", "asked"]);
});

test("an email without links offers to check none", async () => {
    await mountSettled(FORM, {});
    expect("button:contains(Check again)").toHaveCount(1);
    expect("button:contains(Check links)").toHaveCount(0);
    expect.verifySteps(["asked"]);
});

test("the button of a finding leads to its place once the form is saved", async () => {
    checks.findings = [RED];
    mockService("action", {
        doActionButton({ name, args, resId }) {
            expect.step(`${name} ${args} of ${resId}`);
        },
    });
    onRpc("mailjet.mailing", "web_save", () => expect.step("saved"));
    await mountSettled(FORM, {});
    await contains("[name=subject] input").edit("Offers");
    expect.verifySteps(["asked"]);
    await contains("button:contains(Recipients)").click();
    await settle();
    expect.verifySteps(["saved", 'action_open_finding ["no_recipients"] of 1', "asked"]);
});

test("a new mailing has nothing to check yet", async () => {
    await mountSettled(FORM);
    expect(".o_mailjet_checks_waiting").toHaveCount(1);
    expect.verifySteps([]);
});
