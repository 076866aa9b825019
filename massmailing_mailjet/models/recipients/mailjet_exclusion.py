from odoo import fields, models


class MailjetExclusion(models.Model):
    """One address that a mailing leaves out, because it belongs to somebody of a
    target that was left out."""

    _name = "mailjet.exclusion"
    _description = "Mass mailing exclusion"

    load_id = fields.Many2one(
        "mailjet.recipient.load", required=True, ondelete="cascade", index=True
    )
    mailing_id = fields.Many2one("mailjet.mailing", required=True, ondelete="cascade")
    email_normalized = fields.Char(string="Normalized address", required=True)

    _mailing_email_idx = models.Index("(mailing_id, email_normalized)")
