import { Component, useState } from "@odoo/owl";
import { Dropdown } from "@web/core/dropdown/dropdown";
import { DropdownItem } from "@web/core/dropdown/dropdown_item";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";
import { useAnswer } from "@massmailing_mailjet/core/answer/answer";
import { isSettled } from "@massmailing_mailjet/core/states/states";

/**
 * The languages of a mailing and the emails of its A/B test: its own, the versions of it,
 * and those that can be added. Each version opens on a page of its own, beside the
 * original. No languages are shown where only one is installed.
 */
export class MailjetVersions extends Component {
    static template = "massmailing_mailjet.Versions";
    static components = { Dropdown, DropdownItem };
    static props = { ...standardWidgetProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        const none = { own: "", versions: [], missing: [] };
        this.state = useState({ languages: none, letters: none });
        useAnswer("get_versions", (answer) => Object.assign(this.state, answer));
    }

    get isSettled() {
        return isSettled(this.props.record.data);
    }

    canAdd({ missing }) {
        return !this.isSettled && missing.length > 0;
    }

    /** What was typed is saved first: a new version starts from it. */
    async add(method, ...values) {
        const { record } = this.props;
        if (await record.save()) {
            const action = await this.orm.call(record.resModel, method, [
                [record.resId],
                ...values,
            ]);
            await this.action.doAction(action);
        }
    }

    addLanguage(code) {
        return this.add("action_add_version", code);
    }

    addLetter() {
        return this.add("action_add_letter");
    }

    async open(id) {
        if (await this.props.record.save()) {
            const action = await this.orm.call("mailjet.version", "action_open", [[id]]);
            await this.action.doAction(action);
        }
    }
}

registry.category("view_widgets").add("mailjet_versions", {
    component: MailjetVersions,
    fieldDependencies: [{ name: "state", type: "selection" }],
});
