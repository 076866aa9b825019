from odoo import models
from odoo.exceptions import UserError

from ...const import EDITABLE_STATES


class MailjetMailing(models.Model):
    """What every mailing does with its recipients, however they were loaded."""

    _inherit = "mailjet.mailing"

    def write(self, vals):
        if "company_id" in vals:
            self._check_company_stays(vals["company_id"])
        return super().write(vals)

    def _check_company_stays(self, company_id):
        """Keep a mailing in the company whose rules its recipients were loaded by.

        :raise UserError: if it has recipients
        """
        moved = self.filtered(lambda mailing: mailing.company_id.id != company_id)
        rows = self.env["mailjet.recipient"].sudo()
        loads = self.env["mailjet.recipient.load"].sudo()
        domain = [("mailing_id", "in", moved.ids)]
        if rows.search_count(domain, limit=1) or loads.search_count(domain, limit=1):
            raise UserError(
                self.env._(
                    "The company cannot be changed once recipients are loaded. Create "
                    "a new mailing instead."
                )
            )

    def _enter_step(self, previous):
        """Update the recipients in the steps that show them."""
        result = super()._enter_step(previous)
        if self.state in EDITABLE_STATES and self.step in ("recipients", "sending"):
            self.env["mailjet.record.sync"].sudo()._refresh_changed(self.sudo())
        return result

    def _get_first_planned(self):
        """Return the first row to send, if any."""
        return self._get_planned(False, "next")

    def _get_planned(self, row_id, direction):
        """Return the row to send after or before another one."""
        order, operator = ("id desc", "<") if direction == "previous" else ("id", ">")
        planned = [("mailing_id", "in", self.ids), ("verdict", "=", "send")]
        Recipient = self.env["mailjet.recipient"]
        beyond = row_id and [("id", operator, row_id)] or []
        return Recipient.search(
            planned + beyond, order=order, limit=1
        ) or Recipient.search(planned, order=order, limit=1)
