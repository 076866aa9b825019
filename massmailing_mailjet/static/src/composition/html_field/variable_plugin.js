import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { Plugin } from "@html_editor/plugin";
import { isHtmlContentSupported } from "@html_editor/core/selection_plugin";
import { withSequence } from "@html_editor/utils/resource";
import { chooseFile } from "../upload/upload";
import { makeFileLink } from "../upload/file_link";
import { VariablePicker } from "../variables/variable_picker";

const ICON = "fa-braces";

/**
 * Variables and links to hosted files in the visual editor: in the menu that "/" opens,
 * in which each variable has an entry, and the list of variables in the toolbar too. Only
 * in our own mailings: the editor serves those of Odoo as well, which know other fields.
 *
 * `config.mailjet` is `{ variables, getRecipientType, hostFile }`.
 */
export class MailjetVariablePlugin extends Plugin {
    static id = "mailjetVariable";
    static dependencies = ["overlay", "selection", "history", "dom"];
    resources = this.config.mailjet ? this.getResources() : {};

    setup() {
        this.overlay = this.dependencies.overlay.createOverlay(VariablePicker, {
            hasAutofocus: true,
            className: "popover mw-100",
        });
    }

    getResources() {
        const picker = {
            id: "mailjetPickVariable",
            title: _t("Variable"),
            description: _t("Search for a value of each recipient, add a fallback text"),
            icon: ICON,
            run: () => this.openPicker(),
            isAvailable: isHtmlContentSupported,
        };
        return {
            user_commands: [
                picker,
                {
                    id: "mailjetInsertVariable",
                    icon: ICON,
                    run: ({ token }) => this.insert(token),
                    isAvailable: isHtmlContentSupported,
                },
                {
                    id: "mailjetInsertFile",
                    title: _t("Link to a file"),
                    description: _t("Upload a file and insert a link to it"),
                    icon: "fa-paperclip",
                    run: () => this.insertFile(),
                    isAvailable: isHtmlContentSupported,
                },
            ],
            powerbox_categories: [
                withSequence(1, { id: "mailjetVariables", name: _t("Variables") }),
                withSequence(5, { id: "mailjet", name: _t("Mass Mailing") }),
            ],
            powerbox_items: [
                { categoryId: "mailjetVariables", commandId: picker.id },
                ...this.getVariableItems(),
                { categoryId: "mailjet", commandId: "mailjetInsertFile" },
            ],
            toolbar_groups: withSequence(45, {
                id: "mailjet",
                namespaces: ["compact", "expanded"],
            }),
            toolbar_items: {
                id: "mailjet_variable",
                groupId: "mailjet",
                commandId: picker.id,
                description: _t("Insert a variable"),
            },
        };
    }

    /**
     * The variables that have a value for the recipients. Without the name of their kind,
     * a search finds those of the recipient before those of the salesperson.
     */
    getVariableItems() {
        return this.config.mailjet.variables
            .filter((group) => !group.is_empty)
            .flatMap((group) => group.variables)
            .map(({ label, token }) => ({
                categoryId: "mailjetVariables",
                commandId: "mailjetInsertVariable",
                commandParams: { token },
                title: label,
                description: token,
                keywords: [token.slice(token.indexOf("-") + 1)],
            }));
    }

    openPicker() {
        this.overlay.open({
            props: {
                close: () => {
                    this.overlay.close();
                    this.dependencies.selection.focusEditable();
                },
                onSelect: (token) => this.insert(token),
                recipientType: this.config.mailjet.getRecipientType(),
            },
        });
    }

    async insertFile() {
        const chosen = await chooseFile();
        const file = chosen && (await this.config.mailjet.hostFile(chosen));
        if (file && !this.isDestroyed) {
            this.insert(makeFileLink(file, this.document));
            this.dependencies.selection.focusEditable();
        }
    }

    insert(content) {
        this.dependencies.dom.insert(content);
        this.dependencies.history.addStep();
    }
}

registry.category("mass_mailing-plugins").add("mailjetVariable", MailjetVariablePlugin);
