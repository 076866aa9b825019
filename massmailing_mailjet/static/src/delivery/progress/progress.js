import { Component, onMounted, onWillUnmount, useState } from "@odoo/owl";
import { browser } from "@web/core/browser/browser";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { formatInteger } from "@web/views/fields/formatters";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";
import { SLOT, splitSentence } from "@massmailing_mailjet/core/sentences/sentences";

const ACTIVE_STATES = ["in_queue", "preparing", "sending"];

/**
 * How far a mailing is on its way, kept up to date by one cheap call; while it can be
 * undone, the seconds that are left. The form is read again only when the mailing or one
 * of its campaigns has come to another state or step.
 */
export class MailjetProgress extends Component {
    static template = "massmailing_mailjet.Progress";
    static props = { ...standardWidgetProps };

    setup() {
        this.orm = useService("orm");
        this.progress = useState({ state: "", step: "", seconds: 0 });
        onMounted(() => {
            this.isMounted = true;
            this.ask();
            this.clock = browser.setInterval(() => this.tick(), 1000);
        });
        onWillUnmount(() => {
            this.isMounted = false;
            browser.clearTimeout(this.timer);
            browser.clearInterval(this.clock);
        });
    }

    get countdown() {
        const seconds = this.progress.seconds;
        return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
    }

    /** The sentence around the countdown. */
    get sending() {
        return splitSentence(_t("Sends in %(time)s", { time: SLOT }));
    }

    get numbers() {
        const { done, total } = this.progress;
        return _t("%(done)s of %(total)s", {
            done: formatInteger(done),
            total: formatInteger(total),
        });
    }

    /** A mailing of which nothing was sent yet and that waits for an hour days ahead has
     * nothing to show. */
    get isMoving() {
        const { schedule_date, sent_date } = this.props.record.data;
        const { state } = this.progress;
        return state && !(state === "in_queue" && schedule_date && !sent_date);
    }

    tick() {
        if (this.progress.seconds > 0) {
            this.progress.seconds--;
        }
    }

    async ask() {
        const { resModel, resId } = this.props.record;
        let interval = 20;
        try {
            const progress = await this.orm.silent.call(resModel, "get_progress", [[resId]]);
            if (!this.isMounted) {
                return;
            }
            interval = progress.interval;
            await this.show(progress);
        } catch (error) {
            // The server restarts, or the network is away: the next call tells.
            console.debug(error);
        }
        if (this.isMounted && ACTIVE_STATES.includes(this.progress.state || "in_queue")) {
            this.timer = browser.setTimeout(() => this.ask(), interval * 1000);
        }
    }

    async show(progress) {
        const { record } = this.props;
        const { campaigns = progress.campaigns } = this.progress;
        Object.assign(this.progress, progress, { seconds: progress.undo_seconds });
        const moved =
            progress.state !== record.data.state ||
            progress.step !== record.data.delivery_step ||
            progress.campaigns !== campaigns;
        if (moved && !(await record.isDirty())) {
            await record.load();
        }
    }

    async stop() {
        const { record } = this.props;
        try {
            await this.orm.call(record.resModel, "action_cancel", [[record.resId]]);
        } finally {
            await record.load();
        }
    }
}

registry.category("view_widgets").add("mailjet_progress", { component: MailjetProgress });
