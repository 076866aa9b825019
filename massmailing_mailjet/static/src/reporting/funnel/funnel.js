import { Component } from "@odoo/owl";
import { formatInteger, formatPercentage } from "@web/views/fields/formatters";

const STEPS = ["planned_count", "sent_count", "delivered_count", "opened_count", "clicked_count"];

/** From planned to clicked: how many are left at each step, and who they are. */
export class MailjetFunnel extends Component {
    static template = "massmailing_mailjet.Funnel";
    static props = { kpis: Array, onPeople: Function };

    /** The steps, each with its width in percent. */
    get steps() {
        const kpis = Object.fromEntries(this.props.kpis.map((kpi) => [kpi.name, kpi]));
        const widest = Math.max(...STEPS.map((name) => kpis[name].value), 1);
        return STEPS.map((name) => ({
            ...kpis[name],
            width: (100 * kpis[name].value) / widest,
            count: formatInteger(kpis[name].value),
            rate: kpis[name].ratio !== false && formatPercentage(kpis[name].ratio, { digits: [16, 1] }),
        }));
    }
}
