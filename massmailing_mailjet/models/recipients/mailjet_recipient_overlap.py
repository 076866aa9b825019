from odoo import fields, models


class MailjetRecipientOverlap(models.Model):
    """A row that a load found although another load had added it: undoing the other
    load assigns the row to this one instead of removing it."""

    _name = "mailjet.recipient.overlap"
    _description = "Mass mailing recipient found again"
    _log_access = False

    load_id = fields.Many2one(
        "mailjet.recipient.load", required=True, ondelete="cascade"
    )
    # No foreign key: it would be checked for each of a million removed rows.
    recipient_id = fields.Integer(required=True)

    _load_recipient_uniq = models.UniqueIndex("(load_id, recipient_id)")
    _recipient_idx = models.Index("(recipient_id)")
