import { Component, onWillStart, useState } from "@odoo/owl";
import { deserializeDateTime, toLocaleDateTimeString } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { Layout } from "@web/search/layout";
import { formatInteger, formatPercentage } from "@web/views/fields/formatters";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";
import { sayCount } from "@massmailing_mailjet/core/sentences/sentences";
import { MailjetClickMap } from "../click_map/click_map";
import { MailjetFunnel } from "../funnel/funnel";
import { MailjetTimeline } from "./timeline";

const TROUBLES = [
    "bounced_count",
    "blocked_count",
    "failed_count",
    "complaint_count",
    "optout_count",
];

// Rates of which less is better.
const BURDENS = new Set(["bounced_ratio", "optout_ratio"]);

/** The thousandths of a rate, as many as are shown: what looks equal is equal. */
const toShown = (rate) => Math.round(1000 * rate);

/** What came of a mailing, on one page. Every number opens its recipients. */
export class MailjetStatistics extends Component {
    static template = "massmailing_mailjet.Statistics";
    static components = { Layout, MailjetClickMap, MailjetFunnel, MailjetTimeline };
    static props = { ...standardActionServiceProps };
    static path = "mass-mailing-statistics";
    static displayName = _t("Statistics");

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.state = useState({ data: null });
        onWillStart(() => this.load());
    }

    async load() {
        const { active_id: mailing } = this.props.action.context;
        this.state.data = await this.orm.call("mailjet.mailing", "get_statistics", [[mailing]]);
        this.env.config.setDisplayName(_t("Statistics"));
    }

    get data() {
        return this.state.data;
    }

    get meanTitle() {
        return sayCount(
            this.data.comparison.count,
            () => _t("Before: the previous mailing"),
            (count) => _t("Before: average of the last %(count)s mailings", { count })
        );
    }

    get kpis() {
        return Object.fromEntries(this.data.kpis.map((kpi) => [kpi.name, kpi]));
    }

    get labels() {
        return Object.fromEntries(this.data.kpis.map(({ name, label }) => [name, label]));
    }

    get sentDate() {
        return deserializeDateTime(this.data.sent_date);
    }

    get sentOn() {
        return _t("Sent on %(date)s", { date: toLocaleDateTimeString(this.sentDate) });
    }

    get troubles() {
        return TROUBLES.map((name) => this.kpis[name]);
    }

    get machines() {
        return this.kpis.machine_opened_count;
    }

    get machinesText() {
        return sayCount(
            this.machines.value,
            (count) => _t("%(count)s more email was opened by machines only.", { count }),
            (count) => _t("%(count)s more emails were opened by machines only.", { count })
        );
    }

    /** The rates beside their mean, and whether that is good news. */
    get rates() {
        return this.data.comparison.rates.map((rate) => {
            const difference = (toShown(rate.value) - toShown(rate.average)) / 1000;
            const better = BURDENS.has(rate.name) ? difference < 0 : difference > 0;
            const tone = better ? "text-success" : "text-danger";
            const size = this.percent(Math.abs(difference), true);
            return {
                ...rate,
                difference: difference ? `${difference > 0 ? "+" : "−"}${size}` : "=",
                tone: difference ? tone : "text-muted",
            };
        });
    }

    get mostClicks() {
        return Math.max(...this.data.links.map((link) => link.recipient_count), 1);
    }

    number(value) {
        return formatInteger(value);
    }

    percent(value, noSymbol = false) {
        return formatPercentage(value, { digits: [16, 1], noSymbol });
    }

    async openPeople(kpi, start = null, end = null) {
        await this.open("action_open_recipients", kpi, start, end);
    }

    async openLinkPeople(link) {
        await this.open("action_open_link_recipients", link.id);
    }

    async openLeads() {
        await this.open("action_view_leads");
    }

    /** Follow the action that a method of the mailing answers. */
    async open(method, ...args) {
        this.action.doAction(
            await this.orm.call("mailjet.mailing", method, [[this.data.id], ...args])
        );
    }
}

registry.category("actions").add("mailjet_statistics", MailjetStatistics);
