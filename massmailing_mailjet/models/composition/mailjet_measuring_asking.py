from odoo import models

from .mailjet_mailing_asking import ASKING


class MailjetMeasuring(models.Model):
    """Lets users ask for permission where they see what recipients have chosen."""

    _inherit = "mailjet.measuring"

    def action_ask(self):
        """Open a new mailing that asks for permission to measure."""
        return self.env["mailjet.mailing"]._make_ready_mailing(ASKING)
