from odoo import models


class MailjetMailing(models.Model):
    """Applies what the list of a mailing reports."""

    _inherit = "mailjet.mailing"

    def _take_over_unsubscribed(self, emails):
        reported = [(email, "unsubscribed", None, "") for email in emails]
        self.env["mailjet.sync.message"]._apply(self, reported, "list")
        return super()._take_over_unsubscribed(emails)
