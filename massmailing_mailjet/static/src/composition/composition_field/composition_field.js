import { Component, useState } from "@odoo/owl";
import { ConfirmationDialog } from "@web/core/confirmation_dialog/confirmation_dialog";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { standardFieldProps } from "@web/views/fields/standard_field_props";
import { useTemplateChooser } from "../template_chooser/template_chooser";

/**
 * The three ways to compose an e-mail, as cards. Each editor keeps what it holds when
 * another way is chosen; what would be lost is asked about.
 */
export class MailjetCompositionField extends Component {
    static template = "massmailing_mailjet.CompositionField";
    static props = { ...standardFieldProps };

    setup() {
        this.dialog = useService("dialog");
        this.openTemplates = useTemplateChooser();
        this.state = useState({ key: 0 });
        this.ways = {
            template: {
                icon: "fa-th-large",
                title: _t("Template"),
                text: _t("Start from a Mailjet template, a CRM template or one of our mailings."),
            },
            blank: {
                icon: "fa-paint-brush",
                title: _t("Blank page"),
                text: _t("Compose the email from blocks in the visual editor."),
            },
            html: {
                icon: "fa-code",
                title: _t("HTML code"),
                text: _t("Import a newsletter that was made elsewhere. For experts."),
            },
        };
    }

    get value() {
        return this.props.record.data[this.props.name];
    }

    get hasPage() {
        return Boolean(String(this.props.record.data.body_arch || "").trim());
    }

    get madeFrom() {
        const { template_name } = this.props.record.data;
        return template_name ? _t("Based on “%s”.", template_name) : "";
    }

    async select(way) {
        const { record, name } = this.props;
        if (way === "blank" && this.value === "template" && this.hasPage) {
            return this.askForBlankPage();
        }
        if (way !== this.value) {
            await record.update({ [name]: way });
        }
        if (way === "template" && !this.hasPage) {
            await this.openTemplates(record);
        }
    }

    askForBlankPage() {
        this.dialog.add(ConfirmationDialog, {
            title: _t("Start from a blank page?"),
            body: _t(
                "The visual editor contains the email based on a template. A blank page replaces it; the template itself is not changed."
            ),
            confirmLabel: _t("Start from a blank page"),
            confirm: () =>
                this.props.record.update({
                    [this.props.name]: "blank",
                    body_arch: "",
                    body_html: "",
                    template_name: false,
                }),
            cancelLabel: _t("Keep the email"),
            // The browser has ticked the other radio already.
            cancel: () => this.state.key++,
        });
    }
}

registry.category("fields").add("mailjet_composition", {
    component: MailjetCompositionField,
    supportedTypes: ["selection"],
    fieldDependencies: [
        { name: "body_arch", type: "html" },
        { name: "body_html", type: "html" },
        { name: "template_name", type: "char", readonly: false },
    ],
});
