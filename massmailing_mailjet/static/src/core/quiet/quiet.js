import { delay } from "@web/core/utils/concurrency";
import { rpcBus } from "@web/core/network/rpc";

/** How often it is looked whether anything is still under way, in milliseconds. */
const PAUSE = 100;
/** The calls whose answers the screen waits for. */
const calls = new Set();

rpcBus.addEventListener("RPC:REQUEST", ({ detail: { data, settings } }) => {
    if (!settings.silent) {
        calls.add(data.id);
    }
});
rpcBus.addEventListener("RPC:RESPONSE", ({ detail: { data } }) => calls.delete(data.id));

/** Wait until the screen has what it needs: what it can do without does not delay it. */
export async function untilQuiet() {
    do {
        await delay(PAUSE);
    } while (calls.size);
}
