import { Component, onMounted, onPatched, useExternalListener, useRef } from "@odoo/owl";

/**
 * An email's HTML in a frame of its own, in which nothing runs, links lead nowhere and
 * no part of Odoo can be reached. One that is fitted is as high as its email.
 */
export class HtmlFrame extends Component {
    static template = "massmailing_mailjet.HtmlFrame";
    static props = {
        html: String,
        fitted: { type: Boolean, optional: true },
        narrow: { type: Boolean, optional: true },
        title: { type: String, optional: true },
    };

    setup() {
        this.frame = useRef("frame");
        if (this.props.fitted) {
            onMounted(() => this.fit());
            onPatched(() => this.fit());
            useExternalListener(window, "resize", () => this.fit());
        }
    }

    get source() {
        return `<base target="_blank">${this.props.html}`;
    }

    /** Measure the email in a frame that can be read, and is gone then: the one that is
     * shown stays closed. Nothing runs in either. */
    fit() {
        const frame = this.frame.el;
        const probe = frame.cloneNode();
        probe.setAttribute("sandbox", "allow-same-origin");
        probe.setAttribute("aria-hidden", "true");
        probe.tabIndex = -1;
        probe.className = "position-absolute top-0 border-0 invisible";
        probe.style.width = `${frame.clientWidth}px`;
        // An email fills a frame that is higher.
        probe.style.height = 0;
        probe.addEventListener("load", () => {
            const { scrollHeight } = probe.contentDocument.documentElement;
            frame.style.height = `${scrollHeight}px`;
            probe.remove();
        });
        document.body.append(probe);
    }
}
