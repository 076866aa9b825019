import { Component, onWillDestroy, onWillStart, status, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { browser } from "@web/core/browser/browser";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { Layout } from "@web/search/layout";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";

const STATES = {
    ok: { icon: "fa-check-circle", color: "text-success", label: _t("OK") },
    attention: {
        icon: "fa-exclamation-triangle",
        color: "text-warning",
        label: _t("Needs attention"),
    },
    broken: { icon: "fa-times-circle", color: "text-danger", label: _t("Action needed") },
    waiting: { icon: "fa-clock-o", color: "text-info", label: _t("Waiting for Mailjet") },
    unknown: { icon: "fa-circle-o", color: "text-muted", label: _t("Pending") },
};
const WAITING_MILLISECONDS = 3000;

/** Setting up and looking after a Mailjet account: checks, each with what to do. */
export class MailjetHealth extends Component {
    static template = "massmailing_mailjet.Health";
    static components = { Layout };
    static props = { ...standardActionServiceProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.display = { controlPanel: {} };
        this.state = useState({ report: null, busy: null });
        onWillStart(() => this.load());
        onWillDestroy(() => browser.clearTimeout(this.timer));
    }

    get sections() {
        const { setup, running, begin } = this.state.report;
        return [
            { title: _t("Setup"), checks: setup, isNumbered: true, begin },
            { title: _t("Operation"), checks: running, isNumbered: false },
        ].filter((section) => section.checks.length);
    }

    look(check) {
        return STATES[check.state];
    }

    /** Whether pressing the button of a check is what to do next. */
    isDue(check) {
        return !["ok", "waiting"].includes(check.state);
    }

    /** Read the checks; again and again while one of them waits for Mailjet. */
    async load(accountId = this.state.report?.account || false) {
        browser.clearTimeout(this.timer);
        this.state.report = await this.orm.call("mailjet.health", "get_report", [accountId]);
        if (this.state.report.waiting) {
            this.timer = browser.setTimeout(() => this.load(), WAITING_MILLISECONDS);
        }
    }

    async press({ name, button }) {
        if (button.action) {
            return this.action.doAction(button.action, { onClose: () => this.load() });
        }
        this.state.busy = name;
        try {
            const action = await this.orm.call("mailjet.account", button.method, [
                [this.state.report.account],
            ]);
            await this.follow(action);
        } finally {
            this.state.busy = null;
            // What the method asks for may be another page.
            if (status(this) !== "destroyed") {
                await this.load();
            }
        }
    }

    /** Do what the method asks for, except for reading a form again that is not here. */
    async follow(action) {
        if (action?.params?.next?.tag === "soft_reload") {
            action.params.next = undefined;
        }
        if (action?.type) {
            await this.action.doAction(action, { onClose: () => this.load() });
        }
    }
}

registry.category("actions").add("mailjet_health", MailjetHealth);
