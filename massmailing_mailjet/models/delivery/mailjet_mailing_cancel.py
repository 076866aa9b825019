from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools.translate import LazyTranslate

from ...const import ACTIVE_STATES
from ..sentence import get_facts, say

_lt = LazyTranslate(__name__)


class MailjetMailing(models.Model):
    """Stopping or rescheduling a mailing: all of its campaigns that were not sent."""

    _inherit = "mailjet.mailing"

    undone_by_id = fields.Many2one(
        "res.users",
        string="Undone by",
        readonly=True,
        copy=False,
        help="User who undid the sending: the mailing is a draft again.",
    )

    def _cancel_sending(self):
        """Stop a mailing, as far as it was not sent yet: a draft again if nothing was,
        unless it had failed.

        :raise UserError: if all of it was sent
        """
        self._assert_stoppable((*ACTIVE_STATES, "failed"))
        self.undone_by_id = self.state != "failed" and self.env.user
        if any(campaign._is_held() for campaign in self.mailjet_campaign_ids):
            self.message_post(
                body=self.env._("%(user)s unscheduled it.", user=self.env.user.name)
            )
        self._stop_campaigns()

    def _reschedule(self, date, schedule_type):
        """Change the scheduled time of a mailing that was not sent yet. It is prepared
        again: names and exclusions are then current at the new time.

        :raise UserError: if it was sent
        """
        self._assert_stoppable(("in_queue", "preparing"))
        if not all(campaign._can_stop() for campaign in self.mailjet_campaign_ids):
            return self._confirm_rest(date)
        self.schedule_type = schedule_type
        return self._stop_campaigns(date)

    def _confirm_rest(self, date):
        """Send the campaigns at that date that were waiting for a person, of a mailing
        of which others were sent.

        :raise UserError: if there are none
        """
        waiting = self.mailjet_campaign_ids.filtered("needs_confirmation")
        if not waiting:
            raise UserError(
                self.env._(
                    "Some of this mailing was already sent: its time can no longer be "
                    "changed. You can stop the rest."
                )
            )
        waiting.write({"needs_confirmation": False, "schedule_date": date})
        for campaign in waiting:
            campaign._set_next_action(fields.Datetime.now())
            campaign._settle_notice()

    def _stop_campaigns(self, reschedule_date=False):
        """Stop the campaigns that were not sent yet.

        :param reschedule_date: when to send the mailing instead, if at all
        """
        self.reschedule_date = reschedule_date
        for campaign in self.mailjet_campaign_ids._get_stop_order():
            if campaign._can_stop():
                campaign._stop()

    def _resume_after_release(self):
        """Go on with a mailing once all of its abandoned campaigns are released."""
        campaigns = self.mailjet_campaign_ids
        if any(
            campaign._can_stop() or campaign._is_stopping() for campaign in campaigns
        ):
            return self._sum_campaigns()
        if campaigns:
            return self._conclude_stop()
        self.attempt += 1
        if self.reschedule_date:
            return self._enqueue(self.reschedule_date, self.schedule_type)
        return self._conclude_cancel()

    def _conclude_stop(self):
        """Report how many emails were not sent of a mailing that was partly sent: it
        can be followed up, and is not sent again."""
        unsent = self.env["mailjet.recipient"].search_count(
            [
                ("mailing_id", "=", self.id),
                ("verdict", "=", "send"),
                ("status", "=", "pending"),
            ]
        )
        if unsent:
            self.message_post(body=self._get_cancel_message(unsent))
        self._update_counts()
        self.write({"reschedule_date": False, "undone_by_id": False})
        self._sum_campaigns()

    def _conclude_cancel(self):
        """Make a stopped mailing editable, and report how many emails were not sent."""
        message = self._get_cancel_message(self.planned_count)
        self.write(
            {
                **self._get_fresh_values(),
                "state": "draft" if self.undone_by_id else "cancelled",
                "schedule_date": False,
                "delivery_facts": not self.undone_by_id and get_facts(message),
            }
        )
        self.message_post(body=message)
        self._settle_notice()

    def _get_cancel_message(self, count):
        if self.undone_by_id:
            return say(
                self.env,
                _lt(
                    "Sending was undone by %(user)s. Emails not sent: %(count)s",
                    user=self.undone_by_id.name,
                    count=count,
                ),
            )
        return say(self.env, _lt("Sending was stopped. Emails not sent: %s", count))

    @api.model
    def _cancel_copied(self, account):
        """Cancel what was being sent when this database was copied from another;
        mailings that were sent are followed in the copy as well."""
        campaigns = self.env["mailjet.campaign"].search(
            [
                ("account_id", "=", account.id),
                ("state", "in", ACTIVE_STATES),
                ("send_requested_date", "=", False),
            ]
        )
        for campaign in campaigns._get_stop_order():
            campaign.mailing_id.reschedule_date = False
            campaign._give_up_attempt()
