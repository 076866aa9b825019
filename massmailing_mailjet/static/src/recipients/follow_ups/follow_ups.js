import { Component, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { Dropdown } from "@web/core/dropdown/dropdown";
import { DropdownItem } from "@web/core/dropdown/dropdown_item";
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
        label: (count, unmeasured) =>
            unmeasured
                ? _t("Resend to non-openers (%(count)s of those who are measured)", { count })
                : _t("Resend to non-openers (%(count)s)", { count }),
    },
];

/** The follow-ups of a sent mailing, and to how many each would go: these are counted as
 * the menu opens, since that reads every recipient. */
export class MailjetFollowUps extends Component {
    static template = "massmailing_mailjet.FollowUps";
    static components = { Dropdown, DropdownItem };
    static props = { ...standardWidgetProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.state = useState({ counts: {} });
    }

    get followUps() {
        const { counts } = this.state;
        return FOLLOW_UPS.map((followUp) => {
            const count = counts[followUp.kind];
            const text = followUp.label(formatInteger(count), counts.unmeasured);
            return { ...followUp, count, text };
        });
    }

    async count() {
        const { resModel, resId } = this.props.record;
        this.state.counts = await this.orm.call(resModel, "get_follow_up_counts", [[resId]]);
    }

    open({ count, method }) {
        if (count) {
            const { resModel, resId, context } = this.props.record;
            this.action.doActionButton({
                type: "object",
                name: method,
                resModel,
                resId,
                context,
            });
        }
    }
}

registry.category("view_widgets").add("mailjet_follow_ups", { component: MailjetFollowUps });
