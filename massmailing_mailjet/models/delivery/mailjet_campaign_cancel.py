import logging

from odoo import fields, models
from odoo.tools.translate import LazyTranslate

from ...const import RELEASE_STEP
from ...exceptions import MailjetError, MailjetNotFoundError, MailjetRefusedError
from ...tools.mailjet_vocabulary import DRAFT_PROGRAMMED, DRAFT_SENT
from ..sentence import get_facts, say
from .mailjet_campaign_send import QUIET_PERIOD
from .mailjet_campaign_trouble import NO_TROUBLE
from .outcome import AGAIN, WAIT, Notice, Outcome, Then

_logger = logging.getLogger(__name__)
_lt = LazyTranslate(__name__)

# Up to this many rows of a stopped campaign are released while the user waits; those of
# a larger one by the cron, which may take minutes.
RELEASE_AT_ONCE = 2_000

# The values of a campaign that was to be held or moved, and is sent all the same.
NOT_CHANGED = {"is_kept": False, "is_on_hold": False}


class MailjetCampaign(models.Model):
    """Stopping a campaign that was not sent yet: it is withdrawn from Mailjet, if need
    be, then the attempt is abandoned."""

    _inherit = "mailjet.campaign"

    # It is withdrawn from Mailjet to be sent at another time, or not yet.
    is_kept = fields.Boolean(string="Kept for another time")

    def _can_stop(self):
        """Return whether the campaign was not sent yet: Mailjet may hold it already."""
        self.ensure_one()
        return (
            self.state in ("in_queue", "preparing", "failed")
            and self.delivery_step != RELEASE_STEP[0]
            and (not self.send_requested_date or self._is_held())
        )

    def _stop(self):
        """Stop a campaign that was not sent yet. If Mailjet holds it already, the cron
        withdraws it and asks Mailjet whether that worked."""
        self.is_kept = False
        return (
            self._request_unschedule() if self._is_held() else self._give_up_attempt()
        )

    # === WITHDRAWING FROM MAILJET === #

    def _request_unschedule(self):
        """Make the cron withdraw a campaign that Mailjet holds."""
        self.write(
            {
                "delivery_step": "unschedule",
                "delivery_facts": False,
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
            _logger.info("Campaign %s was not withdrawn: %s", self.id, error)
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
                _logger.info("Campaign %s cannot be withdrawn: %s", self.id, error)
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
        return self._conclude_withdrawal()

    def _conclude_withdrawal(self):
        """Go on with a campaign that Mailjet certainly does not send: it waits for
        another time, or is abandoned."""
        if not self.is_kept:
            self._give_up_attempt()
            return AGAIN
        self._reset_send_request()
        self.write({"delivery_step": "schedule", "send_attempts": 0, "is_kept": False})
        return AGAIN

    def _handle_unknown_draft(self):
        """Go on with a campaign whose draft Mailjet does not know: one that was to be
        held or moved stops until someone has checked."""
        message = self.env._(
            "Mailjet does not know this mailing's campaign: it was deleted there "
            "or belongs to another API key. If the key was replaced, check with "
            "the previous key that nothing is sent."
        )
        self.mailing_id.message_post(body=self._say(message))
        if self.is_kept:
            self.is_kept = False
            return self._fail_lost_draft()
        self._give_up_attempt()
        return AGAIN

    def _assume_sent(self):
        """Treat as sent a campaign whose scheduled time passed before Mailjet could be
        asked whether it was withdrawn."""
        message = say(
            self.env,
            _lt(
                "The scheduled time passed before Mailjet confirmed the withdrawal: "
                "the mailing may have been sent."
            ),
        )
        self.write(
            {
                **NO_TROUBLE,
                "state": "sending",
                "delivery_step": "follow",
                "is_stalled": True,
                "delivery_facts": get_facts(message),
                **NOT_CHANGED,
            }
        )
        self.mailing_id.reschedule_date = False
        self.mailing_id._resume_after_release()
        todo = self.env._(
            "Check at Mailjet whether it was sent. Do not send it again until you know."
        )
        return Outcome(Then.AGAIN, notice=Notice(message, todo))

    def _follow_late_unschedule(self):
        """Follow a campaign that Mailjet began to send before it was withdrawn."""
        message = self.env._(
            "Mailjet had already started to send the mailing: it could no longer be "
            "stopped."
        )
        self.write({"state": "sending", "delivery_step": "follow", **NOT_CHANGED})
        mailing = self.mailing_id
        mailing.reschedule_date = False
        partners = mailing.user_id.partner_id
        mailing.message_post(body=self._say(message), partner_ids=partners.ids)
        mailing._resume_after_release()
        return AGAIN

    # === ABANDONING AN ATTEMPT === #

    def _give_up_attempt(self):
        """Abandon this attempt; what Mailjet holds of it stays there under a name that
        is not used again. The rows of a large campaign are released later, and until
        then nobody can change or send the mailing."""
        mailing = self.mailing_id
        self._thaw_message()
        self._settle_notice()
        uploads = self._get_uploads()
        if mailing.recipient_count <= RELEASE_AT_ONCE:
            uploads._release()
            uploads = uploads.browse()
        if not uploads:
            # None is left, or its recipients were not finalized yet.
            return self._drop()
        message = self._get_release_message()
        self.write(
            {
                **NO_TROUBLE,
                "state": "preparing",
                "delivery_step": RELEASE_STEP[0],
                "delivery_facts": get_facts(message),
                "needs_confirmation": False,
                "send_requested_date": False,
                "mailjet_schedule_date": False,
                "mailjet_list_id": False,
                "mailjet_job_id": False,
                "mailjet_draft_id": False,
            }
        )
        if not self.is_part:
            mailing.message_post(body=message)
        return self._set_next_action(fields.Datetime.now())

    def _get_release_message(self):
        if self.is_part:
            return say(
                self.env,
                _lt(
                    "Sending is canceled. The recipients of this part are being reset, "
                    "which takes a few minutes."
                ),
            )
        return say(
            self.env,
            _lt(
                "Sending is canceled: nobody receives this mailing. Its recipients are "
                "being reset, which takes a few minutes; the mailing cannot be changed "
                "until then."
            ),
        )

    def _delivery_step_release(self, _client):
        """Release the rows of an abandoned attempt, chunk by chunk."""
        upload = self._get_uploads(limit=1)
        if upload:
            upload._release()
        else:
            self._drop()
        return AGAIN

    def _drop(self):
        """Delete a campaign whose rows are all released: the mailing goes on without
        it."""
        mailing = self.mailing_id
        self.unlink()
        mailing._resume_after_release()
