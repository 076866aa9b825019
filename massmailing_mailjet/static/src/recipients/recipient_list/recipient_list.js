import { Component, onMounted, useState, useSubEnv } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";
import { formatInteger } from "@web/views/fields/formatters";
import { View } from "@web/views/view";
import { isSettled } from "@massmailing_mailjet/core/states/states";
import { EXCLUSIONS } from "../exclusions/exclusions";
import { getRecipientViews } from "./recipient_views";

const KINDS = {
    contact_count: _t("Contacts"),
    account_count: _t("Accounts"),
    lead_count: _t("Leads"),
};
const FIGURES = {
    recipient_count: _t("All"),
    planned_count: _t("To send"),
    ...KINDS,
    ...Object.fromEntries(
        Object.entries(EXCLUSIONS).map(([name, { label }]) => [name, label])
    ),
};

/**
 * The recipients of a mailing inside its form, as a real list: with its own search,
 * grouping and paging, whatever the number of rows. Above it the counts of the
 * mailing, each of which shows the rows that it counts.
 */
export class MailjetRecipientList extends Component {
    static template = "massmailing_mailjet.RecipientList";
    static components = { View };
    static props = { ...standardWidgetProps };

    setup() {
        this.state = useState({ count: null, isShown: false });
        useSubEnv({
            onMailjetRecipientsChanged: () => this.onRecipientsChanged(),
            // A step is drawn before it is stored, which is what updates its recipients.
            untilMailjetStepStored: () => this.props.record.model.mutex.getUnlockedDef(),
            // The focus stays where the user has loaded recipients.
            config: { ...this.env.config, disableSearchBarAutofocus: true },
        });
        // The rest of the step is drawn without waiting for the list.
        onMounted(() => {
            this.state.isShown = true;
        });
    }

    /** A load, a count or other days start the list anew. A tick stays in place. */
    get key() {
        const { resId, data, _values: saved } = this.props.record;
        const { recipient_count, state } = data;
        // Days that are not saved yet have excluded nobody.
        const { frequency_cap_days } = saved;
        return [resId, recipient_count, state, frequency_cap_days, this.state.count].join("/");
    }

    /** The counts to show: those of the verdict always, others when they count any. */
    get counts() {
        const { data } = this.props.record;
        const kinds = Object.keys(KINDS).filter((name) => data[name]);
        return [
            "recipient_count",
            "planned_count",
            ...(kinds.length > 1 ? kinds : []),
            ...Object.keys(EXCLUSIONS).filter((name) => data[name]),
        ].map((name) => ({
            name,
            label: name === "planned_count" && isSettled(data) ? _t("Planned") : FIGURES[name],
            value: formatInteger(data[name]),
            isActive: (this.state.count || "recipient_count") === name,
        }));
    }

    /** Given the same ones again, the list does not read its rows once more. */
    get viewProps() {
        if (this.viewKey !== this.key) {
            this.viewKey = this.key;
            this.lastViewProps = this.makeViewProps();
        }
        return this.lastViewProps;
    }

    makeViewProps() {
        const { count } = this.state;
        const { resModel, views } = getRecipientViews(this.env);
        return {
            type: views[0][1],
            resModel,
            domain: [["mailing_id", "=", this.props.record.resId]],
            context: {
                create: false,
                ...(count ? { [`search_default_${count}`]: 1 } : {}),
            },
            display: { controlPanel: {}, searchPanel: false },
            noBreadcrumbs: true,
            showButtons: false,
            loadIrFilters: true,
            searchViewId: false,
            views,
        };
    }

    /** Show the rows behind a count; all of them when it is pressed again. */
    onCountClicked(name) {
        const isAll = name === "recipient_count" || name === this.state.count;
        this.state.count = isAll ? null : name;
    }

    /** Bring the counts of the form up to date, unless that would lose an edit. */
    async onRecipientsChanged() {
        const { record } = this.props;
        if (!(await record.isDirty())) {
            await record.load();
        }
    }
}

registry.category("view_widgets").add("mailjet_recipient_list", {
    component: MailjetRecipientList,
    fieldDependencies: [...Object.keys(FIGURES), "frequency_cap_days"].map((name) => ({
        name,
        type: "integer",
    })),
});
