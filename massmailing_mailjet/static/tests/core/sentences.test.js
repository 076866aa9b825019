import { expect, test } from "@odoo/hoot";
import { patchTranslations, serverState } from "@web/../tests/web_test_helpers";

import { SLOT, splitSentence } from "@massmailing_mailjet/core/sentences/sentences";
import { defineMailing, mountMailing } from "../mailing";

defineMailing();

const COUNTED = `
    <form>
        <field name="planned_count" widget="mailjet_counted" options="{'words': 'planned'}"/>
        <field name="sent_count" widget="mailjet_counted" options="{'words': 'sent'}"/>
    </form>`;

test("English has a singular for 1", async () => {
    await mountMailing(COUNTED, { planned_count: 1, sent_count: 0 });
    expect("[name=planned_count]").toHaveText("1 email planned");
    expect("[name=sent_count]").toHaveText("0 emails sent");
});

test("counts are written as numbers are", async () => {
    await mountMailing(COUNTED, { planned_count: 1234567, sent_count: 1000 });
    expect("[name=planned_count]").toHaveText("1,234,567 emails planned");
    expect("[name=sent_count]").toHaveText("1,000 emails sent");
});

test("French has a singular for 0 and 1", async () => {
    serverState.lang = "fr_FR";
    patchTranslations({
        massmailing_mailjet: {
            "%(count)s email planned": "%(count)s email prévu",
            "%(count)s emails planned": "%(count)s emails prévus",
        },
    });
    await mountMailing(COUNTED, { planned_count: 0 });
    expect("[name=planned_count]").toHaveText("0 email prévu");
});

test("a new mailing counts nothing", async () => {
    await mountMailing(COUNTED);
    expect("[name=planned_count]").toHaveText("0 emails planned");
});

test("a sentence is split wherever its value stands", () => {
    expect(splitSentence(`In ${SLOT} days`)).toEqual({ before: "In ", after: " days" });
    expect(splitSentence(`${SLOT} to go`)).toEqual({ before: "", after: " to go" });
    expect(splitSentence("No value")).toEqual({ before: "No value", after: "" });
});
