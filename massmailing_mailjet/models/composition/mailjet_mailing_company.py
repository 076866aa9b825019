from odoo import api, fields, models

from ..empty_column import add_empty_column

SWITCH = "has_company_details"


class MailjetMailing(models.Model):
    """Who sends a mailing: a block at the end of the email, made of the company."""

    _inherit = "mailjet.mailing"

    has_company_details = fields.Boolean(
        string="Company details at the end of the email",
        compute="_compute_has_company_details",
        store=True,
        readonly=False,
        precompute=True,
        help="Name, address, registry number and contact of your company, below the "
        "unsubscribe link.",
    )

    def _auto_init(self):
        """Start with an empty column: existing emails stay as they are."""
        add_empty_column(self, SWITCH, "boolean")
        return super()._auto_init()

    @api.depends("company_id")
    def _compute_has_company_details(self):
        for mailing in self:
            mailing.has_company_details = mailing.company_id._is_in_europe()

    def _get_company_details(self):
        """Return the lines of the block, in the language of the recipients; none if
        they are switched off."""
        if not self.has_company_details:
            return []
        company = self.company_id.sudo().with_context(lang=self._get_language())
        return company._get_mailing_details()
