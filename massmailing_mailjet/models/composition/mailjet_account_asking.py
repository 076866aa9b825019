from odoo import models

from .mailjet_mailing_asking import ASKING


class MailjetAccount(models.Model):
    """Lets users ask for permission from the page Health."""

    _inherit = "mailjet.account"

    def action_ask(self):
        """Open a new mailing of the account that asks for permission to measure."""
        self.ensure_one()
        self.check_access("read")
        mailings = self.env["mailjet.mailing"].with_company(self.company_id)
        return mailings._make_ready_mailing(ASKING, account_id=self.id)
