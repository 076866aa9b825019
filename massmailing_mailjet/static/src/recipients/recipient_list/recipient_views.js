import { AHEAD } from "@massmailing_mailjet/core/mailing_form/ahead";

/** The views of the list of recipients inside the form of a mailing. */
export function getRecipientViews({ services }) {
    const type = services.ui.isSmall ? "kanban" : "list";
    return {
        resModel: "mailjet.recipient",
        // Else those of the mailings, of which a calendar suits no recipient.
        views: [
            [false, type],
            [false, "search"],
        ],
    };
}

/** Read them before the step that shows the list, which then finds them. */
AHEAD.add("recipients", ({ data }, env) => {
    if (data.recipient_count) {
        const { actionId } = env.config;
        const options = { actionId, loadIrFilters: true };
        return env.services.view.loadViews(getRecipientViews(env), options);
    }
});
