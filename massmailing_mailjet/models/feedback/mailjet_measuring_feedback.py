from odoo import api, models


class MailjetMeasuring(models.Model):
    """Erases what was measured of those who refuse it."""

    _inherit = "mailjet.measuring"

    @api.model
    def _after_choice(self, choices):
        for kind in ("open", "click"):
            emails = [
                choice["email"]
                for choice in choices
                if choice["kind"] == kind and choice["choice"] == "refused"
            ]
            if emails:
                self.env["mailjet.recipient.tracking"]._erase_measured(emails, kind)
        return super()._after_choice(choices)
