import { Component } from "@odoo/owl";

/**
 * An email's HTML in a frame of its own, in which nothing runs, links lead nowhere and
 * no part of Odoo can be reached.
 */
export class HtmlFrame extends Component {
    static template = "massmailing_mailjet.HtmlFrame";
    static props = {
        html: String,
        narrow: { type: Boolean, optional: true },
        title: { type: String, optional: true },
    };

    get source() {
        return `<base target="_blank">${this.props.html}`;
    }
}
