from odoo import api, models


class MailjetConsent(models.Model):
    """Applies opt-outs to the mailings in preparation."""

    _inherit = "mailjet.consent"

    @api.model
    def _apply(self, emails):
        result = super()._apply(emails)
        if emails:
            self.env["mailjet.verdict"].sudo()._update_after_unsubscribe(emails)
        return result
