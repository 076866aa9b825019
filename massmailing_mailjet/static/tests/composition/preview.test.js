import { beforeEach, expect, test } from "@odoo/hoot";
import { queryOne } from "@odoo/hoot-dom";
import { animationFrame, runAllTimers } from "@odoo/hoot-mock";
import {
    contains,
    fields,
    models,
    mountWithCleanup,
    onRpc,
    patchWithCleanup,
} from "@web/../tests/web_test_helpers";
import { utils } from "@web/core/ui/ui_service";

import { MailjetPreview } from "@massmailing_mailjet/composition/preview/preview";
import { allowClosedFrames, defineMailing } from "../mailing";

class Recipient extends models.Model {
    _name = "mailjet.recipient";

    name = fields.Char();
    _records = ["Ann", "Bob", "Cat"].map((name, index) => ({ id: index + 1, name }));
}

defineMailing(Recipient);
allowClosedFrames();

let answer;
beforeEach(() => {
    answer = {
        person: { id: 1, email: "ann@example.com" },
        people: { model: "mailjet.recipient", domain: [] },
        count: 3,
        sender: "News",
        subject: "Hello",
        preview: "",
        html: "<p>Hello</p>",
        text: "Hello",
        versions: [],
    };
    onRpc("mailjet.mailing", "get_preview", ({ kwargs: { person_id, direction } }) => {
        expect.step(`${direction || "that"} ${person_id}`);
        const steps = { next: 1, previous: 2, "": 0 };
        const id = person_id ? ((person_id - 1 + steps[direction]) % 3) + 1 : 1;
        return { ...answer, person: answer.person && { ...answer.person, id } };
    });
});

async function mountPreview() {
    const action = { params: { mailing_id: 7 } };
    await mountWithCleanup(MailjetPreview, { props: { action, actionId: 1 } });
}

const PERSON = ".o_mailjet_preview_person input";
const POSITION = ".o_mailjet_preview_position";

test("recipients are counted while they are shown one after the other", async () => {
    await mountPreview();
    expect(PERSON).toHaveValue("Ann");
    expect(POSITION).toHaveText("1 / 3");
    expect(".o_mailjet_html_frame").not.toHaveClass("o_narrow");
    await contains("[title='Previous recipient']").click();
    expect(PERSON).toHaveValue("Cat");
    expect(POSITION).toHaveText("3 / 3");
    await contains("[title='Next recipient']").click();
    expect(POSITION).toHaveText("1 / 3");
    expect.verifySteps(["next false", "previous 1", "next 3"]);
});

test("on a phone, the email is shown as on a phone", async () => {
    patchWithCleanup(utils, { isSmall: () => true });
    await mountPreview();
    expect(".o_mailjet_html_frame").toHaveClass("o_narrow");
    expect.verifySteps(["next false"]);
});

test("presses in quick succession are not lost", async () => {
    await mountPreview();
    queryOne("[title='Next recipient']").click();
    queryOne("[title='Next recipient']").click();
    await animationFrame();
    await animationFrame();
    expect(PERSON).toHaveValue("Cat");
    expect(POSITION).toHaveText("3 / 3");
    expect.verifySteps(["next false", "next 1", "next 2"]);
});

test("a recipient that was looked for has no place in the count", async () => {
    await mountPreview();
    await contains(PERSON).edit("Bo", { confirm: false });
    await runAllTimers();
    await contains(".o-autocomplete--dropdown-item:contains(Bob)").click();
    expect(PERSON).toHaveValue("Bob");
    expect(POSITION).toHaveCount(0);
    await contains("[title='Next recipient']").click();
    expect(PERSON).toHaveValue("Cat");
    expect(POSITION).toHaveCount(0);
    expect.verifySteps(["next false", "that 2", "next 2"]);
});

test("before there are recipients an example is shown, which says so", async () => {
    answer.people.model = "res.partner";
    answer.count = 0;
    await mountPreview();
    expect(".o_mailjet_preview").toHaveText(/No recipients are loaded yet/);
    expect(PERSON).toHaveCount(1);
    expect("[title='Next recipient']").toHaveCount(0);
    expect(POSITION).toHaveCount(0);
    expect.verifySteps(["next false"]);
});

test("where there is nobody, variables are shown as written", async () => {
    Object.assign(answer, { person: false, count: 0 });
    answer.people.model = "res.partner";
    await mountPreview();
    expect(".o_mailjet_preview").toHaveText(/There is nobody to preview as/);
    expect(PERSON).toHaveCount(0);
    expect.verifySteps(["next false"]);
});
