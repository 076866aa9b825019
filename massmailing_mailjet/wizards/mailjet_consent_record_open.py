from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import email_normalize

# The models whose records have an address, and the field of it.
ADDRESSES = {
    "res.partner": "email_normalized",
    "crm.lead": "email_normalized",
    "mailjet.consent": "email",
}


class MailjetConsentRecordOpen(models.TransientModel):
    """Asks for the address and the language of a consent record, and opens or prints
    it."""

    _name = "mailjet.consent.record.open"
    _description = "Consent record of an address"
    _inherit = ["mailjet.wizard.mixin"]

    email = fields.Char(string="Address", required=True)
    lang = fields.Selection(
        selection="_get_languages",
        string="Language of the document",
        required=True,
        default=lambda self: self.env.lang or self.env.user.lang,
    )

    @api.model
    def _get_languages(self):
        return self.env["res.lang"].get_installed()

    @api.model
    def default_get(self, fields_list):
        values = super().default_get(fields_list)
        name = ADDRESSES.get(self.env.context.get("active_model"))
        if name and not values.get("email"):
            values["email"] = self._get_address(name)
        return values

    @api.model
    def _get_address(self, name):
        """Return the address of the records that the user has selected.

        :param str name: the field that holds it
        :raise UserError: if they have several
        """
        context = self.env.context
        records = self.env[context["active_model"]].browse(context.get("active_ids"))
        emails = {email for email in records.mapped(name) if email}
        if len(emails) > 1:
            raise UserError(
                self.env._("A consent record is about one address. Select only one.")
            )
        return next(iter(emails), False)

    # === ACTION METHODS === #

    def action_open(self):
        """Show the consent record as a page."""
        return {**self._get_report_action(), "report_type": "qweb-html"}

    def action_print(self):
        """Download the consent record as a PDF."""
        return {**self._get_report_action(), "close_on_report_download": True}

    # === BUSINESS METHODS === #

    def _get_report_action(self):
        self.ensure_one()
        self.check_access("read")
        self.env["mailjet.consent.record"]._check_allowed()
        self._check_address()
        report = self.env.ref("massmailing_mailjet.mailjet_consent_record_report")
        return report.sudo().report_action(self.ids, data={}, config=False)

    def _check_address(self):
        if not email_normalize(self.email):
            raise UserError(
                self.env._(
                    "“%s” is not an email address. Enter it in full, as in "
                    "name@example.com.",
                    self.email,
                )
            )
