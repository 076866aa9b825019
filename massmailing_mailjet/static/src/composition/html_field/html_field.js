import { markup, onWillStart, onWillUpdateProps, useState } from "@odoo/owl";
import { useService } from "@web/core/utils/hooks";
import { registry } from "@web/core/registry";
import {
    MassMailingHtmlField,
    massMailingHtmlField,
} from "@mass_mailing/fields/html_field/mass_mailing_html_field";
import { ThemeSelector } from "@mass_mailing/themes/theme_selector/theme_selector";
import { useTemplateChooser } from "../template_chooser/template_chooser";
import { useUpload } from "../upload/upload";
import { MailjetCursorPlugin } from "./cursor_plugin";
import { MailjetVariableChipPlugin } from "./variable_chip_plugin";
import { MailjetVariablePlugin } from "./variable_plugin";

/**
 * What an empty page can start from: the themes and our own favourites, in place of
 * those of Odoo's Email Marketing, which belong to other models and ask for a group that
 * our users need not have. A mailing that is to be made from a template starts there.
 */
export class MailjetThemeSelector extends ThemeSelector {
    static template = "massmailing_mailjet.ThemeSelector";

    setup() {
        this.orm = useService("orm");
        this.config = this.props.config;
        this.openTemplates = useTemplateChooser();
        this.themeService = useService("mass_mailing.themes");
        this.themes = this.themeService.getThemes();
        this.favoriteTemplates = useState([]);
        onWillStart(() => Promise.all([this.themeService.load(), this.loadFavorites()]));
    }

    async loadFavorites() {
        const favorites = await this.orm.call("mailjet.mailing", "get_favorite_themes", []);
        Object.assign(
            this.favoriteTemplates,
            favorites.map((favorite) => ({
                html: markup(favorite.body_arch),
                id: favorite.id,
                modelId: this.config.mailingModelId,
                subject: favorite.subject,
                userId: favorite.user_id[0],
                userName: favorite.user_id[1],
            }))
        );
    }

    /** A theme comes with the identity of the company that sends the mailing. */
    async onSelectTheme(theme) {
        const { company_id } = this.config.record.data;
        const arguments_ = [theme.html.toString(), company_id?.id || false];
        const html = await this.orm.call("mailjet.theme", "brand", arguments_);
        super.onSelectTheme({ ...theme, html: markup(html) });
    }

    async onRemoveFavorite(index) {
        const [favorite] = this.favoriteTemplates.splice(index, 1);
        await this.orm.write("mailjet.mailing", [favorite.id], { favorite: false });
    }

    /** The click on the bin of a favourite goes on to the favourite: it is no choice. */
    onSelectFavorite(html) {
        if (this.favoriteTemplates.some((favorite) => favorite.html === html)) {
            super.onSelectFavorite(html);
        }
    }
}

/** The visual editor of mass_mailing on our own model. */
export class MailjetHtmlField extends MassMailingHtmlField {
    static components = {
        ...MassMailingHtmlField.components,
        ThemeSelector: MailjetThemeSelector,
    };

    getThemeSelectorConfig() {
        return { ...super.getThemeSelectorConfig(), record: this.props.record };
    }

    setup() {
        super.setup();
        this.orm = useService("orm");
        this.upload = useUpload();
        this.isNew = !String(this.props.record.data[this.props.name] || "").trim();
        onWillStart(() => this.loadVariables(this.props));
        onWillUpdateProps((props) => this.loadVariables(props));
    }

    async loadVariables({ readonly, record }) {
        const recipientType = record.data.recipient_type;
        if (!readonly && recipientType !== this.recipientType) {
            this.recipientType = recipientType;
            this.variables = await this.orm.call("mailjet.variable", "get_picker_groups", [
                recipientType,
            ]);
        }
    }

    /** What our own plugin needs; without it, it stays out of sight. */
    get mailjetConfig() {
        const { record } = this.props;
        return {
            variables: this.variables,
            isNew: this.isNew,
            getRecipientType: () => record.data.recipient_type,
            hostFile: (file) => this.upload(record, "host_file", file),
        };
    }

    getBuilderConfig() {
        return { ...super.getBuilderConfig(), mailjet: this.mailjetConfig };
    }

    getSimpleEditorConfig() {
        const config = super.getSimpleEditorConfig();
        // Odoo's placeholders are code that Mailjet does not know.
        const plugins = config.Plugins.filter(({ id }) => id !== "dynamicPlaceholder");
        return {
            ...config,
            mailjet: this.mailjetConfig,
            Plugins: [
                ...plugins,
                MailjetCursorPlugin,
                MailjetVariablePlugin,
                MailjetVariableChipPlugin,
            ],
        };
    }
}

registry.category("fields").add("mailjet_mailing_html", {
    ...massMailingHtmlField,
    component: MailjetHtmlField,
});
