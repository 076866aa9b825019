import { Component, xml } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";
import { sayCount } from "./sentences";

const WORDS = {
    planned: (emails) =>
        sayCount(
            emails,
            (count) => _t("%(count)s email planned", { count }),
            (count) => _t("%(count)s emails planned", { count })
        ),
    sent: (emails) =>
        sayCount(
            emails,
            (count) => _t("%(count)s email sent", { count }),
            (count) => _t("%(count)s emails sent", { count })
        ),
};

/** A number of emails with what it counts, in the singular or the plural. */
export class MailjetCountedField extends Component {
    static template = xml`<span t-out="text" />`;
    static props = { ...standardFieldProps, words: String };

    get text() {
        return WORDS[this.props.words](this.props.record.data[this.props.name] || 0);
    }
}

registry.category("fields").add("mailjet_counted", {
    component: MailjetCountedField,
    supportedTypes: ["integer"],
    extractProps: ({ options }) => ({ words: options.words }),
});
