import { onMounted, status, useComponent } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { untilQuiet } from "../quiet/quiet";

/**
 * What the steps can have ready before they are shown: functions of the record of the form
 * and of its environment.
 */
export const AHEAD = registry.category("mailjet_mailing_ahead");

/** Prepare the steps once the form on the screen has what it needs itself. */
export function usePrepareSteps() {
    const component = useComponent();
    onMounted(async () => {
        await untilQuiet();
        if (status(component) !== "destroyed") {
            AHEAD.getAll().forEach((prepare) => prepare(component.props.record, component.env));
        }
    });
}
