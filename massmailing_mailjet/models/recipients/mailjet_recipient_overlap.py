from odoo import fields, models


class MailjetRecipientOverlap(models.Model):
    """A row that a load found although another load had brought it in: undoing the
    other one hands the row over instead of taking it away."""

    _name = "mailjet.recipient.overlap"
    _description = "Mass mailing recipient found again"
    _log_access = False

    load_id = fields.Many2one(
        "mailjet.recipient.load", required=True, ondelete="cascade"
    )
    # No foreign key: it would be checked for each of a million rows taken away.
    recipient_id = fields.Integer(required=True)

    _load_recipient_uniq = models.UniqueIndex("(load_id, recipient_id)")
    _recipient_idx = models.Index("(recipient_id)")
