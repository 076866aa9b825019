import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { formatInteger } from "@web/views/fields/formatters";
import { DomainField, domainField } from "@web/views/fields/domain/domain_field";

// What a record of each kind is, besides its condition, as when it is loaded.
const KIND_DOMAIN = {
    contact: [["is_company", "=", false]],
    account: [["is_company", "=", true]],
    lead: [],
};

/** A condition on the records of one kind, which counts and shows only these. */
export class MailjetConditionField extends DomainField {
    static props = { ...DomainField.props, kind: String };

    getEvaluatedDomain(props = this.props) {
        const domain = super.getEvaluatedDomain(props);
        // An option names the kind itself or the field that holds it.
        const kind = props.record.data[props.kind] || props.kind;
        return domain.isInvalid ? domain : [...(KIND_DOMAIN[kind] || []), ...domain];
    }
}

const conditionField = {
    ...domainField,
    component: MailjetConditionField,
    extractProps: ({ options }, dynamicInfo) => ({
        ...domainField.extractProps({ options }, dynamicInfo),
        kind: options.kind,
    }),
};
registry.category("fields").add("mailjet_condition", conditionField);

/** The members of a target: none, all records of the kind, or those of a condition. */
export class MailjetMembersField extends MailjetConditionField {
    static template = "massmailing_mailjet.MembersField";

    get scopes() {
        return [
            { name: "none", label: _t("None") },
            { name: "all", label: _t("All records") },
            { name: "conditions", label: _t("By conditions") },
        ];
    }

    /** No condition finds nobody, and an empty one all. */
    get scope() {
        const value = this.props.record.data[this.props.name];
        if (!value) {
            return "none";
        }
        return value.trim() === "[]" ? "all" : "conditions";
    }

    get count() {
        const number = formatInteger(this.state.recordCount);
        return _t("Records found: %s", number + (this.state.hasLimitedCount ? "+" : ""));
    }

    /** Nobody is not counted. */
    async checkProps(props = this.props) {
        if (props.record.data[props.name]) {
            await super.checkProps(props);
        } else {
            this.updateState();
        }
    }

    async onScopeChosen(scope) {
        if (scope === "conditions") {
            await this.addCondition();
        } else {
            this.update(scope === "all" ? "[]" : false);
        }
    }
}

registry.category("fields").add("mailjet_members", {
    ...conditionField,
    component: MailjetMembersField,
});
