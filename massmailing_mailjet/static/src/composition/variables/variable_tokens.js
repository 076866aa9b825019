import { _t } from "@web/core/l10n/translation";

/** A variable as it is written; as in `tools/variables.py`. */
export const TOKEN =
    /\$(?<name>[a-z]+-[a-z][a-z0-9_]*)(?:\|(?<fallback>[^$|\n]*(?:\n(?![ \t\r]*\n)[^$|<>\n]*)*))?\$/g;

/** Return the labels of variables by their names, such as `contacts-firstname`. */
export function getLabels(groups) {
    const variables = groups.flatMap((group) => group.variables);
    return new Map(variables.map(({ token, label }) => [token.slice(1, -1), label]));
}

/**
 * Return the variables in a text, in their order: where each one starts and ends, and
 * what it is called, with its fallback text. Unknown names are no variables.
 */
export function findVariables(text, labels) {
    return [...text.matchAll(TOKEN)]
        .filter(({ groups }) => labels.has(groups.name))
        .map(({ 0: token, index, groups }) => ({
            start: index,
            end: index + token.length,
            label: describe(labels.get(groups.name), groups.fallback?.trim()),
        }));
}

function describe(label, fallback) {
    return fallback ? _t("%(label)s or “%(fallback)s”", { label, fallback }) : label;
}
