from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    mailjet_pressure_days = fields.Integer(
        related="company_id.mailjet_pressure_days", readonly=False
    )
