from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    mailjet_pressure_days = fields.Integer(
        string="Days Without Another Mass Mailing",
        help="New mailings leave out who got another one in these last days. 0: nobody "
        "is left out for that.",
    )
