import { Component } from "@odoo/owl";
import { ConfirmationDialog } from "@web/core/confirmation_dialog/confirmation_dialog";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { standardFieldProps } from "@web/views/fields/standard_field_props";
import { useTemplateChooser } from "../template_chooser/template_chooser";
import { WAYS } from "../ways/ways";

/**
 * The three ways to compose an email, as cards. Once there is one, only the editor is
 * chosen, in one line. Each editor keeps what it holds when another one is chosen; what
 * would be lost is asked about.
 */
export class MailjetCompositionField extends Component {
    static template = "massmailing_mailjet.CompositionField";
    static props = { ...standardFieldProps };

    setup() {
        this.dialog = useService("dialog");
        this.openTemplates = useTemplateChooser();
        this.ways = WAYS;
    }

    get value() {
        return this.props.record.data[this.props.name];
    }

    /** A template is copied into one of the editors. */
    get editors() {
        return this.ways.filter(({ name }) => name !== "template");
    }

    get editor() {
        return this.value === "html" ? "html" : "blank";
    }

    get hasPage() {
        return this.isFilled("body_arch");
    }

    /** Whether there is nothing that a choice could hide. */
    get isEmpty() {
        return this.editor !== "html" && !this.hasPage && !this.isFilled("body_code");
    }

    isFilled(name) {
        return Boolean(String(this.props.record.data[name] || "").trim());
    }

    get madeFrom() {
        const { template_name } = this.props.record.data;
        const isMade = template_name && this.value === "template" && this.hasPage;
        return isMade ? _t("Based on “%s”.", template_name) : "";
    }

    /** Start in one of the ways. */
    async start(way) {
        await this.update(way);
        if (way === "template") {
            await this.openTemplates(this.props.record);
        }
    }

    async showEditor(editor) {
        const isMade = this.hasPage && this.props.record.data.template_name;
        await this.update(editor === "blank" && isMade ? "template" : editor);
    }

    async update(value) {
        if (value !== this.value) {
            await this.props.record.update({ [this.props.name]: value });
        }
    }

    askForBlankPage() {
        this.dialog.add(ConfirmationDialog, {
            title: _t("Start from a blank page?"),
            body: _t(
                "A blank page replaces the email in the visual editor. A template that it is based on is not changed."
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
            cancel: () => {},
        });
    }
}

registry.category("fields").add("mailjet_composition", {
    component: MailjetCompositionField,
    supportedTypes: ["selection"],
    fieldDependencies: [
        { name: "body_arch", type: "html" },
        { name: "body_code", type: "text" },
        { name: "body_html", type: "html" },
        { name: "template_name", type: "char", readonly: false },
    ],
});
