from odoo import api, models

from ...tools.theme_branding import Brand, brand_theme

UNBREAKABLE = str.maketrans({" ": "\u00a0", "-": "\u2011"})


class MailjetTheme(models.AbstractModel):
    """The themes of the visual editor with the identity of the company that sends the
    mailing: its logo, website, social networks, button color and address."""

    _name = "mailjet.theme"
    _description = "Mass mailing theme"

    @api.model
    def brand(self, html, company_id=False):
        """Return the HTML of a theme with the identity of a company in it: the current
        one unless another is given."""
        self.env["mailjet.mailing"].check_access("read")
        company = self.env["res.company"].browse(company_id or self.env.company.id)
        company.check_access("read")
        return brand_theme(html, self._get_brand(company))

    @api.model
    def _get_brand(self, company):
        color, text_color = self._get_button_colors(company)
        return Brand(
            name=company.name,
            logo="" if company.uses_default_logo else f"/logo.png?company={company.id}",
            website=company.website or "",
            color=color,
            text_color=text_color,
            contact=self._get_contact(company),
            social={
                name.removeprefix("social_"): url or ""
                for name, url in company._get_social_media_links().items()
            },
        )

    @api.model
    def _get_button_colors(self, company):
        """Return the colors of the buttons and of the words on them: those of Odoo's
        own emails if somebody has chosen them, else that of the documents."""
        defaults = company.default_get(["email_primary_color", "email_secondary_color"])
        color = company.email_secondary_color or ""
        if color.lower() != (defaults["email_secondary_color"] or "").lower():
            return color, company.email_primary_color or ""
        return company.primary_color or "", ""

    @api.model
    def _get_contact(self, company):
        address = company.partner_id._display_address(without_company=True)
        place = ", ".join(filter(None, map(str.strip, address.split("\n"))))
        # A number stays on one line.
        phone = (company.phone or "").translate(UNBREAKABLE)
        parts = (company.name, place, phone, company.email, company.website)
        return " · ".join(filter(None, parts))
