from datetime import timedelta

from odoo import api, fields, models


class MailjetMailingSchedule(models.TransientModel):
    """Asks when a mailing is to be sent."""

    _name = "mailjet.mailing.schedule"
    _description = "Send a mass mailing later"
    _inherit = ["mailjet.wizard.mixin"]

    mailing_id = fields.Many2one("mailjet.mailing", required=True, ondelete="cascade")
    schedule_date = fields.Datetime(
        string="Send on",
        required=True,
        compute="_compute_schedule_date",
        compute_sudo=False,
        store=True,
        readonly=False,
        precompute=True,
    )
    planned_count = fields.Integer(
        related="mailing_id.planned_count", related_sudo=False
    )

    @api.depends("mailing_id")
    def _compute_schedule_date(self):
        """Propose the mailing's current scheduled time, if it is still in the
        future."""
        now = fields.Datetime.now().replace(second=0)
        for wizard in self:
            chosen = wizard.mailing_id.schedule_date
            is_ahead = chosen and chosen > now
            wizard.schedule_date = chosen if is_ahead else now + timedelta(hours=1)

    def action_schedule(self):
        """Schedule the mailing."""
        self.ensure_one()
        self.mailing_id.action_schedule(self.schedule_date)
        return {"type": "ir.actions.act_window_close"}
