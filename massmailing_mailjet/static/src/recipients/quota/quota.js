import { Component } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { formatInteger } from "@web/views/fields/formatters";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";

/** How much of the month's emails is used, and the share that a mailing takes. */
export class MailjetQuota extends Component {
    static template = "massmailing_mailjet.Quota";
    static props = { ...standardWidgetProps };

    /** The emails by which the mailing goes beyond the limit. */
    get excess() {
        const { planned_count, remaining_this_month } = this.props.record.data;
        return Math.max(planned_count - remaining_this_month, 0);
    }

    get shares() {
        const { monthly_limit, sent_this_month, planned_count } = this.props.record.data;
        const sent = Math.min(100, (100 * sent_this_month) / monthly_limit);
        const planned = Math.min(100 - sent, (100 * planned_count) / monthly_limit);
        return { sent, planned: this.excess ? 100 - sent : planned };
    }

    get sentence() {
        const { planned_count, remaining_this_month } = this.props.record.data;
        const values = {
            planned: formatInteger(planned_count),
            left: formatInteger(remaining_this_month),
            excess: formatInteger(this.excess),
        };
        return this.excess
            ? _t("Over the limit by %(excess)s: this mailing needs %(planned)s.", values)
            : _t("This mailing needs %(planned)s of the remaining %(left)s.", values);
    }
}

registry.category("view_widgets").add("mailjet_quota", {
    component: MailjetQuota,
    fieldDependencies: [
        "monthly_limit",
        "sent_this_month",
        "remaining_this_month",
        "planned_count",
    ].map((name) => ({ name, type: "integer" })),
});
