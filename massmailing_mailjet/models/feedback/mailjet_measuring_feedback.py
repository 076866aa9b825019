from collections import defaultdict

from odoo import api, models


class MailjetMeasuring(models.Model):
    """Erases what a company has measured of those who refuse it."""

    _inherit = "mailjet.measuring"

    @api.model
    def _after_choice(self, choices):
        refused = defaultdict(list)
        for choice in choices:
            if choice["choice"] == "refused":
                key = choice["company_id"], choice["kind"]
                refused[key].append(choice["email"])
        tracking = self.env["mailjet.recipient.tracking"]
        for (company_id, kind), emails in sorted(refused.items()):
            tracking._erase_measured(company_id, emails, kind)
        return super()._after_choice(choices)
