import { Component } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { formatInteger } from "@web/views/fields/formatters";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";
import { EXCLUSIONS } from "../exclusions/exclusions";

const TERMS = {
    recipient_count: { term: _t("Recipients loaded"), sign: "" },
    ...Object.fromEntries(
        Object.entries(EXCLUSIONS).map(([name, { term }]) => [name, { term, sign: "−" }])
    ),
    planned_count: { term: _t("Emails planned for this mailing"), sign: "=" },
};

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
        const isShown = (name) => data[name] || !(name in EXCLUSIONS);
        return Object.keys(TERMS)
            .filter(isShown)
            .map((name) => ({
                name,
                sign: TERMS[name].sign,
                value: formatInteger(data[name]),
                label: TERMS[name].term,
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
    fieldDependencies: Object.keys(TERMS).map((name) => ({ name, type: "integer" })),
});
