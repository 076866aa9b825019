import { Component, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
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
    }

    /** The senders; where replies go is said only if it is not to the sender. */
    get rows() {
        return this.state.senders.rows.map(({ name, sender, reply_to, count }) => ({
            name,
            sender,
            replies: sender.endsWith(`<${reply_to}>`) ? "" : _t("Replies go to %s", reply_to),
            count: formatInteger(count),
        }));
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
