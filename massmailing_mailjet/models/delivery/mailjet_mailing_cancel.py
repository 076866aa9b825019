import logging

from odoo import api, fields, models

from ...const import ACTIVE_STATES, RELEASE_STEP
from ...exceptions import MailjetError, MailjetNotFoundError, MailjetRefusedError
from ...tools.mailjet_vocabulary import DRAFT_PROGRAMMED, DRAFT_SENT
from .mailjet_mailing_send import QUIET_PERIOD
from .mailjet_mailing_trouble import NO_TROUBLE
from .outcome import AGAIN, WAIT, Notice, Outcome, Then

_logger = logging.getLogger(__name__)

# The rows of a mailing that is stopped are released while the user waits, up to so
# many; those of a larger one by the cron, which may take minutes.
RELEASE_AT_ONCE = 2_000


class MailjetMailing(models.Model):
    """How a mailing that was not sent yet is stopped, or moved to another time: taken
    back from Mailjet, if need be, then given up."""

    _inherit = "mailjet.mailing"

    def _cancel_sending(self):
        """Stop a mailing that was not sent yet. What Mailjet holds already is taken
        back by the cron, which asks Mailjet whether it worked.

        :raise UserError: when it was sent
        """
        self._assert_stoppable(("in_queue", "preparing", "failed"))
        if self._is_held():
            return self._request_unschedule(False)
        return self._give_up_attempt(False)

    # === TAKING BACK FROM MAILJET === #

    def _request_unschedule(self, new_date):
        """Let the cron take back what Mailjet holds.

        :param new_date: the hour for which it is to be prepared again, if any
        """
        self.write(
            {
                "delivery_step": "unschedule",
                "new_date": new_date,
                "schedule_type": "scheduled",
                "delivery_message": False,
                **NO_TROUBLE,
            }
        )
        self._set_next_action(fields.Datetime.now())

    def _delivery_step_unschedule(self, client):
        """Withdraw the schedule at Mailjet, and go on only when Mailjet shows that it
        is withdrawn, or that it is too late. Where Mailjet gives no answer until the
        hour is over, the mailing is followed as one that was sent."""
        try:
            return self._unschedule_draft(client)
        except MailjetNotFoundError:
            return self._handle_unknown_draft()
        except MailjetError as error:
            hour = self.programmed_date or self.departure_date
            if fields.Datetime.now() < hour + QUIET_PERIOD:
                raise
            _logger.info("Mailing %s was not withdrawn: %s", self.id, error)
            return self._assume_sent()

    def _unschedule_draft(self, client):
        draft_id = self.mailjet_draft_id
        status = client.get_draft(draft_id)["Status"]
        # The draft of an unanswered call may still be scheduled; not so one that was
        # scheduled and is not any more.
        is_sure = status == DRAFT_PROGRAMMED
        if is_sure:
            try:
                client.unschedule_draft(draft_id)
            except (MailjetNotFoundError, MailjetRefusedError) as error:
                _logger.info("Mailing %s cannot be withdrawn: %s", self.id, error)
            status = client.get_draft(draft_id)["Status"]
        now = fields.Datetime.now()
        if status >= DRAFT_SENT or (
            status == DRAFT_PROGRAMMED and now >= self.programmed_date
        ):
            return self._follow_late_unschedule()
        if status == DRAFT_PROGRAMMED:
            return WAIT
        if not is_sure and now < self.departure_date + QUIET_PERIOD:
            return WAIT
        self._after_unschedule()
        return AGAIN

    def _handle_unknown_draft(self):
        """Go on with a mailing of whose draft Mailjet knows nothing."""
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
        """Follow a mailing whose hour has passed before Mailjet could be asked whether
        it was withdrawn."""
        message = self.env._(
            "The scheduled time passed before Mailjet confirmed the withdrawal: the "
            "mailing may have been sent."
        )
        self.write(
            {
                "state": "sending",
                "delivery_step": "follow",
                "new_date": False,
                "is_stalled": True,
                "delivery_message": message,
            }
        )
        todo = self.env._(
            "Check at Mailjet whether it was sent. Do not send it again until you know."
        )
        return Outcome(Then.AGAIN, notice=Notice(message, todo))

    def _follow_late_unschedule(self):
        """Follow a mailing that Mailjet has begun to send before it was withdrawn."""
        message = self.env._(
            "Mailjet had already started to send the mailing: it could no longer be "
            "stopped."
        )
        self.write({"state": "sending", "delivery_step": "follow"})
        self.new_date = False
        self.message_post(body=message, partner_ids=self.user_id.partner_id.ids)
        return AGAIN

    def _after_unschedule(self):
        """Go on with a mailing that Mailjet has confirmed not to hold any more."""
        self._give_up_attempt(self.new_date)

    # === GIVING AN ATTEMPT UP === #

    def _give_up_attempt(self, new_date):
        """Forget this attempt; what Mailjet holds of it is left behind under a name
        that is not used again. The rows of a large mailing are released later on, and
        until then nobody can change or send it.

        :param new_date: when it is to be sent instead, if at all
        """
        self._thaw_message()
        self.write(
            {
                **self._get_fresh_values(),
                "mailjet_list_id": False,
                "mailjet_job_id": False,
                "mailjet_draft_id": False,
                "sending_number": self.sending_number + 1,
                "new_date": new_date,
            }
        )
        self._settle_notice()
        uploads = self._get_uploads()
        if not uploads:
            # Its recipients were not fixed yet.
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
        """Release the rows of an attempt that was given up, chunk by chunk."""
        upload = self._get_uploads(limit=1)
        if upload:
            upload._release()
        else:
            self._resume_after_release()
        return AGAIN

    def _resume_after_release(self):
        """Go on with a mailing of whose attempt nothing is left."""
        if self.new_date:
            self._enqueue(self.new_date, self.schedule_type)
        else:
            self._conclude_cancel()

    def _conclude_cancel(self):
        """Leave a stopped mailing to be changed, and say how many got nothing."""
        message = self.env._(
            "Sending was stopped. Emails not sent: %s", self.planned_count
        )
        self.write(
            {
                "state": "cancelled",
                "schedule_date": False,
                "next_action_date": False,
                "delivery_step": False,
                "delivery_message": message,
            }
        )
        self.message_post(body=message)
        self._settle_notice()

    @api.model
    def _cancel_copied(self, account):
        """Cancel what was on its way when this database was copied from another; what
        was sent is followed from here as well."""
        mailings = self.search(
            [
                ("account_id", "=", account.id),
                ("state", "in", ACTIVE_STATES),
                ("departure_date", "=", False),
            ]
        )
        for mailing in mailings:
            mailing._give_up_attempt(False)
