import { registry } from "@web/core/registry";
import { Plugin } from "@html_editor/plugin";
import { childNodeIndex } from "@html_editor/utils/position";
import { descendants, selectElements } from "@html_editor/utils/dom_traversal";
import { isTextNode } from "@html_editor/utils/dom_info";
import { callbacksForCursorUpdate } from "@html_editor/utils/selection";
import { withSequence } from "@html_editor/utils/resource";
import { findVariables, getLabels } from "../variables/variable_tokens";

const CHIP = ".o_mailjet_chip";
const NO_CHIPS = `${CHIP}, style, script, title, textarea, [data-oe-protected]`;

/**
 * Shows the variables in the text of the visual editor by their names. A chip is an
 * element around a variable as it is written, which hides it and shows its name. There
 * are chips in the editor only: what is saved, copied or sent is the variable itself.
 *
 * `config.mailjet.variables` are the groups of the picker.
 */
export class MailjetVariableChipPlugin extends Plugin {
    static id = "mailjetVariableChip";
    static dependencies = ["selection"];
    resources = this.config.mailjet ? this.getResources() : {};

    getResources() {
        this.labels = getLabels(this.config.mailjet.variables);
        return {
            // Before the editor adds places for the cursor around each chip.
            normalize_handlers: withSequence(5, (root) => this.showChips(root)),
            clean_for_save_handlers: withSequence(0, ({ root }) => this.removeChips(root)),
            clipboard_content_processors: (content) => this.removeChips(content),
            selectors_for_feff_providers: () => CHIP,
            // The format of a variable is that of its text.
            format_selection_handlers: () => this.openSelectedChips(),
            color_apply_overrides: () => this.openSelectedChips(),
        };
    }

    showChips(root) {
        for (const chip of [...selectElements(root, CHIP)]) {
            if (!this.isWhole(chip)) {
                this.open(chip);
            }
        }
        for (const node of [root, ...descendants(root)].filter(isTextNode)) {
            if (node.data.includes("$") && !node.parentElement?.closest(NO_CHIPS)) {
                this.wrapVariables(node);
            }
        }
    }

    isWhole(chip) {
        const [text, ...others] = chip.childNodes;
        const [found] = text && isTextNode(text) ? findVariables(text.data, this.labels) : [];
        return !others.length && found && found.end - found.start === text.data.length;
    }

    /** Put each variable of a text into a chip, from the last one to the first. */
    wrapVariables(node) {
        for (const variable of findVariables(node.data, this.labels).reverse()) {
            this.wrap(node, variable);
        }
    }

    wrap(node, { start, end, label }) {
        const cursors = this.dependencies.selection.preserveSelection();
        const chip = this.makeChip(node.data.slice(start, end), label);
        const rest = this.document.createTextNode(node.data.slice(end));
        const added = chip.childNodes.length + 1;
        const index = node.parentNode ? childNodeIndex(node) : 0;
        cursors.update((cursor) => {
            if (cursor.node === node && cursor.offset > start) {
                cursor.node = rest;
                cursor.offset = Math.max(0, cursor.offset - end);
            } else if (cursor.node === node.parentNode && cursor.offset > index) {
                cursor.offset += added;
            }
        });
        node.data = node.data.slice(0, start);
        node.after(chip, rest);
        cursors.restore();
    }

    makeChip(token, label) {
        const chip = this.document.createElement("span");
        chip.className = CHIP.slice(1);
        chip.contentEditable = "false";
        chip.dataset.label = label;
        chip.title = token;
        chip.append(token);
        return chip;
    }

    /** Leave the variables of a copy of the content as they are written. */
    removeChips(root) {
        for (const chip of root.querySelectorAll(CHIP)) {
            const parent = chip.parentNode;
            for (const neighbor of [chip.previousSibling, chip.nextSibling]) {
                if (neighbor && isTextNode(neighbor)) {
                    neighbor.data = neighbor.data.replaceAll("\ufeff", "");
                }
            }
            chip.replaceWith(...chip.childNodes);
            parent.normalize();
        }
        return root;
    }

    /** Have the editor treat the selected variables as the text that they are. */
    openSelectedChips() {
        const nodes = this.dependencies.selection.getTargetedNodes();
        const chips = nodes.map((node) => (node.parentElement || node).closest?.(CHIP));
        for (const chip of new Set(chips.filter(Boolean))) {
            this.open(chip);
        }
    }

    open(chip) {
        const cursors = this.dependencies.selection.preserveSelection();
        cursors.update(callbacksForCursorUpdate.unwrap(chip));
        chip.replaceWith(...chip.childNodes);
        cursors.restore();
    }
}

registry.category("mass_mailing-plugins").add("mailjetVariableChip", MailjetVariableChipPlugin);
