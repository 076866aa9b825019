import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useChecks } from "../reading/reading";
import { sayCount } from "@massmailing_mailjet/core/sentences/sentences";
import { MailjetStepsField, mailjetStepsField } from "@massmailing_mailjet/core/steps_field/steps_field";

/** The four steps, each with the number of its open issues: what must be fixed in one
 * color, what may be accepted in another. */
export class MailjetCheckedStepsField extends MailjetStepsField {
    static template = "massmailing_mailjet.CheckedSteps";

    setup() {
        super.setup();
        this.checks = useChecks();
    }

    /** Return the badges of a step: their number, class and label. */
    getBadges({ value, label: step }) {
        const { red = 0, amber = 0 } = this.checks.answer?.open[value] || {};
        const badges = [
            {
                count: red,
                className: "o_red text-bg-danger",
                label: sayCount(
                    red,
                    (count) => _t("%(count)s issue in %(step)s", { count, step }),
                    (count) => _t("%(count)s issues in %(step)s", { count, step })
                ),
            },
            {
                count: amber,
                className: "o_amber text-bg-warning",
                label: sayCount(
                    amber,
                    (count) => _t("%(count)s issue to accept in %(step)s", { count, step }),
                    (count) => _t("%(count)s issues to accept in %(step)s", { count, step })
                ),
            },
        ];
        return badges.filter(({ count }) => count);
    }
}

registry.category("fields").add("mailjet_checked_steps", {
    ...mailjetStepsField,
    component: MailjetCheckedStepsField,
});
