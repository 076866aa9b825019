from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL


class MailjetRecipient(models.Model):
    """Which rows of a sent mailing are not measured: they neither count as opened nor
    as not opened."""

    _inherit = "mailjet.recipient"

    is_unmeasured = fields.Boolean(
        string="Not measured",
        readonly=True,
        help="Openings and clicks are not known: the recipient has not agreed, or has "
        "refused.",
    )
    # For searches only, with a mailing's id.
    unmeasured_in = fields.Integer(
        string="May not be measured in", store=False, search="_search_unmeasured_in"
    )

    @api.model
    def _search_unmeasured_in(self, operator, values):
        """Find the rows to send of mailings that may not be measured."""
        if operator != "in":
            return NotImplemented
        ids = [value for value in values if value]
        mailings = self.env["mailjet.mailing"].browse(ids).exists()
        return Domain.OR(
            Domain("id", "in", mailing._find_unmeasured()) for mailing in mailings
        )

    @api.model
    def _mark_unmeasured(self, mailing, rows):
        """Mark the rows of a mailing that are not measured, and no others.

        :param SQL rows: the condition for these rows ``r``
        """
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                """
                UPDATE mailjet_recipient r SET is_unmeasured = (%(rows)s)
                 WHERE r.mailing_id = %(mailing)s
                   AND (r.is_unmeasured IS TRUE) <> (%(rows)s)
                """,
                mailing=mailing.id,
                rows=rows,
            )
        )
        self.invalidate_model(["is_unmeasured"])
