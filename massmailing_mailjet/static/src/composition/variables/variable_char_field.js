import { registry } from "@web/core/registry";
import { CharField, charField } from "@web/views/fields/char/char_field";
import { VariableButton } from "./variable_button";

/** A line of text into which variables are inserted at the cursor. */
export class VariableCharField extends CharField {
    static template = "massmailing_mailjet.VariableCharField";
    static components = { ...CharField.components, VariableButton };

    onBlur() {
        super.onBlur();
        this.typed = this.input.el.value;
    }

    insert(token) {
        const input = this.input.el;
        // Spaces at the ends were taken away as the cursor left.
        if (this.typed?.trim() === input.value) {
            input.value = this.typed;
        }
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
    ...charField,
    component: VariableCharField,
});
