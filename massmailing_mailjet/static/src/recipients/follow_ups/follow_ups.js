import { Component, useEffect, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { formatInteger } from "@web/views/fields/formatters";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";

const FOLLOW_UPS = [
    {
        kind: "remaining",
        method: "action_send_to_remaining",
        label: (count) => _t("Send to those not reached (%(count)s)", { count }),
    },
    {
        kind: "reminder",
        method: "action_resend",
        label: (count) => _t("Resend to non-openers (%(count)s)", { count }),
    },
];

/** The follow-ups of a sent mailing that have anyone to go to, and to how many. These are
 * counted once the form is open. */
export class MailjetFollowUps extends Component {
    static template = "massmailing_mailjet.FollowUps";
    static props = { ...standardWidgetProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.state = useState({ counts: {} });
        useEffect(
            (mailing) => {
                this.count(mailing);
            },
            () => [this.props.record.resId]
        );
    }

    get buttons() {
        const { counts } = this.state;
        return FOLLOW_UPS.filter(({ kind }) => counts[kind]).map((followUp) => ({
            ...followUp,
            text: followUp.label(formatInteger(counts[followUp.kind])),
        }));
    }

    async count(mailing) {
        this.state.counts = {};
        const counts = await this.call("get_follow_up_counts");
        if (mailing === this.props.record.resId) {
            this.state.counts = counts;
        }
    }

    call(method) {
        const { resModel, resId } = this.props.record;
        return this.orm.call(resModel, method, [[resId]]);
    }

    async open({ method }) {
        this.action.doAction(await this.call(method));
    }
}

registry.category("view_widgets").add("mailjet_follow_ups", { component: MailjetFollowUps });
