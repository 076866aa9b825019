import { Component } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { capitalize } from "@web/core/utils/strings";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";

const { DateTime } = luxon;

// When people read newsletters: on the day itself if it is early enough, or soon.
const AFTERNOON = 14;
const MORNING = 9;
const GOOD_WEEKDAYS = [2, 4];
const GOOD_HOUR = 10;

/** Return the hours to offer, soonest first, as [date, label]. */
export function getGoodHours(now = DateTime.local()) {
    const at = (date, hour) => date.startOf("day").set({ hour });
    const say = (date) => date.toLocaleString(DateTime.TIME_SIMPLE);
    const today = at(now, AFTERNOON);
    const tomorrow = at(now.plus({ days: 1 }), MORNING);
    const weekdays = GOOD_WEEKDAYS.map((weekday) => {
        const days = ((weekday - now.weekday + 6) % 7) + 1;
        return at(now.plus({ days }), GOOD_HOUR);
    }).sort((one, other) => one - other);
    return [
        [today, _t("Today, %(time)s", { time: say(today) })],
        [tomorrow, _t("Tomorrow, %(time)s", { time: say(tomorrow) })],
        ...weekdays.map((date) => [
            date,
            _t("%(day)s, %(time)s", {
                // Some languages write the days of the week in small letters.
                day: capitalize(date.toLocaleString({ weekday: "long" })),
                time: say(date),
            }),
        ]),
    ].filter(([date]) => date > now);
}

/** Good hours for a mailing, each one click away, in the time zone of all other dates. */
export class MailjetGoodHours extends Component {
    static template = "massmailing_mailjet.GoodHours";
    static props = { ...standardWidgetProps };

    setup() {
        this.hours = getGoodHours();
    }

    isChosen(date) {
        return Number(this.props.record.data.schedule_date) === Number(date);
    }

    choose(date) {
        return this.props.record.update({ schedule_date: date });
    }
}

registry.category("view_widgets").add("mailjet_good_hours", {
    component: MailjetGoodHours,
    fieldDependencies: [{ name: "schedule_date", type: "datetime" }],
});
