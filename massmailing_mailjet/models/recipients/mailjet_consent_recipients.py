from odoo import api, models


class MailjetConsent(models.Model):
    """Makes the mailings in preparation follow opt-outs."""

    _inherit = "mailjet.consent"

    @api.model
    def _apply(self, emails):
        result = super()._apply(emails)
        if emails:
            self.env["mailjet.verdict"].sudo()._update_after_unsubscribe(emails)
        return result
