import { Component, onWillStart } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { Layout } from "@web/search/layout";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";

/** What becomes of the data of those who are mailed, with the figures of the settings. */
export class MailjetPrivacy extends Component {
    static template = "massmailing_mailjet.Privacy";
    static components = { Layout };
    static props = { ...standardActionServiceProps };

    setup() {
        this.orm = useService("orm");
        this.display = { controlPanel: {} };
        onWillStart(async () => {
            this.sections = await this.orm.call("mailjet.privacy", "get_page", []);
        });
    }
}

registry.category("actions").add("mailjet_privacy", MailjetPrivacy);
