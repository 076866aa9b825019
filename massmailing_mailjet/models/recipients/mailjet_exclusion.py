from odoo import fields, models


class MailjetExclusion(models.Model):
    """An address that a mailing excludes, since a member of an excluded target has
    it."""

    _name = "mailjet.exclusion"
    _description = "Mass mailing exclusion"

    load_id = fields.Many2one(
        "mailjet.recipient.load", required=True, ondelete="cascade", index=True
    )
    mailing_id = fields.Many2one("mailjet.mailing", required=True, ondelete="cascade")
    email_normalized = fields.Char(string="Normalized address", required=True)

    _mailing_email_idx = models.Index("(mailing_id, email_normalized)")
