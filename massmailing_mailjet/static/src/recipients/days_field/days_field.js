import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { IntegerField, integerField } from "@web/views/fields/integer/integer_field";
import { SLOT, sayCount, splitSentence } from "@massmailing_mailjet/core/sentences/sentences";

/** The days of "mailed in the last n days", within the sentence. */
export class MailjetDaysField extends IntegerField {
    static template = "massmailing_mailjet.DaysField";

    /** The sentence before and after the days, wherever the language has them. */
    get around() {
        return splitSentence(
            sayCount(
                this.value || 0,
                () => _t("Exclude anyone mailed in the last %(days)s day", { days: SLOT }),
                () => _t("Exclude anyone mailed in the last %(days)s days", { days: SLOT })
            )
        );
    }
}

registry.category("fields").add("mailjet_days", {
    ...integerField,
    component: MailjetDaysField,
});
