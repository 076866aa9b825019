from odoo import api, models


class MailjetMeasuring(models.Model):
    """Forgets the clicks of those who refuse them in the list of prospects, too."""

    _inherit = "mailjet.measuring"

    @api.model
    def _after_choice(self, choices):
        result = super()._after_choice(choices)
        emails = [
            choice["email"]
            for choice in choices
            if choice["choice"] == "refused" and choice["kind"] == "click"
        ]
        self.env["mailjet.retention"]._forget_clicks(emails)
        return result
