import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import {
    BooleanToggleField,
    booleanToggleField,
} from "@web/views/fields/boolean_toggle/boolean_toggle_field";

/** Whether another reason than its tick box excludes a row: then a tick has no effect. */
export function isExcludedAnyway({ data }) {
    return Boolean(data.exclusion_reason) && data.exclusion_reason !== "unticked";
}

/**
 * The tick box of a recipient. It is ticked if the mailing is sent to the recipient, and
 * cannot be ticked where another reason excludes the recipient.
 */
export class MailjetTickField extends BooleanToggleField {
    static template = "massmailing_mailjet.TickField";

    get isExcluded() {
        return isExcludedAnyway(this.props.record);
    }

    get label() {
        return _t("Send to %s", this.props.record.data.name || "");
    }

    async onChange(newValue) {
        await super.onChange(newValue);
        await this.env.onMailjetRecipientsChanged?.();
    }
}

registry.category("fields").add("mailjet_tick", {
    ...booleanToggleField,
    component: MailjetTickField,
    fieldDependencies: [{ name: "exclusion_reason", type: "selection" }],
});
