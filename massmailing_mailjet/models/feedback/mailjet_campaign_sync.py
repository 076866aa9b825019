from odoo import fields, models


class MailjetCampaign(models.Model):
    """How far the emails of a campaign have been fetched from Mailjet."""

    _inherit = "mailjet.campaign"

    synchronized_date = fields.Datetime(string="Fetched from Mailjet on")
    sync_requested_date = fields.Datetime()
    sync_phase = fields.Char()
    sync_offset = fields.Integer()
    listed_count = fields.Integer(string="Emails listed by Mailjet")
    mailjet_count = fields.Integer(string="Emails counted by Mailjet")
