import { Component, onMounted, onWillUnmount, status, useEffect, useState } from "@odoo/owl";
import { browser } from "@web/core/browser/browser";
import { ConfirmationDialog } from "@web/core/confirmation_dialog/confirmation_dialog";
import { DateTimeInput } from "@web/core/datetime/datetime_input";
import { Dialog } from "@web/core/dialog/dialog";
import {
    deserializeDateTime,
    serializeDateTime,
    toLocaleDateTimeString,
} from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { KeepLast } from "@web/core/utils/concurrency";
import { useService } from "@web/core/utils/hooks";
import { formatInteger, formatPercentage } from "@web/views/fields/formatters";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";
import { getZoneName } from "../time_zone/time_zone";

const { DateTime } = luxon;

// What the plan depends on, whether it is saved or not.
const SETTINGS = [
    "send_mode",
    "portion_rule",
    "portion_size",
    "portion_working_days",
    "portion_hour",
    "in_recipient_zone",
];
// What it is read again for: other recipients, or a step of the sending.
const MOVES = ["state", "planned_count", "schedule_date", "delivery_step", "sent_date"];
const ACTIVE_STATES = ["in_queue", "preparing", "sending"];
const INTERVAL = 20000;

/** Asks for the date of one campaign. */
export class MailjetMoveDialog extends Component {
    static template = "massmailing_mailjet.MoveDialog";
    static components = { DateTimeInput, Dialog };
    static props = { name: String, date: Object, confirm: Function, close: Function };

    setup() {
        this.state = useState({ date: this.props.date });
        this.zone = getZoneName();
    }

    get title() {
        return _t("Move %(name)s", { name: this.props.name });
    }

    async confirm() {
        await this.props.confirm(this.state.date);
        this.props.close();
    }
}

/**
 * The campaigns of a mailing that is sent as several: when, to how many, and how far they
 * are. Before the sending it is the plan; afterwards each can be held, moved or canceled.
 */
export class MailjetCampaigns extends Component {
    static template = "massmailing_mailjet.Campaigns";
    static props = { ...standardWidgetProps };

    setup() {
        this.orm = useService("orm");
        this.dialog = useService("dialog");
        this.keepLast = new KeepLast();
        this.table = useState({ rows: [], problem: "" });
        this.zone = getZoneName();
        useEffect(
            () => {
                this.load();
            },
            () => {
                const { data, resId } = this.props.record;
                return [resId, ...[...MOVES, ...SETTINGS].map((name) => String(data[name]))];
            }
        );
        onMounted(() => {
            this.timer = browser.setInterval(() => this.isActive && this.load(), INTERVAL);
        });
        onWillUnmount(() => browser.clearInterval(this.timer));
    }

    get isActive() {
        return ACTIVE_STATES.includes(this.props.record.data.state);
    }

    get isPlan() {
        return this.table.rows.every((row) => !row.id);
    }

    get hasActions() {
        return this.table.rows.some((row) => row.actions.length);
    }

    /** The figures of those that were sent: all have the same ones. */
    get figures() {
        return this.table.rows.find((row) => row.figures.length)?.figures || [];
    }

    /** The rows of which the table has no room for all, on a phone. */
    get withMore() {
        return this.table.rows.filter(({ figures, actions }) => figures.length || actions.length);
    }

    getFigure(row, name) {
        return row.figures.find((figure) => figure.name === name);
    }

    formatCount(count) {
        return formatInteger(count);
    }

    /** A share of nobody is none. */
    formatRate({ rate }) {
        return rate === false ? "–" : formatPercentage(rate, { digits: [16, 1] });
    }

    get settings() {
        const { data } = this.props.record;
        return Object.fromEntries(SETTINGS.map((name) => [name, data[name]]));
    }

    async load() {
        const { resModel, resId } = this.props.record;
        if (!resId) {
            return;
        }
        const call = this.orm.silent.call(resModel, "get_campaign_table", [[resId]], {
            settings: this.settings,
        });
        Object.assign(this.table, await this.keepLast.add(call));
    }

    getDate(row) {
        return row.date && deserializeDateTime(row.date);
    }

    sayDate(row) {
        return row.date
            ? toLocaleDateTimeString(this.getDate(row))
            : row.wait || _t("At once");
    }

    /** The recipients: of those that it was planned for, if they are fewer. */
    sayCount(row) {
        const values = { sent: formatInteger(row.sent), planned: formatInteger(row.planned) };
        return row.state === "done" && row.sent !== row.planned
            ? _t("%(sent)s of %(planned)s", values)
            : values.planned;
    }

    getColor(row) {
        return row.state === "failed" ? "text-bg-danger" : "text-bg-light";
    }

    // What a button does is read out with the name of its campaign.
    getButtons(row) {
        const name = row.name;
        const buttons = {
            hold: [_t("Hold"), _t("Hold %(name)s", { name })],
            release: [_t("Release"), _t("Release %(name)s", { name })],
            move: [_t("Move"), _t("Move %(name)s", { name })],
            cancel: [_t("Cancel"), _t("Cancel %(name)s", { name })],
        };
        return row.actions.map((action) => ({
            action,
            label: buttons[action][0],
            title: buttons[action][1],
        }));
    }

    press(action, row) {
        const now = DateTime.now();
        if (action === "move") {
            const soon = now.plus({ hours: 2 }).startOf("hour");
            const date = this.getDate(row);
            return this.dialog.add(MailjetMoveDialog, {
                name: row.name,
                date: date && date > now ? date : soon,
                confirm: (chosen) => this.act(row, action, serializeDateTime(chosen)),
            });
        }
        if (action === "cancel") {
            return this.ask(
                row,
                action,
                _t("Cancel %(name)s", { name: row.name }),
                _t(
                    "Its recipients do not receive the mailing. You can send it to them later, with “Send to those not reached”."
                )
            );
        }
        if (action === "release" && (!row.date || this.getDate(row) <= now)) {
            return this.ask(
                row,
                action,
                _t("Release %(name)s", { name: row.name }),
                _t("Its time has passed: it is sent at once.")
            );
        }
        return this.act(row, action);
    }

    ask(row, action, title, body) {
        this.dialog.add(ConfirmationDialog, {
            title,
            body,
            confirmLabel: action === "cancel" ? _t("Cancel this part") : _t("Send now"),
            cancelLabel: _t("Keep it"),
            confirm: () => this.act(row, action),
            cancel: () => {},
        });
    }

    async act(row, action, ...values) {
        try {
            await this.orm.call("mailjet.campaign", `action_${action}`, [[row.id], ...values]);
        } finally {
            this.reload();
        }
    }

    /** Read the form and the table again. No dialog waits for it: the form may show
     * something else then. */
    async reload() {
        await this.props.record.load();
        if (status(this) !== "destroyed") {
            await this.load();
        }
    }
}

registry.category("view_widgets").add("mailjet_campaigns", {
    component: MailjetCampaigns,
    fieldDependencies: [
        { name: "state", type: "selection" },
        { name: "planned_count", type: "integer" },
        { name: "schedule_date", type: "datetime" },
        { name: "sent_date", type: "datetime" },
        { name: "delivery_step", type: "selection" },
        { name: "send_mode", type: "selection" },
        { name: "portion_rule", type: "selection" },
        { name: "portion_size", type: "integer" },
        { name: "portion_working_days", type: "boolean" },
        { name: "portion_hour", type: "float" },
        { name: "in_recipient_zone", type: "boolean" },
    ],
});
