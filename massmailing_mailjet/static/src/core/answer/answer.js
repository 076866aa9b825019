import { status, useComponent, useEffect } from "@odoo/owl";
import { useService } from "@web/core/utils/hooks";

/**
 * Ask a method about the record of the form, each time that the server has given the form
 * new values: while these are being stored, nothing is asked about those before. What
 * comes too late, for other values, is dropped.
 *
 * @param {string} method of the record's model
 * @param {(answer: Object) => void} take what it answers
 */
export function useAnswer(method, take) {
    const component = useComponent();
    const orm = useService("orm");
    async function ask(values) {
        const { resModel, resId, model } = component.props.record;
        const isCurrent = () =>
            status(component) !== "destroyed" && values === component.props.record._values;
        await model.mutex.getUnlockedDef();
        const answer = resId && isCurrent() && (await orm.call(resModel, method, [[resId]]));
        if (answer && isCurrent()) {
            take(answer);
        }
    }
    useEffect(
        (values) => {
            ask(values);
        },
        () => [component.props.record._values]
    );
}
