import { _t } from "@web/core/l10n/translation";

/** The ways to compose an email: the values of the field `composition`. */
export const WAYS = [
    {
        name: "template",
        icon: "fa-th-large",
        title: _t("Template"),
        text: _t("Start from a Mailjet template, a CRM template or one of our mailings."),
    },
    {
        name: "blank",
        icon: "fa-paint-brush",
        title: _t("Visual editor"),
        text: _t("Compose the email from blocks, starting from a theme or a blank page."),
    },
    {
        name: "html",
        icon: "fa-code",
        title: _t("HTML code"),
        text: _t("Import a newsletter that was made elsewhere. For experts."),
    },
];
