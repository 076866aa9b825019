import { Component, onMounted, useState, useSubEnv } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";
import { formatInteger } from "@web/views/fields/formatters";
import { useService } from "@web/core/utils/hooks";
import { View } from "@web/views/view";
import { isSettled } from "@massmailing_mailjet/core/states/states";
import { EXCLUSIONS } from "../exclusions/exclusions";

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
        this.ui = useService("ui");
        this.state = useState({ count: null, isStored: false });
        useSubEnv({
            onMailjetRecipientsChanged: () => this.onRecipientsChanged(),
            // The focus stays where the user has loaded recipients.
            config: { ...this.env.config, disableSearchBarAutofocus: true },
        });
        this.prepareViews();
        onMounted(() => this.showOnceStored());
    }

    /** Read the views while the step is stored, and leave them to the list. */
    prepareViews() {
        const { actionId } = this.env.config;
        useService("view").loadViews(this.viewProps, { actionId, loadIrFilters: true });
    }

    /** A step is drawn before it is stored, which is what updates its recipients. */
    async showOnceStored() {
        await this.props.record.model.mutex.getUnlockedDef();
        this.state.isStored = true;
    }

    /** A load, a count or other days start the list anew. A tick stays in place. */
    get key() {
        const { resId, data, dirty } = this.props.record;
        if (!dirty) {
            // Days that are not saved yet have excluded nobody.
            this.savedDays = data.frequency_cap_days;
        }
        const { recipient_count, state } = data;
        return [resId, recipient_count, state, this.savedDays, this.state.count].join("/");
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

    get viewProps() {
        const { count } = this.state;
        const type = this.ui.isSmall ? "kanban" : "list";
        return {
            type,
            resModel: "mailjet.recipient",
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
            // Else those of the mailings, of which a calendar suits no recipient.
            views: [
                [false, type],
                [false, "search"],
            ],
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
