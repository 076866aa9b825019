from odoo import fields, models
from odoo.exceptions import UserError

from ...const import EDITABLE_STATES, STEPS


class MailjetMailing(models.Model):
    """When a mailing departs, and the buttons that start, move and stop it. They change
    its state (``mailjet.delivery.order``); the cron does the rest."""

    _inherit = "mailjet.mailing"

    undo_date = fields.Datetime(string="Can be undone until", readonly=True, copy=False)
    programmed_date = fields.Datetime(
        string="Scheduled at Mailjet for",
        readonly=True,
        copy=False,
        help="The time for which the mailing is scheduled at Mailjet.",
    )
    new_date = fields.Datetime(
        string="New time",
        readonly=True,
        copy=False,
        help="The time for which the mailing is prepared once Mailjet has confirmed "
        "the withdrawal.",
    )
    is_late = fields.Boolean(
        string="Waiting for confirmation",
        readonly=True,
        copy=False,
        help="Its scheduled time has passed. It is not sent until someone confirms it.",
    )
    is_waiting_here = fields.Boolean(readonly=True, copy=False)

    # === ACTION METHODS === #

    def action_send(self):
        """Send the mailing as soon as the cron runs, or one whose hour has passed.

        :raise UserError: saying what is missing or wrong
        """
        now = fields.Datetime.now()
        if self.is_late:
            return self._move(now, "now")
        return self._put_in_queue(now, "now")

    def action_send_checked(self):
        """Send the mailing, once each point in the list of checks is mended or
        acknowledged: what the form's button does.

        :raise UserError: naming the points that are neither
        """
        self._assert_acknowledged()
        return self.action_send()

    def action_schedule(self, schedule_date):
        """Send the mailing later, or one that is scheduled at another time.

        :param schedule_date: UTC, as a datetime or as ``"2026-02-01 08:30:00"``
        :raise UserError: saying what is missing or wrong
        """
        date = fields.Datetime.to_datetime(schedule_date)
        if not date or date <= fields.Datetime.now():
            raise UserError(self.env._("Choose a date and time in the future."))
        if self.schedule_type == "scheduled" and self.state not in EDITABLE_STATES:
            return self._move(date, "scheduled")
        return self._put_in_queue(date, "scheduled")

    def action_cancel(self):
        """Take the mailing out of the queue; it can be changed and sent again.

        :raise UserError: when it has left already
        """
        for mailing in self:
            mailing.check_access("write")
            self.env["mailjet.delivery.order"].sudo()._cancel(mailing.sudo())
        return True

    def action_retry(self):
        """Go on with a sending that failed, where it stopped."""
        for mailing in self:
            mailing.check_access("write")
            self.env["mailjet.delivery.order"].sudo()._retry(mailing.sudo())
        return True

    def action_open_schedule(self):
        """Open the wizard that asks for the date and time, for a new mailing once each
        point in the list of checks is mended or acknowledged."""
        is_new = self.state in EDITABLE_STATES
        if is_new:
            self._assert_acknowledged()
        name = self.env._("Send later") if is_new else self.env._("Choose another time")
        return self._open_wizard(name, "mailjet.mailing.schedule")

    def get_progress(self):
        """Return how far the mailing is on its way, for the form to show: see
        ``mailjet.delivery.progress``."""
        self.ensure_one()
        self.check_access("read")
        return self.env["mailjet.delivery.progress"].sudo()._read(self.sudo())

    # === BUSINESS METHODS === #

    def _put_in_queue(self, date, schedule_type):
        self._check_loadable()
        self.account_id._check_database()
        self.env["mailjet.record.sync"].sudo()._refresh_changed(self.sudo())
        steps = [name for name, _label in STEPS]
        scheduled = date if schedule_type == "scheduled" else None
        self.env["mailjet.check"]._assert_steps(self, steps, scheduled)
        order = self.env["mailjet.delivery.order"].sudo()
        order._enqueue(self.sudo(), date, schedule_type)
        return True

    def _move(self, date, schedule_type):
        self.ensure_one()
        self.check_access("write")
        order = self.env["mailjet.delivery.order"].sudo()
        order._move(self.sudo(), date, schedule_type)
        return True

    def _is_held(self):
        """Return whether Mailjet has been told an hour that has not come yet: until it
        confirms otherwise, the mailing departs then."""
        self.ensure_one()
        return bool(
            self.state == "preparing" and self.departure_date and self.programmed_date
        )
