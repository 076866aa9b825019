import { onWillDestroy, reactive, toRaw, useComponent, useState } from "@odoo/owl";
import { useRecordObserver } from "@web/model/relational_model/utils";
import { untilQuiet } from "@massmailing_mailjet/core/quiet/quiet";
import { isSettled } from "@massmailing_mailjet/core/states/states";

/** What the checks last found in each mailing on the screen, by its record. */
const readings = reactive(new WeakMap());
/** The last request for each of them, with the values that the form had then. */
const requests = new WeakMap();
/** The components on the screen that show findings. */
const viewers = new Set();

function isShown(record) {
    return [...viewers].some(({ props }) => toRaw(props.record) === record);
}

/** Read the findings of a mailing; of several readings under way the last one counts. */
async function read(record, { again = false, isUrgent = true } = {}) {
    const { resModel, resId, model } = record;
    const request = { values: record._values };
    requests.set(record, request);
    if (!isUrgent) {
        await untilQuiet();
        if (requests.get(record) !== request || !isShown(record)) {
            return;
        }
    }
    const answer = await model.orm.silent.call(resModel, "get_checks", [[resId]], { again });
    if (requests.get(record) === request) {
        readings.set(record, answer);
    }
}

/**
 * The checks of the mailing in a form: `answer` is null until it is read. They are asked
 * for beside the form, which does not wait, each time that the server has given it new
 * values, and once for all components that show them. Nothing is checked of a mailing
 * that nobody can change.
 */
export function useChecks() {
    const component = useComponent();
    const shared = useState(readings);
    viewers.add(component);
    onWillDestroy(() => viewers.delete(component));
    useRecordObserver((observed) => {
        const { data, _values: values } = observed;
        // Not that of the props, which still have the mailing that was shown before.
        const record = toRaw(observed);
        if (data && record.resId && !isSettled(toRaw(data))) {
            // Saving a form in which nothing was changed leaves its values as they are.
            if (requests.get(record)?.values !== toRaw(values)) {
                read(record, { isUrgent: false });
            }
        }
    });
    return {
        get answer() {
            const { record } = component.props;
            return (!isSettled(record.data) && shared.get(toRaw(record))) || null;
        },
        load: (again) => read(toRaw(component.props.record), { again }),
    };
}
