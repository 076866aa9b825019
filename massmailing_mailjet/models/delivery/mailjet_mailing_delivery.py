from datetime import timedelta

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ...const import (
    EDITABLE_STATES,
    MOVING_STATES,
    RELEASE_STEP,
    STEP_NAMES,
)
from ..mailjet_campaign import SHOWN


class MailjetMailing(models.Model):
    """When a mailing is sent, and the buttons that start, reschedule and retry it. They
    change its state and trigger the cron, which does the rest
    (``mailjet.delivery``)."""

    _inherit = "mailjet.mailing"

    undo_date = fields.Datetime(string="Can be undone until", readonly=True, copy=False)
    reschedule_date = fields.Datetime(
        string="New time",
        readonly=True,
        copy=False,
        help="The time for which the mailing is prepared once Mailjet has confirmed "
        "the withdrawal.",
    )

    # === ACTION METHODS === #

    def action_send(self):
        """Send the mailing as soon as the cron runs, even if its scheduled time has
        passed.

        :raise UserError: saying what is missing or wrong
        """
        now = fields.Datetime.now()
        if self.needs_confirmation:
            return self._move(now, "now")
        return self._put_in_queue(now, "now")

    def action_send_checked(self):
        """Send the mailing, if each point in the list of checks is fixed or accepted:
        what the form does once sending is confirmed.

        :raise UserError: naming the points that are neither
        """
        self._assert_acknowledged()
        return self.action_send()

    def action_schedule(self, schedule_date):
        """Schedule the mailing, or reschedule it.

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
        """Cancel the sending: a mailing that was on its way is a draft again, one that
        had failed is canceled. Both can be changed and sent again.

        :raise UserError: if it was sent already
        """
        for mailing in self:
            mailing.check_access("write")
            mailing.sudo()._cancel_sending()
        return True

    def action_retry(self):
        """Resume a failed send where it stopped."""
        for mailing in self:
            mailing.check_access("write")
            mailing.sudo()._retry_sending()
        return True

    def action_open_send(self):
        """Open the wizard that asks to confirm sending now, or lead to the issues that
        must be fixed."""
        self._check_loadable()
        self.env["mailjet.record.sync"].sudo()._refresh_changed(self.sudo())
        return self._show_open_issues() or self._open_wizard(
            self.env._("Send now"), "mailjet.mailing.send"
        )

    def action_open_schedule(self):
        """Open the wizard that asks for the date and time; for a new mailing, lead to
        the issues that must be fixed first."""
        if self.state not in EDITABLE_STATES:
            name = self.env._("Choose another time")
            return self._open_wizard(name, "mailjet.mailing.schedule")
        return self._show_open_issues() or self._open_wizard(
            self.env._("Schedule"), "mailjet.mailing.schedule"
        )

    # === BUSINESS METHODS === #

    def _put_in_queue(self, date, schedule_type):
        self._check_loadable()
        self.account_id._check_database()
        self.env["mailjet.record.sync"].sudo()._refresh_changed(self.sudo())
        scheduled = date if schedule_type == "scheduled" else None
        self._assert_steps(STEP_NAMES, scheduled)
        self._with_own_values({"schedule_date": scheduled})._assert_partition()
        self.sudo()._enqueue(date, schedule_type)
        return True

    def _move(self, date, schedule_type):
        self.ensure_one()
        self.check_access("write")
        self.sudo()._reschedule(date, schedule_type)
        return True

    def _enqueue(self, date, schedule_type):
        """Queue the mailing for the cron: now, or at that date. A send now can be
        undone for the number of minutes that its company has chosen."""
        self.ensure_one()
        scheduled = schedule_type == "scheduled"
        undo = timedelta(minutes=self.company_id.mailjet_undo_minutes)
        self.write(
            {
                **self._get_fresh_values(),
                "step": STEP_NAMES[-1],
                "schedule_type": schedule_type,
                "schedule_date": date if scheduled else False,
                "undo_date": date + undo if undo and not scheduled else False,
                "undone_by_id": False,
            }
        )
        self._settle_notice()
        campaign, start = self._create_campaign(), date
        if scheduled:
            preparation = campaign._get_preparation(self.planned_count)
            start = self._get_first_date() - preparation
        campaign._set_next_action(start)

    def _retry_sending(self):
        """Resume a failed send at the step where it stopped, or one that makes no
        progress."""
        self._assert_state(("failed", *MOVING_STATES))
        stopped = self.mailjet_campaign_ids.filtered(lambda row: row._can_retry())
        if not stopped:
            self._refuse_state()
        for campaign in stopped:
            campaign._retry()
        self._settle_notice()

    def _get_fresh_values(self):
        """Return the values of a mailing of which no campaign exists."""
        return {
            **dict.fromkeys(SHOWN, False),
            "reschedule_date": False,
            "undo_date": False,
            "sent_count": 0,
            "failed_count": 0,
        }

    # === CHECKS === #

    def _assert_stoppable(self, states):
        """Lock the mailing.

        :raise UserError: if it is in none of the states, or was sent
        """
        self._assert_state(states)
        if self.delivery_step == RELEASE_STEP[0]:
            raise UserError(
                self.env._("This mailing is already being stopped. Please wait.")
            )
        if not any(campaign._can_stop() for campaign in self.mailjet_campaign_ids):
            raise UserError(
                self.env._("This mailing was sent and can no longer be stopped.")
            )

    def _assert_state(self, states):
        """Lock the mailing.

        :raise UserError: if it is in none of the states
        """
        self.ensure_one()
        # Wait for the engine: it locks the mailing for its whole step.
        self.env.execute_query(
            SQL(
                "SELECT id FROM mailjet_mailing WHERE id = %s FOR NO KEY UPDATE",
                self.id,
            )
        )
        self.invalidate_recordset()
        self.mailjet_campaign_ids.invalidate_recordset()
        if self.state not in states:
            self._refuse_state()

    def _refuse_state(self):
        raise UserError(
            self.env._("The state of the mailing “%s” does not allow this.", self.name)
        )
