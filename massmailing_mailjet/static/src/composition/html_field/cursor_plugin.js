import { Plugin } from "@html_editor/plugin";

/** Puts the cursor into the text of a theme that was just chosen. */
export class MailjetCursorPlugin extends Plugin {
    static id = "mailjetCursor";
    static dependencies = ["selection"];

    resources = {
        start_edition_handlers: () => {
            if (this.config.mailjet.isNew) {
                const text = this.editable.querySelector("[contenteditable=true]");
                this.window.focus();
                (text || this.editable).focus();
                this.dependencies.selection.setCursorStart(text || this.editable);
            }
        },
    };
}
