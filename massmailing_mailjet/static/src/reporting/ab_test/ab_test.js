import { Component, useState } from "@odoo/owl";
import { ConfirmationDialog } from "@web/core/confirmation_dialog/confirmation_dialog";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { formatInteger, formatPercentage } from "@web/views/fields/formatters";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";
import { useAnswer } from "@massmailing_mailjet/core/answer/answer";

const MEASURES = { opened: _t("Opened"), clicked: _t("Clicked"), leads: _t("Leads") };

/** The versions of an A/B test with their figures, and the choice of the winner. */
export class MailjetAbTest extends Component {
    static template = "massmailing_mailjet.AbTest";
    static props = { ...standardWidgetProps };

    setup() {
        this.orm = useService("orm");
        this.dialog = useService("dialog");
        this.measures = Object.entries(MEASURES).map(([name, label]) => ({ name, label }));
        this.test = useState({ rows: [] });
        useAnswer("get_ab_test", (answer) => Object.assign(this.test, answer));
    }

    formatCount(count) {
        return formatInteger(count);
    }

    formatRate(rate) {
        return formatPercentage(rate, { digits: [16, 1] });
    }

    sayInterval({ low, high }) {
        return _t("%(low)s to %(high)s", {
            low: this.formatRate(low),
            high: this.formatRate(high),
        });
    }

    get rateTitle() {
        return MEASURES[this.test.criterion];
    }

    getTitle(row) {
        return _t("Send %(version)s to the others", { version: row.name });
    }

    choose(row) {
        this.dialog.add(ConfirmationDialog, {
            title: this.getTitle(row),
            body: _t("%(count)s recipients get it as soon as it is prepared.", {
                count: formatInteger(this.test.waiting),
            }),
            confirmLabel: _t("Send it"),
            confirm: () => this.send(row.letter),
            cancelLabel: _t("Keep waiting"),
            cancel: () => {},
        });
    }

    async send(letter) {
        const { record } = this.props;
        try {
            await this.orm.call(record.resModel, "action_choose_winner", [
                [record.resId],
                letter,
            ]);
        } finally {
            await record.load();
        }
    }
}

registry.category("view_widgets").add("mailjet_ab_test", {
    component: MailjetAbTest,
    fieldDependencies: [
        { name: "state", type: "selection" },
        { name: "sent_date", type: "datetime" },
    ],
});
