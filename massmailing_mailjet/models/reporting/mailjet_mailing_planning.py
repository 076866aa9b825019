from odoo import api, fields, models

from ...const import ACTIVE_STATES, MOVING_STATES

# The colors of states in the calendar, by their numbers in Odoo's palette: blue,
# orange, green and red.
STATE_COLORS = {"in_queue": 4, "preparing": 2, "sending": 2, "done": 10, "failed": 1}
# Those that most mailings are in.
COMMON_STATES = ("draft", "done")


class MailjetMailing(models.Model):
    """The time of a mailing: its day in the calendar, and the progress of its send."""

    _inherit = "mailjet.mailing"

    calendar_date = fields.Datetime(
        string="Date",
        compute="_compute_calendar_date",
        store=True,
        copy=False,
        help="When the mailing was sent or, before that, when it is scheduled.",
    )
    calendar_color = fields.Integer(
        string="Color",
        compute="_compute_calendar_color",
        help="The color of the state in the calendar.",
    )
    progress = fields.Integer(
        string="Progress (%)",
        compute="_compute_progress",
        help="Progress of a mailing that is being sent, in percent.",
    )

    @api.depends("sent_date", "schedule_date", "schedule_type", "state")
    def _compute_calendar_date(self):
        for mailing in self:
            is_planned = mailing.state in ACTIVE_STATES
            mailing.calendar_date = mailing.sent_date or (
                is_planned and mailing.schedule_date
            )

    def _web_read_group_format(self, groupby, aggregates, groups):
        """Fold the columns of states in which there is no mailing, but not those that
        most mailings are in: a column stays folded when other filters fill it."""
        result = super()._web_read_group_format(groupby, aggregates, groups)
        if groupby == ("state",) and "__count" in aggregates:
            for group in result:
                if not group["__count"] and group["state"] not in COMMON_STATES:
                    group["__fold"] = True
        return result

    @api.depends("state")
    def _compute_calendar_color(self):
        for mailing in self:
            mailing.calendar_color = STATE_COLORS.get(mailing.state, 0)

    @api.depends("state", "delivery_step")
    def _compute_progress(self):
        moving = self.filtered(lambda mailing: mailing.state in MOVING_STATES)
        percents = moving.sudo()._get_progress_percents()
        for mailing in self:
            mailing.progress = percents.get(mailing.id, 0)
