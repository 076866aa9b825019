import { registry } from "@web/core/registry";
import {
    EmojisCharField,
    emojisCharField,
} from "@mail/views/web/fields/emojis_char_field/emojis_char_field";
import { VariableButton } from "./variable_button";

/** A line of text into which emojis and variables are inserted at the cursor. */
export class VariableCharField extends EmojisCharField {
    static template = "massmailing_mailjet.VariableCharField";
    static components = { ...EmojisCharField.components, VariableButton };

    insert(token) {
        const input = this.input.el;
        input.setRangeText(token, this.selectionStart, this.selectionStart, "end");
        this.selectionStart = input.selectionStart;
        // What a user's own typing does.
        input.dispatchEvent(new InputEvent("input", { bubbles: true }));
        input.dispatchEvent(new Event("change", { bubbles: true }));
        // The list gives the focus back to its button as it closes.
        setTimeout(() => input.focus());
    }
}

registry.category("fields").add("mailjet_variable_char", {
    ...emojisCharField,
    component: VariableCharField,
});
