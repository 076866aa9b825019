import { useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { useDebounced } from "@web/core/utils/timing";
import { ConfirmationDialog } from "@web/core/confirmation_dialog/confirmation_dialog";
import { useRecordObserver } from "@web/model/relational_model/utils";
import { AceField, aceField } from "@web/views/fields/ace/ace_field";
import { HtmlFrame } from "../html_frame/html_frame";
import { FileLink, makeFileLink } from "../upload/file_link";
import { chooseFile, useUpload } from "../upload/upload";
import { VariableButton } from "../variables/variable_button";
import { HtmlCodeEditor } from "./html_code_editor";

const PREVIEW_DELAY = 300; // milliseconds after the last key

/** An email's HTML as code, with what it looks like beside it. */
export class HtmlCodeField extends AceField {
    static template = "massmailing_mailjet.HtmlCodeField";
    static components = { HtmlCodeEditor, HtmlFrame, FileLink, VariableButton };

    setup() {
        super.setup();
        this.dialog = useService("dialog");
        this.notification = useService("notification");
        this.upload = useUpload();
        this.preview = useState({ html: "", isBusy: false });
        this.showPreview = useDebounced((html) => {
            this.preview.html = html;
        }, PREVIEW_DELAY);
        useRecordObserver((record) => {
            this.preview.html = record.data[this.props.name] || "";
        });
    }

    onReady(editor) {
        this.editor = editor;
        if (!editor.getValue()) {
            editor.focus();
        }
    }

    handleChange(value) {
        super.handleChange(value);
        this.showPreview(value);
    }

    insert(text) {
        this.editor.insert(text);
        setTimeout(() => this.editor.focus());
    }

    insertLink(file) {
        this.insert(makeFileLink(file).outerHTML);
    }

    async onUpload() {
        const file = await chooseFile(".html,.htm,.xhtml,.zip");
        if (!file) {
            return;
        }
        if (!this.editor.getValue().trim()) {
            return this.replaceBy(file);
        }
        this.dialog.add(ConfirmationDialog, {
            title: _t("Replace the code"),
            body: _t("The current code will be replaced with %s.", file.name),
            confirmLabel: _t("Replace"),
            confirm: () => this.replaceBy(file),
            cancel: () => {},
        });
    }

    async replaceBy(file) {
        this.preview.isBusy = true;
        try {
            const answer = await this.upload(this.props.record, "read_file", file);
            if (answer) {
                // Unlike `editor.setValue`, this can be undone.
                this.editor.session.doc.setValue(answer.html);
                this.editor.gotoLine(1);
                await this.commitChanges();
            }
            if (answer?.warning) {
                this.notification.add(answer.warning, { type: "warning", sticky: true });
            }
        } finally {
            this.preview.isBusy = false;
        }
    }
}

registry.category("fields").add("mailjet_html_code", {
    ...aceField,
    component: HtmlCodeField,
    supportedTypes: ["text"],
});
