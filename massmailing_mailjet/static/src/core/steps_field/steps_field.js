import { registry } from "@web/core/registry";
import { StatusBarField, statusBarField } from "@web/views/fields/statusbar/statusbar_field";
import { goToStep } from "./go_to_step";

/**
 * The four steps of a mailing as a clickable status bar. That of a mailing that can no
 * longer be changed opens on the last one each time.
 */
export class MailjetStepsField extends StatusBarField {
    selectItem(item) {
        return goToStep(this.props.record, item.value);
    }
}

export const mailjetStepsField = {
    ...statusBarField,
    component: MailjetStepsField,
    supportedTypes: ["selection"],
    fieldDependencies: [{ name: "state", type: "selection" }],
    extractProps: (...args) => ({
        ...statusBarField.extractProps(...args),
        isDisabled: false,
    }),
};

registry.category("fields").add("mailjet_steps", mailjetStepsField);
