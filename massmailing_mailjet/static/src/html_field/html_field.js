import { onWillStart, useState } from "@odoo/owl";
import { useService } from "@web/core/utils/hooks";
import { registry } from "@web/core/registry";
import {
    MassMailingHtmlField,
    massMailingHtmlField,
} from "@mass_mailing/fields/html_field/mass_mailing_html_field";
import { ThemeSelector } from "@mass_mailing/themes/theme_selector/theme_selector";

/**
 * The themes without the favourites of Odoo's own Email Marketing: these belong to
 * other models, and reading them asks for a group that our users need not have.
 */
export class MailjetThemeSelector extends ThemeSelector {
    setup() {
        this.config = this.props.config;
        this.themeService = useService("mass_mailing.themes");
        this.themes = this.themeService.getThemes();
        this.favoriteTemplates = useState([]);
        onWillStart(() => this.themeService.load());
    }
}

/** The visual editor of mass_mailing on our own model. */
export class MailjetHtmlField extends MassMailingHtmlField {
    static components = {
        ...MassMailingHtmlField.components,
        ThemeSelector: MailjetThemeSelector,
    };
}

registry.category("fields").add("mailjet_mailing_html", {
    ...massMailingHtmlField,
    component: MailjetHtmlField,
});
