from odoo import models
from odoo.tools import format_date


class MailjetRecipient(models.Model):
    """Says why a row is not asked to stay in touch."""

    _inherit = "mailjet.recipient"

    def _compute_exclusion_detail(self):
        result = super()._compute_exclusion_detail()
        rows = self.filtered(lambda row: row.exclusion_reason == "not_asked")
        prospects = rows._find_prospects()
        for row in rows:
            key = row.mailing_id.company_id, row.email_normalized
            prospect = prospects.get(key, self.env["mailjet.retention"])
            row.exclusion_detail = self._explain_not_asked(prospect)
        return result

    def _find_prospects(self):
        """Return what is listed of the addresses, by company and address."""
        found = (
            self.env["mailjet.retention"]
            .sudo()
            .search(
                [
                    ("company_id", "in", self.mailing_id.company_id.ids),
                    ("email", "in", self.mapped("email_normalized")),
                ]
            )
        )
        return {(each.company_id, each.email): each for each in found}

    def _explain_not_asked(self, prospect):
        if prospect.state == "kept":
            date = format_date(self.env, prospect.last_contact_date)
            return self.env._("Last contact on %s", date)
        if prospect.asked_date:
            date = format_date(self.env, prospect.asked_date)
            return self.env._("Asked before, on %s", date)
        if prospect.mailing_id:
            return self.env._("Asked by another mailing")
        return self.env._("No prospect without contact")
