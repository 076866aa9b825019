import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { StatusBarField, statusBarField } from "@web/views/fields/statusbar/statusbar_field";
import { isSettled } from "../states/states";

/**
 * The four steps of a mailing as a clickable status bar. Those of a mailing that can no
 * longer be changed are only looked at: it opens on the last one each time.
 *
 * The form is saved while it still shows the step that the user is leaving: the
 * visual editor hands over its content only as long as it is on the screen.
 */
export class MailjetStepsField extends StatusBarField {
    setup() {
        super.setup();
        this.orm = useService("orm");
    }

    async selectItem(item) {
        const { record } = this.props;
        if (isSettled(record.data)) {
            record._applyValues({ step: item.value });
            return;
        }
        if (!(await record.save())) {
            return;
        }
        try {
            await this.orm.call(record.resModel, "action_go_to_step", [
                [record.resId],
                item.value,
            ]);
        } finally {
            await record.load();
        }
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
