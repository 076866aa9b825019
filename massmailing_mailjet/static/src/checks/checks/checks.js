import { Component, useState } from "@odoo/owl";
import { deserializeDateTime, formatDateTime } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { useRecordObserver } from "@web/model/relational_model/utils";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";
import { sayCount } from "@massmailing_mailjet/core/sentences/sentences";

/**
 * What was looked at before the sending, and what was found: each finding with the way to
 * mend it, or with a box to say that it is meant like this. The form is there before the
 * list is: some checks read a million records, or the links of other sites.
 */
export class MailjetChecks extends Component {
    static template = "massmailing_mailjet.Checks";
    static props = { ...standardWidgetProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.state = useState({ checks: null, isOpening: false });
        this.number = 0;
        // Again each time that the form was read: after a test, or an edit.
        useRecordObserver(({ data }) => {
            if (data) {
                this.load();
            }
        });
    }

    get passed() {
        return sayCount(
            this.state.checks.passed,
            (count) => _t("%(count)s check passed", { count }),
            (count) => _t("%(count)s checks passed", { count })
        );
    }

    /** Read the findings; of several readings under way the last one counts. */
    async load(again = false) {
        const { resId } = this.props.record;
        if (!resId) {
            return;
        }
        const number = ++this.number;
        const checks = await this.call("get_checks", { again });
        if (number === this.number) {
            for (const finding of checks.findings) {
                finding.isChecked = Boolean(finding.acknowledged);
            }
            this.state.checks = checks;
            await this.openLinks();
        }
    }

    /** Let links that were not opened yet be opened, once in the life of this list. */
    async openLinks() {
        const { checks } = this.state;
        if (checks.unchecked_links && !this.hasOpened) {
            await this.checkLinks();
        }
    }

    async checkLinks(again = false) {
        this.hasOpened = true;
        this.state.isOpening = true;
        try {
            await this.call("action_check_links", { again });
            await this.load();
        } finally {
            this.state.isOpening = false;
        }
    }

    call(method, kwargs = {}) {
        const { resModel, resId } = this.props.record;
        return this.orm.call(resModel, method, [[resId]], kwargs);
    }

    async onChecked(finding, isChecked) {
        const { name, fingerprint } = finding;
        finding.isChecked = isChecked;
        try {
            await (isChecked
                ? this.call("acknowledge_check", { name, fingerprint })
                : this.call("revoke_acknowledgement", { name }));
        } finally {
            // Reads the chatter again, and through it this list.
            await this.props.record.load();
        }
    }

    async onPlaceClicked({ name }) {
        const { record } = this.props;
        if (!(await record.save())) {
            return;
        }
        await this.action.doActionButton({
            type: "object",
            name: "action_open_finding",
            args: JSON.stringify([name]),
            resModel: record.resModel,
            resId: record.resId,
            onClose: () => record.load(),
        });
    }

    formatDate(text) {
        return formatDateTime(deserializeDateTime(text), { showSeconds: false });
    }
}

registry.category("view_widgets").add("mailjet_checks", { component: MailjetChecks });
