from odoo import fields, models
from odoo.exceptions import UserError

from ...const import ACTIVE_STATES
from ..counting import say_count

# The steps after the scheduled time was waited for.
LAST_STEPS = ("recheck", "send")


class MailjetCampaign(models.Model):
    """What users change of one of the campaigns of a mailing, as long as it was not
    sent: it is put on hold, moved to another date or canceled, alone. If Mailjet holds
    it, it is withdrawn first."""

    _inherit = "mailjet.campaign"

    # === ACTION METHODS === #

    def action_hold(self):
        """Do not send the campaign until it is released.

        :raise UserError: if that is not possible any more
        """
        campaign = self._lock_for("hold")
        campaign.is_on_hold = True
        campaign._note(self.env._("%(user)s put it on hold.", user=self.env.user.name))
        campaign._wait_again()
        return True

    def action_release(self):
        """Send a campaign that was on hold at its time, or at once if that has passed.

        :raise UserError: if it is not on hold
        """
        campaign = self._lock_for("release")
        campaign.is_on_hold = False
        if campaign.schedule_date and campaign.schedule_date <= fields.Datetime.now():
            campaign.schedule_date = False
        campaign._note(self.env._("%(user)s released it.", user=self.env.user.name))
        campaign._wait_again()
        return True

    def action_move(self, schedule_date):
        """Send the campaign at another time; it is not on hold any more.

        :param schedule_date: UTC, as a datetime or as ``"2026-02-01 08:30:00"``
        :raise UserError: if that is not possible any more
        """
        date = fields.Datetime.to_datetime(schedule_date)
        if not date or date <= fields.Datetime.now():
            raise UserError(self.env._("Choose a date and time in the future."))
        campaign = self._lock_for("move")
        campaign.write(
            {
                "schedule_date": date,
                "schedule_locally": False,
                "is_on_hold": False,
                "needs_confirmation": False,
            }
        )
        campaign._settle_notice()
        campaign._note(
            self.env._("%(user)s moved it to another time.", user=self.env.user.name)
        )
        campaign._wait_again()
        return True

    def action_cancel(self):
        """Do not send the campaign: its recipients can be sent to by a follow-up.

        :raise UserError: if that is not possible any more
        """
        campaign = self._lock_for("cancel")
        mailing = campaign.mailing_id
        mailing.write({"reschedule_date": False, "undone_by_id": self.env.uid})
        campaign._note(
            say_count(
                self.env,
                campaign.planned_count,
                self.env._("%(user)s canceled it: %(count)s email is not sent."),
                self.env._("%(user)s canceled it: %(count)s emails are not sent."),
                user=self.env.user.name,
            )
        )
        campaign._stop()
        return True

    # === BUSINESS METHODS === #

    def _get_actions(self):
        """Return what can be done with the campaign now: ``hold``, ``release``,
        ``move`` and ``cancel``."""
        self.ensure_one()
        if not self.is_part or not self._can_stop() or self._is_stopping():
            return []
        if self.awaits_decision or self.state == "failed":
            return ["cancel"]
        if self.is_on_hold:
            return ["release", "move", "cancel"]
        if self.needs_confirmation:
            return ["move", "cancel"]
        return ["hold", "move", "cancel"]

    def _lock_for(self, action):
        """Lock the mailing, so that nothing happens to its campaigns meanwhile, and
        return the campaign with all rights.

        :raise AccessError: if the user may not change the mailing
        :raise UserError: if the action is not possible now
        """
        self.ensure_one()
        self.check_access("read")
        self.mailing_id.check_access("write")
        campaign = self.sudo()
        campaign.mailing_id._assert_state((*ACTIVE_STATES, "failed"))
        if not campaign.exists() or action not in campaign._get_actions():
            raise UserError(
                self.env._(
                    "This part of the mailing is being sent or was changed meanwhile: "
                    "this is no longer possible."
                )
            )
        return campaign

    def _wait_again(self):
        """Wait for the time of a campaign, which has changed: before it is prepared, or
        as soon as it is; one that Mailjet holds is withdrawn first."""
        if self._is_held():
            self.is_kept = True
            self._request_unschedule()
        elif self._is_in_line():
            self.next_action_date = False
            if not self.is_on_hold:
                self._set_next_action(self._get_start())
        else:
            if self.delivery_step in LAST_STEPS:
                self.delivery_step = "schedule"
            self._set_next_action(fields.Datetime.now())

    def _note(self, text):
        """Say in the chatter what was done with the campaign."""
        self.mailing_id.message_post(body=self._say(text))
