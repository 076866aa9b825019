import { registry } from "@web/core/registry";
import { FormController } from "@web/views/form/form_controller";
import { FormRenderer } from "@web/views/form/form_renderer";
import { formView } from "@web/views/form/form_view";

/**
 * The editor and the list of recipients need the width of the window: the chatter goes
 * below them, as it does in narrower windows.
 */
export class MailjetMailingFormController extends FormController {
    get className() {
        const { "o_xxl_form_view h-100": _aside, ...classes } = super.className;
        return classes;
    }
}

export class MailjetMailingFormRenderer extends FormRenderer {
    mailLayout(hasAttachmentContainer) {
        const layout = super.mailLayout(hasAttachmentContainer);
        return layout === "SIDE_CHATTER" ? "BOTTOM_CHATTER" : layout;
    }
}

registry.category("views").add("mailjet_mailing_form", {
    ...formView,
    Controller: MailjetMailingFormController,
    Renderer: MailjetMailingFormRenderer,
});
