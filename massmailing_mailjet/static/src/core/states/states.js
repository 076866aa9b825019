/** The states in which a mailing can still be changed. */
export const EDITABLE_STATES = ["draft", "cancelled"];

/** Whether nobody can change the mailing any more. */
export function isSettled({ state }) {
    return Boolean(state && !EDITABLE_STATES.includes(state));
}
