import { user } from "@web/core/user";
import { formatInteger } from "@web/views/fields/formatters";

/** What stands in a sentence where a component shows a value of its own. */
export const SLOT = "\uE000";

/**
 * Return the form of a sentence that a count needs in the user's language: English
 * has a singular for 1, French for 0 and 1.
 *
 * @param {number} count
 * @param {Function} one returns the singular, given the count as it is written
 * @param {Function} other returns the plural
 */
export function sayCount(count, one, other) {
    const isOne = new Intl.PluralRules(user.lang).select(count) === "one";
    return String((isOne ? one : other)(formatInteger(count)));
}

/** Return the parts of a sentence before and after its `SLOT`. */
export function splitSentence(sentence) {
    const [before, after = ""] = String(sentence).split(SLOT);
    return { before, after };
}
