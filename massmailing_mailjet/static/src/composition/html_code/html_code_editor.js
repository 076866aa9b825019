import { onMounted } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { CodeEditor } from "@web/core/code_editor/code_editor";

/** Odoo's code editor, which hands out the editor of its library. */
export class HtmlCodeEditor extends CodeEditor {
    static props = { ...CodeEditor.props, onReady: Function };

    setup() {
        super.setup();
        onMounted(() => {
            this.aceEditor.setOptions({
                useSoftTabs: true,
                tabSize: 2,
                // It would close the tags that users close themselves.
                behavioursEnabled: false,
                // The signs for folding crash on a tag that is being typed, such as "</".
                showFoldWidgets: false,
                // The key Tab goes on, unless Enter was pressed to write.
                enableKeyboardAccessibility: true,
            });
            this.aceEditor.renderer.scroller.setAttribute(
                "aria-label",
                _t("HTML code: press Enter to edit, Escape to leave")
            );
            this.aceEditor.session.setUseWrapMode(true);
            this.props.onReady(this.aceEditor);
        });
    }
}
