import { Component } from "@odoo/owl";
import { formatInteger, formatPercentage } from "@web/views/fields/formatters";
import { HtmlFrame } from "@massmailing_mailjet/composition/html_frame/html_frame";

const BADGE =
    "display:inline-block;margin-left:4px;padding:1px 6px;border-radius:8px;" +
    "background:#1f2937;color:#fff;font:bold 12px/1.4 sans-serif;white-space:nowrap";

/** The email as it was sent, and on each link who clicked it: how many, and their share of
 * all who clicked. The more, the stronger its color. */
export class MailjetClickMap extends Component {
    static template = "massmailing_mailjet.ClickMap";
    static components = { HtmlFrame };
    static props = { html: String, hrefs: Object, links: Array, clickers: Number };

    /** The email with its badges. Nothing of it runs while it is read. */
    get html() {
        const email = new DOMParser().parseFromString(this.props.html, "text/html");
        const links = Object.fromEntries(this.props.links.map((link) => [link.id, link]));
        for (const anchor of email.querySelectorAll("a[href]")) {
            const link = links[this.props.hrefs[anchor.getAttribute("href").trim()]];
            if (link) {
                this.mark(anchor, link);
            }
        }
        return `<!DOCTYPE html>${email.documentElement.outerHTML}`;
    }

    mark(anchor, { recipient_count }) {
        const most = Math.max(...this.props.links.map((link) => link.recipient_count), 1);
        const heat = 0.2 + (0.5 * recipient_count) / most;
        anchor.style.outline = `3px solid rgba(230, 90, 0, ${heat})`;
        const badge = anchor.ownerDocument.createElement("span");
        badge.dataset.clicks = recipient_count;
        badge.style.cssText = BADGE;
        const share = recipient_count / Math.max(this.props.clickers, 1);
        badge.textContent = [
            formatInteger(recipient_count),
            formatPercentage(share, { digits: [16, 0] }),
        ].join(" · ");
        anchor.append(badge);
    }
}
