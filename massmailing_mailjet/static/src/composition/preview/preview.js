import { Component, onWillStart, useState } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";
import { HtmlFrame } from "../html_frame/html_frame";

/** The e-mail as its recipients see it, one after the other. */
export class MailjetPreview extends Component {
    static template = "massmailing_mailjet.Preview";
    static components = { HtmlFrame };
    static props = { ...standardActionServiceProps };

    setup() {
        this.orm = useService("orm");
        this.state = useState({ mode: "desktop", position: 0, email: null });
        onWillStart(() => this.go("next"));
    }

    async go(direction) {
        const { mailing_id } = this.props.action.params;
        const before = this.state.email?.row;
        const email = await this.orm.call("mailjet.mailing", "get_preview", [[mailing_id]], {
            row_id: before ? before.id : false,
            direction,
        });
        const step = direction === "next" ? 1 : -1;
        const { position } = this.state;
        this.state.position = email.count
            ? ((position + step - 1 + email.count) % email.count) + 1
            : 0;
        this.state.email = email;
    }
}

registry.category("actions").add("mailjet_preview", MailjetPreview);
