import { Component, onWillStart, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { Dropdown } from "@web/core/dropdown/dropdown";
import { DropdownItem } from "@web/core/dropdown/dropdown_item";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { pick } from "@web/core/utils/objects";
import { SelectCreateDialog } from "@web/views/view_dialogs/select_create_dialog";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";

const DAYS = [7, 30, 90];

/**
 * Two menus: what recipients are added from, and who is excluded. What they offer is
 * read when one is opened.
 */
export class MailjetRecipientSources extends Component {
    static template = "massmailing_mailjet.RecipientSources";
    static components = { Dropdown, DropdownItem };
    static props = { ...standardWidgetProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.dialog = useService("dialog");
        this.state = useState({ kinds: [], filters: {}, targets: {} });
        onWillStart(() => this.isFirst && this.readSources());
    }

    /** A follow-up has the recipients that it was created with. */
    get canAdd() {
        return !this.props.record.data.origin_id;
    }

    get canExclude() {
        return Boolean(this.props.record.data.recipient_count);
    }

    /** Before anybody was added, everybody can be with one click. */
    get isFirst() {
        return this.canAdd && !this.canExclude;
    }

    get hasTargets() {
        return this.props.record.data.recipient_type === "target";
    }

    /** The days to choose from, as sentences. */
    get days() {
        return DAYS.map((days) => ({
            days,
            label: _t("Anyone mailed in the last %s days", days),
        }));
    }

    async readSources() {
        const { resModel, resId } = this.props.record;
        Object.assign(this.state, await this.orm.call(resModel, "get_sources", [[resId]]));
    }

    /** Save the form and call a method of the mailing, as a button does. */
    press(name, ...args) {
        return this.env.onClickViewButton({
            clickParams: { type: "object", name, args: JSON.stringify(args) },
            getResParams: () =>
                pick(
                    this.props.record,
                    "context",
                    "evalContext",
                    "resModel",
                    "resId",
                    "resIds"
                ),
        });
    }

    /** Choose among all filters or targets, where they are too many for a menu. */
    search(resModel, domain, method) {
        this.dialog.add(SelectCreateDialog, {
            resModel,
            domain,
            title: resModel === "ir.filters" ? _t("Saved filters") : _t("Targets"),
            noCreate: true,
            multiSelect: false,
            onSelected: ([id]) => this.press(method, id),
        });
    }

    createTarget() {
        return this.action.doAction({
            type: "ir.actions.act_window",
            name: _t("New target"),
            res_model: "mailjet.target",
            views: [[false, "form"]],
            target: "new",
        });
    }

    async setDays(days) {
        await this.props.record.update({ frequency_cap_days: days }, { save: true });
    }
}

registry.category("view_widgets").add("mailjet_recipient_sources", {
    component: MailjetRecipientSources,
    fieldDependencies: [
        { name: "recipient_type", type: "selection" },
        { name: "origin_id", type: "many2one" },
        { name: "recipient_count", type: "integer" },
        { name: "frequency_cap_days", type: "integer" },
    ],
});
