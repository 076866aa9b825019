import { Component } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { formatInteger } from "@web/views/fields/formatters";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";

const LOADED = { recipient_count: _t("Recipients loaded") };
const EXCLUDED = {
    unticked_count: _t("Not selected"),
    invalid_count: _t("Invalid emails"),
    duplicate_count: _t("Duplicate emails"),
    unsubscribed_count: _t("Unsubscribed emails"),
    blacklisted_count: _t("Blacklisted emails"),
    past_bounce_count: _t("Bounced before"),
    past_complaint_count: _t("Complained before"),
    archived_count: _t("Archived or deleted records"),
    excluded_target_count: _t("In excluded targets"),
    recent_count: _t("Mailed recently"),
    engaged_count: _t("Opened the first mailing"),
};
const PLANNED = { planned_count: _t("Emails planned for this mailing") };
const LABELS = { ...LOADED, ...EXCLUDED, ...PLANNED };

/** How the emails planned follow from the recipients loaded: a sum that adds up. Each of
 * its terms opens the rows that it counts. */
export class MailjetSummary extends Component {
    static template = "massmailing_mailjet.Summary";
    static props = { ...standardWidgetProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
    }

    get terms() {
        const { data } = this.props.record;
        const excluded = Object.keys(EXCLUDED).filter((name) => data[name]);
        return ["recipient_count", ...excluded, "planned_count"].map((name) => ({
            name,
            sign: name in EXCLUDED ? "−" : name in PLANNED && "=",
            value: formatInteger(data[name]),
            label: LABELS[name],
        }));
    }

    async openRows(count) {
        const { resModel, resId } = this.props.record;
        const context = { count };
        const action = await this.orm.call(resModel, "action_view_recipients", [[resId]], {
            context,
        });
        this.action.doAction(action);
    }
}

registry.category("view_widgets").add("mailjet_summary", {
    component: MailjetSummary,
    fieldDependencies: Object.keys(LABELS).map((name) => ({ name, type: "integer" })),
});
