import { Component, useState } from "@odoo/owl";
import { ConfirmationDialog } from "@web/core/confirmation_dialog/confirmation_dialog";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { formatInteger } from "@web/views/fields/formatters";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";
import { useAnswer } from "@massmailing_mailjet/core/answer/answer";

/** How the first share of a mailing went, and the decision on the rest. */
export class MailjetCanary extends Component {
    static template = "massmailing_mailjet.Canary";
    static props = { ...standardWidgetProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.dialog = useService("dialog");
        this.canary = useState({ status: "", excess: [] });
        useAnswer("get_canary", (answer) => Object.assign(this.canary, answer));
    }

    async open(name) {
        const { resModel, resId } = this.props.record;
        const action = await this.orm.call(resModel, "action_view_canary", [[resId], name]);
        return this.action.doAction(action);
    }

    ask() {
        this.dialog.add(ConfirmationDialog, {
            title: _t("Send the rest"),
            body: _t("%(count)s recipients get the mailing at once.", {
                count: formatInteger(this.canary.waiting),
            }),
            confirmLabel: _t("Send the rest"),
            confirm: () => this.send(),
            cancelLabel: _t("Keep waiting"),
            cancel: () => {},
        });
    }

    async send() {
        const { record } = this.props;
        try {
            await this.orm.call(record.resModel, "action_send_rest", [[record.resId]]);
        } finally {
            await record.load();
        }
    }
}

registry.category("view_widgets").add("mailjet_canary", {
    component: MailjetCanary,
    fieldDependencies: [
        { name: "state", type: "selection" },
        { name: "sent_date", type: "datetime" },
        { name: "delivery_message", type: "char" },
    ],
});
