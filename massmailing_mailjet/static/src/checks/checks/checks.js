import { Component, useEffect, useRef, useState } from "@odoo/owl";
import { deserializeDateTime, toLocaleDateTimeString } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useBus, useService } from "@web/core/utils/hooks";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";
import { useChecks } from "../reading/reading";
import { sayCount } from "@massmailing_mailjet/core/sentences/sentences";

/** Says that somebody wants to send a mailing with open issues. */
const SHOW_ISSUES = "MAILJET:SHOW-ISSUES";

/**
 * What was checked before sending, and what was found: each finding with the way to fix
 * it, or with a box to accept it. The form is there before the list is: some checks read
 * a million records, or the links of other sites.
 */
export class MailjetChecks extends Component {
    static template = "massmailing_mailjet.Checks";
    static props = { ...standardWidgetProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.rootRef = useRef("root");
        this.checks = useChecks();
        this.changes = 0; // under way
        this.state = useState({ isOpening: false, isWanted: false, ticked: {} });
        useBus(this.env.bus, SHOW_ISSUES, () => this.showIssues());
        useEffect(
            (answer) => {
                if (answer) {
                    // What was asked for before a box was ticked does not know of it.
                    if (!this.changes) {
                        this.state.ticked = {};
                    }
                    this.openLinks(answer);
                }
            },
            () => [this.checks.answer]
        );
        useEffect(
            (isWanted) => {
                if (isWanted) {
                    this.state.isWanted = false;
                    this.focusIssue();
                }
            },
            () => [this.state.isWanted]
        );
    }

    get passed() {
        return sayCount(
            this.checks.answer.passed,
            (count) => _t("%(count)s check passed", { count }),
            (count) => _t("%(count)s checks passed", { count })
        );
    }

    /** The amber findings that nobody has accepted. */
    get acceptable() {
        return this.checks.answer.findings.filter(
            ({ level, acknowledged }) => level === "amber" && !acknowledged
        );
    }

    isChecked({ name, acknowledged }) {
        return this.state.ticked[name] ?? Boolean(acknowledged);
    }

    /** Read the findings again, and take the user to the first one that is open. */
    async showIssues() {
        await this.checks.load();
        this.state.isWanted = true;
    }

    focusIssue() {
        const issue = this.rootRef.el?.querySelector(".o_open");
        issue?.scrollIntoView({ block: "center" });
        issue?.focus({ preventScroll: true });
    }

    /** Let links that were not opened yet be opened, once in the life of this list. */
    async openLinks({ unchecked_links: count }) {
        if (count && !this.hasOpened) {
            await this.checkLinks();
        }
    }

    async checkLinks(again = false) {
        this.hasOpened = true;
        this.state.isOpening = true;
        try {
            await this.call("action_check_links", { again });
            await this.checks.load();
        } finally {
            this.state.isOpening = false;
        }
    }

    call(method, kwargs = {}) {
        const { resModel, resId } = this.props.record;
        return this.orm.call(resModel, method, [[resId]], kwargs);
    }

    async onChecked({ name, fingerprint }, isChecked) {
        this.state.ticked[name] = isChecked;
        await this.change(
            ...(isChecked
                ? ["acknowledge_checks", { fingerprints: { [name]: fingerprint } }]
                : ["revoke_acknowledgement", { name }])
        );
    }

    async acceptAll() {
        const fingerprints = {};
        for (const { name, fingerprint } of this.acceptable) {
            fingerprints[name] = fingerprint;
            this.state.ticked[name] = true;
        }
        await this.change("acknowledge_checks", { fingerprints });
    }

    /** Write what the user accepts. The form then reads the chatter again, and the list;
     * what was typed in it before is saved. */
    async change(method, kwargs) {
        const { record } = this.props;
        let isSaved = false;
        this.changes++;
        try {
            isSaved = await record.save();
            if (isSaved) {
                await this.call(method, kwargs);
            }
        } finally {
            this.changes--;
            if (isSaved) {
                await record.load();
            } else {
                this.state.ticked = {};
            }
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
        return toLocaleDateTimeString(deserializeDateTime(text));
    }
}

/** Say how many issues are open, and have the list of checks show them. */
export function showIssues(env, { params }) {
    env.services.notification.add(params.message, { type: "warning" });
    env.bus.trigger(SHOW_ISSUES);
}

registry.category("actions").add("mailjet_show_issues", showIssues);
registry.category("view_widgets").add("mailjet_checks", { component: MailjetChecks });
