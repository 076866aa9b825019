from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..const import RETENTION_DAYS


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    mailjet_frequency_cap_days = fields.Integer(
        related="company_id.mailjet_frequency_cap_days", readonly=False
    )
    mailjet_check_links = fields.Boolean(
        related="company_id.mailjet_check_links", readonly=False
    )
    mailjet_undo_minutes = fields.Integer(
        related="company_id.mailjet_undo_minutes", readonly=False
    )
    mailjet_late_hours = fields.Integer(
        related="company_id.mailjet_late_hours", readonly=False
    )
    mailjet_list_days = fields.Integer(
        related="company_id.mailjet_list_days", readonly=False
    )
    mailjet_summary = fields.Boolean(
        related="company_id.mailjet_summary", readonly=False
    )
    mailjet_retention_months = fields.Integer(
        related="company_id.mailjet_retention_months", readonly=False
    )
    mailjet_event_days = fields.Integer(
        string="Days to keep events",
        config_parameter="massmailing_mailjet.event_days",
        default=RETENTION_DAYS,
    )
    mailjet_privacy_contact = fields.Char(
        related="company_id.mailjet_privacy_contact", readonly=False
    )

    mailjet_measuring_rule = fields.Selection(
        related="company_id.mailjet_measuring_rule", readonly=False
    )

    @api.constrains("mailjet_event_days")
    def _check_mailjet_event_days(self):
        if any(settings.mailjet_event_days < 0 for settings in self):
            raise ValidationError(
                self.env._("The number of days to keep events cannot be negative.")
            )
