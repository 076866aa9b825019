import { expect, test } from "@odoo/hoot";
import { queryAllTexts } from "@odoo/hoot-dom";
import {
    contains,
    onRpc,
    patchTranslations,
    clickSave,
} from "@web/../tests/web_test_helpers";

import { defineMailing, mountMailing } from "../mailing";

defineMailing();

const FORM = `<form><field name="frequency_cap_days" widget="mailjet_days"/></form>`;
const AROUND = "[name=frequency_cap_days] label > span:not(.o_mailjet_days)";

test("the days stand within a sentence in the right number", async () => {
    await mountMailing(FORM, { frequency_cap_days: 1 });
    expect(queryAllTexts(AROUND)).toEqual(["Exclude anyone mailed in the last", "day"]);
    await contains("[name=frequency_cap_days] input").edit("14");
    expect(queryAllTexts(AROUND)).toEqual(["Exclude anyone mailed in the last", "days"]);
    onRpc("mailjet.mailing", "web_save", ({ args }) => expect.step(args[1].frequency_cap_days));
    await clickSave();
    expect.verifySteps([14]);
});

test("a language may have the days elsewhere", async () => {
    const sentence = "Exclude anyone mailed in the last %(days)s days";
    patchTranslations({
        massmailing_mailjet: { [sentence]: "%(days)s Tage Abstand zum letzten Mailing" },
    });
    await mountMailing(FORM, { frequency_cap_days: 7 });
    expect(queryAllTexts(AROUND)).toEqual(["", "Tage Abstand zum letzten Mailing"]);
    expect("[name=frequency_cap_days] input").toHaveValue("7");
});
