from odoo import models
from odoo.tools import SQL

from ..composition.mailjet_mailing_asking import ASKING
from .outcome import AGAIN


class MailjetCampaign(models.Model):
    """Of several mailings that are about to ask the same address for permission to
    measure, only one does: the first whose sending is announced."""

    _inherit = "mailjet.campaign"

    def _announce_send(self, client, draft):
        """Look at the recipients once more before a mailing that asks is announced: if
        another one has asked some of them meanwhile, these leave the list first."""
        is_asking = self.mailing_id.purpose == ASKING
        if is_asking and not self._is_accepted_draft(draft) and self._is_too_late():
            self.delivery_step = "recheck"
            return AGAIN
        return super()._announce_send(client, draft)

    def _is_too_late(self):
        """Exclude whoever was asked meanwhile, and return whether there are any.

        Announcements of a company come one after the other: of two that are made at
        once, the later one fails here and is made again, when it sees the first.
        """
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                "UPDATE res_company SET write_date = write_date WHERE id = %s",
                self.mailing_id.company_id.id,
            )
        )
        self._apply_exclusions()
        return bool(self._get_late_exclusions())
