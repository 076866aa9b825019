import { useEffect, useRef } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { useBus } from "@web/core/utils/hooks";
import { FormController } from "@web/views/form/form_controller";
import { FormRenderer } from "@web/views/form/form_renderer";
import { formView } from "@web/views/form/form_view";
import { goToNeighbor } from "../steps_field/go_to_step";
import { usePrepareSteps } from "./ahead";
import { MailjetMailingModel } from "./mailing_model";

/** What the buttons Next and Back do: they go as far as this. */
const DISTANCES = { action_next_step: 1, action_previous_step: -1 };

/**
 * The editor and the list of recipients need the width of the window: the chatter goes
 * below them, as it does in narrower windows.
 *
 * Nothing typed is lost when the form is left. The editors hand over what was typed when
 * they are asked for it: until then the record itself is not dirty.
 */
export class MailjetMailingFormController extends FormController {
    setup() {
        super.setup();
        this.isFieldDirty = false;
        useBus(this.model.bus, "FIELD_IS_DIRTY", ({ detail }) => {
            this.isFieldDirty = detail;
        });
    }

    get className() {
        const { "o_xxl_form_view h-100": _aside, ...classes } = super.className;
        return classes;
    }

    async beforeExecuteActionButton(clickParams) {
        const distance = DISTANCES[clickParams.name];
        if (distance) {
            await goToNeighbor(this.model.root, distance);
            return false;
        }
        return super.beforeExecuteActionButton(clickParams);
    }

    async onRecordSaved(record, changes) {
        await super.onRecordSaved(record, changes);
        this.isOnlyStepSaved = Object.keys(changes).every((name) => name === "step");
    }

    /** The chatter says nothing about steps: it is not read when nothing else was saved. */
    onWillLoadRoot(nextConfiguration) {
        if (this.isOnlyStepSaved) {
            this.duplicateId = undefined;
        } else {
            super.onWillLoadRoot(nextConfiguration);
        }
        this.isOnlyStepSaved = false;
    }

    async beforeLeave({ forceLeave } = {}) {
        if (!forceLeave) {
            await this.model.root.isDirty();
        }
        return super.beforeLeave({ forceLeave });
    }

    /** The browser waits for nobody: what an editor cannot hand over at once is asked about. */
    async beforeUnload(ev) {
        await super.beforeUnload(ev);
        if (this.isFieldDirty || this.model.root.dirty) {
            ev.preventDefault();
            ev.returnValue = "Unsaved changes";
        }
    }
}

/** Whatever scrolls: in windows of different widths these are different elements. */
function scrollToTop(element) {
    for (; element; element = element.parentElement) {
        element.scrollTop = 0;
    }
}

/** A step is shown from its top, wherever the one before was left. */
export class MailjetMailingFormRenderer extends FormRenderer {
    setup() {
        super.setup();
        usePrepareSteps();
        const root = useRef("compiled_view_root");
        let shown;
        useEffect(
            (step) => {
                if (shown && step !== shown) {
                    scrollToTop(root.el);
                }
                shown = step;
            },
            () => [this.props.record.data.step]
        );
    }

    mailLayout(hasAttachmentContainer) {
        const layout = super.mailLayout(hasAttachmentContainer);
        return layout === "SIDE_CHATTER" ? "BOTTOM_CHATTER" : layout;
    }
}

registry.category("views").add("mailjet_mailing_form", {
    ...formView,
    Controller: MailjetMailingFormController,
    Renderer: MailjetMailingFormRenderer,
    Model: MailjetMailingModel,
});
