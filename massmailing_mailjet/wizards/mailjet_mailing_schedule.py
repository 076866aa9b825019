from datetime import timedelta

from odoo import fields, models


class MailjetMailingSchedule(models.TransientModel):
    """Asks when a mailing is to be sent."""

    _name = "mailjet.mailing.schedule"
    _description = "Send a Mass Mailing Later"

    mailing_id = fields.Many2one("mailjet.mailing", required=True, ondelete="cascade")
    schedule_date = fields.Datetime(
        string="Send on",
        required=True,
        default=lambda self: (
            fields.Datetime.now().replace(second=0) + timedelta(hours=1)
        ),
    )
    planned_count = fields.Integer(related="mailing_id.planned_count")
    tz = fields.Char(string="Time Zone", compute="_compute_tz")

    def _compute_tz(self):
        self.tz = self.env.user.tz or "UTC"

    def action_schedule(self):
        """Schedule the mailing."""
        self.ensure_one()
        self.mailing_id.action_schedule(self.schedule_date)
        return {"type": "ir.actions.act_window_close"}
