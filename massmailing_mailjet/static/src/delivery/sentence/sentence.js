import { Component, xml } from "@odoo/owl";
import { toLocaleDateTimeString } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";
import { getZoneName } from "../time_zone/time_zone";
import { sayCount } from "@massmailing_mailjet/core/sentences/sentences";

/** The values of a sentence about a date: as this browser shows it, and its zone. */
function describe(date) {
    return {
        date: date ? toLocaleDateTimeString(date) : "",
        zone: getZoneName(),
    };
}

const SENTENCES = {
    scheduled: ({ schedule_date }) =>
        _t("This mailing will be sent on %(date)s (%(zone)s).", describe(schedule_date)),
    late: ({ schedule_date }) =>
        _t("This mailing was due to be sent on %(date)s (%(zone)s).", describe(schedule_date)),
    withdrawing: ({ mailjet_schedule_date }) =>
        _t(
            "Mailjet has been asked to withdraw the mailing. Until Mailjet confirms it, the mailing may still be sent on %(date)s (%(zone)s).",
            describe(mailjet_schedule_date)
        ),
    rescheduled: ({ reschedule_date }) =>
        _t("It is then prepared again for %(date)s (%(zone)s).", describe(reschedule_date)),
    sent: ({ sent_date, sent_count }) =>
        sayCount(
            sent_count,
            (count) =>
                _t("Sent on %(date)s to %(count)s recipient.", { ...describe(sent_date), count }),
            (count) =>
                _t("Sent on %(date)s to %(count)s recipients.", { ...describe(sent_date), count })
        ),
    refused: ({ failed_count }) =>
        sayCount(
            failed_count,
            (count) => _t("Mailjet refused %(count)s recipient.", { count }),
            (count) => _t("Mailjet refused %(count)s recipients.", { count })
        ),
};

/** A whole sentence about a mailing, with its dates and counts filled in. */
export class MailjetSentence extends Component {
    static template = xml`<span t-out="text" />`;
    static props = { ...standardWidgetProps, sentence: String };

    get text() {
        return SENTENCES[this.props.sentence](this.props.record.data);
    }
}

registry.category("view_widgets").add("mailjet_sentence", {
    component: MailjetSentence,
    extractProps: ({ options }) => ({ sentence: options.sentence }),
    fieldDependencies: [
        { name: "schedule_date", type: "datetime" },
        { name: "mailjet_schedule_date", type: "datetime" },
        { name: "reschedule_date", type: "datetime" },
        { name: "sent_date", type: "datetime" },
        { name: "sent_count", type: "integer" },
        { name: "failed_count", type: "integer" },
    ],
});
