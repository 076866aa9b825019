import { Component, useState } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";
import { useAnswer } from "@massmailing_mailjet/core/answer/answer";
import { HtmlFrame } from "@massmailing_mailjet/composition/html_frame/html_frame";
import { MailjetFunnel } from "../funnel/funnel";

/** What came of a sent mailing, on its form: the funnel, and a picture of the email. */
export class MailjetResults extends Component {
    static template = "massmailing_mailjet.Results";
    static components = { HtmlFrame, MailjetFunnel };
    static props = { ...standardWidgetProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.state = useState({ results: null });
        useAnswer("get_results", (results) => {
            this.state.results = results;
        });
    }

    call(method, ...args) {
        const { resModel, resId } = this.props.record;
        return this.orm.call(resModel, method, [[resId], ...args]);
    }

    async open(method, ...args) {
        this.action.doAction(await this.call(method, ...args));
    }
}

registry.category("view_widgets").add("mailjet_results", { component: MailjetResults });
