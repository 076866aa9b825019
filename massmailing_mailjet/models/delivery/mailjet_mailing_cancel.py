from odoo import api, fields, models

from ...const import ACTIVE_STATES


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
        """Stop a mailing that was not sent yet: a draft again, unless it had failed.

        :raise UserError: if it was sent
        """
        self._assert_stoppable(("in_queue", "preparing", "failed"))
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
        self.schedule_type = schedule_type
        self._stop_campaigns(date)

    def _stop_campaigns(self, reschedule_date=False):
        """Stop the campaigns that were not sent yet.

        :param reschedule_date: when to send the mailing instead, if at all
        """
        self.reschedule_date = reschedule_date
        for campaign in self.mailjet_campaign_ids:
            if campaign._can_stop():
                campaign._stop()

    def _resume_after_release(self):
        """Go on with a mailing once all of its abandoned campaigns are released."""
        if self.mailjet_campaign_ids:
            return self._sum_campaigns()
        self.attempt += 1
        if self.reschedule_date:
            return self._enqueue(self.reschedule_date, self.schedule_type)
        return self._conclude_cancel()

    def _conclude_cancel(self):
        """Make a stopped mailing editable, and report how many emails were not sent."""
        message = self._get_cancel_message()
        self.write(
            {
                **self._get_fresh_values(),
                "state": "draft" if self.undone_by_id else "cancelled",
                "schedule_date": False,
                "delivery_message": not self.undone_by_id and message,
            }
        )
        self.message_post(body=message)
        self._settle_notice()

    def _get_cancel_message(self):
        if self.undone_by_id:
            return self.env._(
                "Sending was undone by %(user)s. Emails not sent: %(count)s",
                user=self.undone_by_id.name,
                count=self.planned_count,
            )
        return self.env._(
            "Sending was stopped. Emails not sent: %s", self.planned_count
        )

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
        for campaign in campaigns:
            campaign.mailing_id.reschedule_date = False
            campaign._give_up_attempt()
