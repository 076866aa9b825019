import { Component } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";

const { DateTime } = luxon;

/** The time zone in which this browser shows every date. */
export function getZoneName() {
    const now = DateTime.local();
    return now.zoneName === "UTC" ? "UTC" : `${now.zoneName}, UTC${now.toFormat("ZZ")}`;
}

/** The time zone of the date beside it. */
export class MailjetTimeZone extends Component {
    static template = "massmailing_mailjet.TimeZone";
    static props = { ...standardWidgetProps };

    get name() {
        return getZoneName();
    }
}

registry.category("view_widgets").add("mailjet_time_zone", { component: MailjetTimeZone });
