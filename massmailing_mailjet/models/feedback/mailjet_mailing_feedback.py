from odoo import models


class MailjetMailing(models.Model):
    """What comes back from the lists of a mailing."""

    _inherit = "mailjet.mailing"

    def _take_over_unsubscribed(self, emails):
        told = [(email, "unsubscribed", None, "") for email in emails]
        self.env["mailjet.pull.message"]._apply(self, told, "list")
        return super()._take_over_unsubscribed(emails)
