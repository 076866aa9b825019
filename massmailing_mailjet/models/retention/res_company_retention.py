from odoo import fields, models

from .const import RETENTION_MONTHS


class ResCompany(models.Model):
    """How long a company keeps prospects, and how far the search for them has come."""

    _inherit = "res.company"

    mailjet_retention_months = fields.Integer(
        string="Months to keep prospects without contact",
        default=RETENTION_MONTHS,
        help="Prospects who have not been in touch for this number of months are "
        "listed, to be asked once and then archived. 0: none are listed.",
    )
    mailjet_retention_date = fields.Datetime(
        string="Last search for prospects without contact",
        readonly=True,
        groups="massmailing_mailjet.mailjet_group_manager",
    )
    # The last address of the search that is under way.
    mailjet_retention_cursor = fields.Char(
        readonly=True, groups=fields.NO_ACCESS, export_string_translation=False
    )

    _mailjet_retention_positive = models.Constraint(
        "CHECK(mailjet_retention_months >= 0)",
        "The number of months to keep prospects cannot be negative.",
    )
