from odoo import models
from odoo.exceptions import UserError
from odoo.fields import Domain

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

    def _get_people(self):
        """Show the email for the recipients that it is sent to, as soon as there are
        any."""
        if not self.planned_count:
            return super()._get_people()
        domain = [("mailing_id", "in", self.ids), ("verdict", "=", "send")]
        return "mailjet.recipient", Domain(domain)

    def _get_person(self, person_id=False, direction="next"):
        """Return the row to send after or before another one, or that one itself."""
        model, domain = self._get_people()
        if model != "mailjet.recipient":
            return super()._get_person(person_id, direction)
        operator = {"next": ">", "previous": "<"}.get(direction, "=")
        order = "id desc" if operator == "<" else "id"
        beyond = Domain("id", operator, person_id) if person_id else Domain.TRUE
        People = self.env[model]
        return People.search(domain & beyond, order=order, limit=1) or People.search(
            domain, order=order, limit=1
        )
