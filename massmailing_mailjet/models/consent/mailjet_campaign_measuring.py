from odoo import fields, models


class MailjetCampaign(models.Model):
    """Whether the openings and clicks of a campaign are measured."""

    _inherit = "mailjet.campaign"

    is_unmeasured = fields.Boolean(
        string="Not measured",
        help="It is sent with tracking off: openings and clicks are not measured.",
    )
