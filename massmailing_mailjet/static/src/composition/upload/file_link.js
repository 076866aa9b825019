import { Component, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { browser } from "@web/core/browser/browser";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";
import { chooseFile, useUpload } from "./upload";

/** The link to a hosted file, as an element of a document. */
export function makeFileLink({ url, name, size }, document = window.document) {
    const link = document.createElement("a");
    link.href = url;
    link.textContent = `${name} (${size})`;
    return link;
}

/**
 * Says that emails carry no attachments, and offers a link to a hosted file instead:
 * inserted by whoever shows this component, copied otherwise.
 */
export class FileLink extends Component {
    static template = "massmailing_mailjet.FileLink";
    static props = { ...standardWidgetProps, onFile: { type: Function, optional: true } };

    setup() {
        this.notification = useService("notification");
        this.upload = useUpload();
        this.state = useState({ isBusy: false });
    }

    async onClick() {
        const chosen = await chooseFile();
        if (!chosen) {
            return;
        }
        this.state.isBusy = true;
        try {
            const file = await this.upload(this.props.record, "host_file", chosen);
            if (file) {
                await (this.props.onFile ? this.props.onFile(file) : this.copy(file));
            }
        } finally {
            this.state.isBusy = false;
        }
    }

    async copy({ url, name, size }) {
        let title = _t("The address of %(name)s (%(size)s)", { name, size });
        try {
            await browser.navigator.clipboard.writeText(url);
            title = _t("The address of %(name)s (%(size)s) is copied", { name, size });
        } catch {
            // Browsers copy on secure pages only: then it is read below.
        }
        this.notification.add(url, { title, type: "success", sticky: true });
    }
}

registry.category("view_widgets").add("mailjet_file_link", { component: FileLink });
