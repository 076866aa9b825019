from odoo import fields, models


class MailjetAcknowledgement(models.Model):
    """An amber finding that a user accepted (``create_uid``, ``create_date``); it only
    counts as long as the finding stays the same."""

    _name = "mailjet.acknowledgement"
    _description = "Accepted issue of a mass mailing"
    _order = "id"

    mailing_id = fields.Many2one(
        "mailjet.mailing", required=True, ondelete="cascade", readonly=True
    )
    name = fields.Char(string="Issue", required=True, readonly=True)
    fingerprint = fields.Char(required=True, readonly=True)

    _mailing_name_uniq = models.Constraint(
        "unique(mailing_id, name)", "This issue has already been accepted."
    )
