from odoo import api, fields, models
from odoo.fields import Domain


class MailjetRecipient(models.Model):
    """Finds the rows that a check names, for the list that its button opens."""

    _inherit = "mailjet.recipient"

    # For searches only, with a mailing's id and a code: "7 no_basis".
    finding = fields.Char(
        string="Named by a check", store=False, search="_search_finding"
    )

    @api.model
    def _search_finding(self, operator, values):
        if operator != "in":
            return NotImplemented
        found = []
        for value in values:
            mailing_id, _space, code = str(value).partition(" ")
            if mailing_id.isdigit():
                mailing = self.env["mailjet.mailing"].browse(int(mailing_id)).exists()
                found += [each._find_basis_rows(code) for each in mailing]
        return Domain.OR(found)
