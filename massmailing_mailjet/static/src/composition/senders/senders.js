import { Component, useState } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { formatInteger } from "@web/views/fields/formatters";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";

/** How many emails of a mailing come from whom, counted when it is opened: that reads
 * every recipient. */
export class MailjetSenders extends Component {
    static template = "massmailing_mailjet.Senders";
    static props = { ...standardWidgetProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.state = useState({ isOpen: false, senders: null });
        this.formatInteger = formatInteger;
    }

    async toggle() {
        this.state.isOpen = !this.state.isOpen;
        if (this.state.isOpen) {
            this.state.senders = null;
            const { resModel, resId } = this.props.record;
            this.state.senders = await this.orm.call(resModel, "get_senders", [[resId]]);
        }
    }

    openAccount() {
        this.action.doAction(this.state.senders.action);
    }
}

registry.category("view_widgets").add("mailjet_senders", { component: MailjetSenders });
