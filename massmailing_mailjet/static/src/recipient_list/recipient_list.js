import { Component, useSubEnv } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";
import { View } from "@web/views/view";
import { ListController } from "@web/views/list/list_controller";
import { listView } from "@web/views/list/list_view";

/**
 * The recipients of a mailing inside its form, as a real list: with its own search,
 * grouping and paging, whatever the number of rows.
 */
export class MailjetRecipientList extends Component {
    static template = "massmailing_mailjet.RecipientList";
    static components = { View };
    static props = { ...standardWidgetProps };

    setup() {
        useSubEnv({ onMailjetRecipientsChanged: () => this.onRecipientsChanged() });
    }

    /** A load adds rows: the list starts anew. A tick does not: it stays in place. */
    get key() {
        const { resId, data } = this.props.record;
        return `${resId}/${data.recipient_count}/${data.state}`;
    }

    get viewProps() {
        return {
            type: "list",
            resModel: "mailjet.recipient",
            domain: [["mailing_id", "=", this.props.record.resId]],
            context: { create: false },
            display: { controlPanel: {}, searchPanel: false },
            noBreadcrumbs: true,
            showButtons: false,
            loadIrFilters: true,
            searchViewId: false,
        };
    }

    /** Bring the figures of the form up to date, unless that would lose an edit. */
    async onRecipientsChanged() {
        const { record } = this.props;
        if (!(await record.isDirty())) {
            await record.load();
        }
    }
}

registry.category("view_widgets").add("mailjet_recipient_list", {
    component: MailjetRecipientList,
});

export class MailjetRecipientListController extends ListController {
    async onRecordSaved(record) {
        await super.onRecordSaved(record);
        await this.env.onMailjetRecipientsChanged?.();
    }

    async afterExecuteActionButton(clickParams) {
        await super.afterExecuteActionButton(clickParams);
        await this.env.onMailjetRecipientsChanged?.();
    }
}

registry.category("views").add("mailjet_recipient_list", {
    ...listView,
    Controller: MailjetRecipientListController,
});
