import logging

from odoo import api, fields, models

from ...const import ACTIVE_STATES, RELEASE_STEP
from ...exceptions import MailjetError, MailjetNotFoundError, MailjetRefusedError
from ...tools.mailjet_vocabulary import DRAFT_PROGRAMMED, DRAFT_SENT
from .mailjet_mailing_send import QUIET_PERIOD
from .mailjet_mailing_trouble import NO_TROUBLE
from .outcome import AGAIN, WAIT, Notice, Outcome, Then

_logger = logging.getLogger(__name__)

# Up to this many rows of a stopped mailing are released while the user waits; those of
# a larger one by the cron, which may take minutes.
RELEASE_AT_ONCE = 2_000


class MailjetMailing(models.Model):
    """Stopping or rescheduling a mailing that was not sent yet: it is withdrawn from
    Mailjet, if need be, then the attempt is abandoned."""

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
        If Mailjet holds it already, the cron withdraws it and asks Mailjet whether that
        worked.

        :raise UserError: if it was sent
        """
        self._assert_stoppable(("in_queue", "preparing", "failed"))
        self.undone_by_id = self.state != "failed" and self.env.user
        if not self._is_held():
            return self._give_up_attempt(False)
        self.message_post(
            body=self.env._("%(user)s unscheduled it.", user=self.env.user.name)
        )
        return self._request_unschedule(False)

    # === WITHDRAWING FROM MAILJET === #

    def _request_unschedule(self, reschedule_date):
        """Make the cron withdraw the mailing that Mailjet holds.

        :param reschedule_date: the new scheduled time, if any
        """
        self.write(
            {
                "delivery_step": "unschedule",
                "reschedule_date": reschedule_date,
                "schedule_type": "scheduled",
                "delivery_message": False,
                **NO_TROUBLE,
            }
        )
        self._set_next_action(fields.Datetime.now())

    def _delivery_step_unschedule(self, client):
        """Withdraw the schedule at Mailjet, and go on only when Mailjet shows that it
        is withdrawn, or that it is too late. If Mailjet does not answer until the
        scheduled time has passed, treat the mailing as sent."""
        try:
            return self._unschedule_draft(client)
        except MailjetNotFoundError:
            return self._handle_unknown_draft()
        except MailjetError as error:
            hour = self.mailjet_schedule_date or self.send_requested_date
            if fields.Datetime.now() < hour + QUIET_PERIOD:
                raise
            _logger.info("Mailing %s was not withdrawn: %s", self.id, error)
            return self._assume_sent()

    def _unschedule_draft(self, client):
        draft_id = self.mailjet_draft_id
        status = client.get_draft(draft_id)["Status"]
        # The draft of an unanswered call may still become scheduled; one that was
        # scheduled and no longer is cannot.
        is_sure = status == DRAFT_PROGRAMMED
        if is_sure:
            try:
                client.unschedule_draft(draft_id)
            except (MailjetNotFoundError, MailjetRefusedError) as error:
                _logger.info("Mailing %s cannot be withdrawn: %s", self.id, error)
            status = client.get_draft(draft_id)["Status"]
        now = fields.Datetime.now()
        if status >= DRAFT_SENT or (
            status == DRAFT_PROGRAMMED and now >= self.mailjet_schedule_date
        ):
            return self._follow_late_unschedule()
        if status == DRAFT_PROGRAMMED:
            return WAIT
        if not is_sure and now < self.send_requested_date + QUIET_PERIOD:
            return WAIT
        self._after_unschedule()
        return AGAIN

    def _handle_unknown_draft(self):
        """Go on with a mailing whose draft Mailjet does not know."""
        self.message_post(
            body=self.env._(
                "Mailjet does not know this mailing's campaign: it was deleted there "
                "or belongs to another API key. If the key was replaced, check with "
                "the previous key that nothing is sent."
            )
        )
        self._after_unschedule()
        return AGAIN

    def _assume_sent(self):
        """Treat as sent a mailing whose scheduled time passed before Mailjet could be
        asked whether it was withdrawn."""
        message = self.env._(
            "The scheduled time passed before Mailjet confirmed the withdrawal: the "
            "mailing may have been sent."
        )
        self.write(
            {
                **NO_TROUBLE,
                "state": "sending",
                "delivery_step": "follow",
                "reschedule_date": False,
                "is_stalled": True,
                "delivery_message": message,
            }
        )
        todo = self.env._(
            "Check at Mailjet whether it was sent. Do not send it again until you know."
        )
        return Outcome(Then.AGAIN, notice=Notice(message, todo))

    def _follow_late_unschedule(self):
        """Follow a mailing that Mailjet began to send before it was withdrawn."""
        message = self.env._(
            "Mailjet had already started to send the mailing: it could no longer be "
            "stopped."
        )
        self.write({"state": "sending", "delivery_step": "follow"})
        self.reschedule_date = False
        self.message_post(body=message, partner_ids=self.user_id.partner_id.ids)
        return AGAIN

    def _after_unschedule(self):
        """Go on with a mailing that Mailjet has confirmed it no longer holds."""
        self._give_up_attempt(self.reschedule_date)

    # === ABANDONING AN ATTEMPT === #

    def _give_up_attempt(self, reschedule_date):
        """Abandon this attempt; what Mailjet holds of it stays there under a name that
        is not used again. The rows of a large mailing are released later, and until
        then nobody can change or send it.

        :param reschedule_date: when to send it instead, if at all
        """
        self._thaw_message()
        self.write(
            {
                **self._get_fresh_values(),
                "mailjet_list_id": False,
                "mailjet_job_id": False,
                "mailjet_draft_id": False,
                "attempt": self.attempt + 1,
                "reschedule_date": reschedule_date,
            }
        )
        self._settle_notice()
        uploads = self._get_uploads()
        if not uploads:
            # Its recipients were not finalized yet.
            return self._resume_after_release()
        if self.recipient_count <= RELEASE_AT_ONCE:
            uploads._release()
            return self._resume_after_release()
        message = self.env._(
            "Sending is canceled: nobody receives this mailing. Its recipients are "
            "being reset, which takes a few minutes; the mailing cannot be changed "
            "until then."
        )
        self.write(
            {
                "state": "preparing",
                "delivery_step": RELEASE_STEP[0],
                "delivery_message": message,
            }
        )
        self.message_post(body=message)
        return self._set_next_action(fields.Datetime.now())

    def _delivery_step_release(self, _client):
        """Release the rows of an abandoned attempt, chunk by chunk."""
        upload = self._get_uploads(limit=1)
        if upload:
            upload._release()
        else:
            self._resume_after_release()
        return AGAIN

    def _resume_after_release(self):
        """Go on with a mailing whose abandoned attempt is fully released."""
        if self.reschedule_date:
            self._enqueue(self.reschedule_date, self.schedule_type)
        else:
            self._conclude_cancel()

    def _conclude_cancel(self):
        """Make a stopped mailing editable, and report how many emails were not sent."""
        message = self._get_cancel_message()
        self.write(
            {
                "state": "draft" if self.undone_by_id else "cancelled",
                "schedule_date": False,
                "next_action_date": False,
                "delivery_step": False,
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
        mailings = self.search(
            [
                ("account_id", "=", account.id),
                ("state", "in", ACTIVE_STATES),
                ("send_requested_date", "=", False),
            ]
        )
        for mailing in mailings:
            mailing._give_up_attempt(False)
