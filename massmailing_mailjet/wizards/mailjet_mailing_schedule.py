from datetime import timedelta

from odoo import api, fields, models


class MailjetMailingSchedule(models.TransientModel):
    """Asks when a mailing is to be sent."""

    _name = "mailjet.mailing.schedule"
    _description = "Schedule a mass mailing"
    _inherit = ["mailjet.issues.mixin"]

    schedule_date = fields.Datetime(
        string="Send on",
        required=True,
        compute="_compute_schedule_date",
        compute_sudo=False,
        store=True,
        readonly=False,
        precompute=True,
    )
    dates = fields.Char(compute="_compute_dates", compute_sudo=False)
    planned_count = fields.Integer(
        related="mailing_id.planned_count", related_sudo=False
    )

    @api.depends("mailing_id")
    def _compute_schedule_date(self):
        """Propose the mailing's current scheduled time, if it is still in the
        future; else the full hour after the next one."""
        now = fields.Datetime.now()
        soon = now.replace(minute=0, second=0) + timedelta(hours=2)
        for wizard in self:
            chosen = wizard.mailing_id.schedule_date
            wizard.schedule_date = chosen if chosen and chosen > now else soon

    @api.depends("mailing_id", "schedule_date")
    def _compute_dates(self):
        for wizard in self:
            wizard.dates = wizard.mailing_id._say_dates(wizard.schedule_date)

    def action_schedule(self):
        """Accept what is open, and schedule the mailing.

        :raise UserError: if it has changed since then
        """
        self.ensure_one()
        self._accept_issues()
        self.mailing_id.action_schedule(self.schedule_date)
        return {"type": "ir.actions.act_window_close"}
