import { isSettled } from "../states/states";

/**
 * Show a step of a mailing at once, and store it with what was typed, in one call.
 *
 * The editors hand over what was typed while they are still on the screen. A mailing that
 * cannot be stored goes back to its step, and keeps what was typed. The steps of one that
 * can no longer be changed are only looked at.
 */
export async function goToStep(record, step) {
    if (isSettled(record.data)) {
        record._applyValues({ step });
        return;
    }
    // What is not there yet has no recipients to show.
    const isReady = record.resId
        ? await record.checkValidity({ displayNotification: true })
        : await record.save();
    if (isReady) {
        await record.model.mutex.exec(() => storeStep(record, step));
    }
}

async function storeStep(record, step) {
    let isStored = false;
    await record._update({ step }, { withoutOnchange: true });
    try {
        isStored = await record._save();
    } finally {
        if (!isStored) {
            delete record._changes.step;
            record._applyValues({});
        }
    }
}

/** Go to the step after (1) or before (-1) the one that is shown. */
export function goToNeighbor(record, distance) {
    const steps = record.fields.step.selection.map(([name]) => name);
    const step = steps[steps.indexOf(record.data.step) + distance];
    return step && goToStep(record, step);
}
