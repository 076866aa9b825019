import { expect, test } from "@odoo/hoot";
import { animationFrame, Deferred } from "@odoo/hoot-mock";
import { Component, useState, xml } from "@odoo/owl";
import { contains, onRpc } from "@web/../tests/web_test_helpers";
import { registry } from "@web/core/registry";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";
import { useAnswer } from "@massmailing_mailjet/core/answer/answer";

import { defineMailing, mountMailing, settle } from "../mailing";

defineMailing();

class Answer extends Component {
    static template = xml`<span class="answer" t-out="state.text"/>`;
    static props = { ...standardWidgetProps };

    setup() {
        this.state = useState({ text: "" });
        useAnswer("get_answer", (text) => {
            this.state.text = text;
        });
    }
}

const FORM = `
    <form js_class="mailjet_mailing_form">
        <field name="step" widget="mailjet_steps"/>
        <field name="name"/>
        <widget name="test_answer" invisible="step != 'content'"/>
    </form>`;

function answerByNumber() {
    registry.category("view_widgets").add("test_answer", { component: Answer });
    let number = 0;
    onRpc("mailjet.mailing", "get_answer", () => {
        expect.step("asked");
        return `Answer ${++number}`;
    });
}

test("a step asks once it is stored, and once only", async () => {
    answerByNumber();
    const stored = new Deferred();
    onRpc("mailjet.mailing", "web_save", async () => {
        await stored;
    });
    await mountMailing(FORM, { step: "details" });
    await contains("[data-value=content]").click();
    await settle();
    expect(".answer").toHaveText("");
    expect.verifySteps([]);
    stored.resolve();
    await settle();
    expect(".answer").toHaveText("Answer 1");
    expect.verifySteps(["asked"]);
});

test("it asks again after each save, even if the server changed nothing", async () => {
    answerByNumber();
    await mountMailing(FORM, { step: "content", name: "Autumn" });
    await animationFrame();
    await contains("[name=name] input").edit("Winter");
    await contains(".o_form_button_save").click();
    await settle();
    expect(".answer").toHaveText("Answer 2");
    expect.verifySteps(["asked", "asked"]);
});
