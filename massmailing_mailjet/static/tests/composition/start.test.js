import { expect, test } from "@odoo/hoot";
import { queryAllTexts } from "@odoo/hoot-dom";
import { animationFrame } from "@odoo/hoot-mock";
import { contains, onRpc } from "@web/../tests/web_test_helpers";

import { allowClosedFrames, defineMailing, mountMailing } from "../mailing";

defineMailing();
allowClosedFrames();

const FORM = `
    <form>
        <field name="composition" invisible="1"/>
        <field name="step" invisible="1"/>
        <widget name="mailjet_start"/>
    </form>`;
const press = (way) => contains(`.o_mailjet_start [data-way=${way}]`).click();

test("each way leads into the composition", async () => {
    onRpc("web_save", ({ args }) => {
        expect.step(args[1]);
    });
    await mountMailing(FORM, { composition: "blank", step: "details" });
    expect(queryAllTexts(".o_mailjet_start button")).toEqual([
        "Template",
        "Visual editor",
        "HTML code",
    ]);
    await press("html");
    expect.verifySteps([{ composition: "html", step: "content" }]);
    expect(".modal").toHaveCount(0);
});

test("a template is chosen at once", async () => {
    onRpc("mailjet.gallery", "get_cards", () => ({ cards: [], more: false }));
    await mountMailing(FORM, { composition: "blank", step: "details" });
    await press("template");
    await animationFrame();
    expect(".o_mailjet_template_chooser").toHaveCount(1);
});
