import { Component, onWillStart, useState } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { user } from "@web/core/user";
import { useService } from "@web/core/utils/hooks";
import { Layout } from "@web/search/layout";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";

/**
 * What becomes of the data of those who are mailed, with the figures of the settings;
 * managers open the consent record of an address and the prospects without contact here.
 */
export class MailjetPrivacy extends Component {
    static template = "massmailing_mailjet.Privacy";
    static components = { Layout };
    static props = { ...standardActionServiceProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.display = { controlPanel: {} };
        this.search = useState({ email: "" });
        onWillStart(async () => {
            [this.sections, this.isManager] = await Promise.all([
                this.orm.call("mailjet.privacy", "get_page", []),
                user.hasGroup("massmailing_mailjet.mailjet_group_manager"),
            ]);
        });
    }

    openRecord() {
        return this.action.doAction(
            "massmailing_mailjet.mailjet_consent_record_open_action",
            { additionalContext: { default_email: this.search.email.trim() } }
        );
    }

    openProspects() {
        return this.action.doAction("massmailing_mailjet.mailjet_retention_action");
    }
}

registry.category("actions").add("mailjet_privacy", MailjetPrivacy);
