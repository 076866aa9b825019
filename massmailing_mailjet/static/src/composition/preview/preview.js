import { Component, onWillStart, useState } from "@odoo/owl";
import { RecordSelector } from "@web/core/record_selectors/record_selector";
import { registry } from "@web/core/registry";
import { Mutex } from "@web/core/utils/concurrency";
import { useService } from "@web/core/utils/hooks";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";
import { HtmlFrame } from "../html_frame/html_frame";

/**
 * The email as its recipients see it, one after the other, or one that is looked for.
 * Before there are any it is shown for a record that could be one.
 */
export class MailjetPreview extends Component {
    static template = "massmailing_mailjet.Preview";
    static components = { HtmlFrame, RecordSelector };
    static props = { ...standardActionServiceProps };

    setup() {
        this.orm = useService("orm");
        const { version_id: version = null } = this.props.action.params;
        const mode = this.env.isSmall ? "mobile" : "desktop";
        this.state = useState({ mode, position: 0, email: null, version });
        // Each press counts from the recipient that the one before leads to.
        this.presses = new Mutex();
        onWillStart(() => this.go("next"));
    }

    get isSample() {
        return this.state.email.people.model !== "mailjet.recipient";
    }

    go(direction) {
        return this.presses.exec(() => this.showNeighbor(direction));
    }

    /** Show the next recipient, or the previous one. */
    async showNeighbor(direction) {
        const { email, position } = this.state;
        const { count } = await this.show(email?.person ? email.person.id : false, direction);
        const step = direction === "next" ? 1 : -1;
        // Of a recipient that was chosen, nobody has counted those before.
        const isCounted = count && (position || !email);
        this.state.position = isCounted ? ((position + step - 1 + count) % count) + 1 : 0;
    }

    async choose(personId) {
        if (personId) {
            await this.show(personId, "");
            this.state.position = 0;
        }
    }

    /** Show one of the versions as the same person; without an index the one they get. */
    async chooseVersion(index) {
        const { person, versions } = this.state.email;
        this.state.version = index === "" ? null : versions[index].id;
        await this.show(person ? person.id : false, "");
    }

    async show(personId, direction) {
        const { mailing_id } = this.props.action.params;
        const email = await this.orm.call("mailjet.mailing", "get_preview", [[mailing_id]], {
            person_id: personId,
            direction,
            version_id: this.state.version,
        });
        this.state.email = email;
        return email;
    }
}

registry.category("actions").add("mailjet_preview", MailjetPreview);
