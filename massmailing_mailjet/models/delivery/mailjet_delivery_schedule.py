import logging
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

from ...const import DRAFT_PROGRAMMED, DRAFT_SENT, FINAL_IMPORT_STATUSES
from ...exceptions import MailjetError, MailjetNotFoundError, MailjetRefusedError
from .mailjet_delivery_send import QUIET_PERIOD

_logger = logging.getLogger(__name__)

# Addresses of one bulk call. https://dev.mailjet.com/email/guides/contact-management/
BULK_SIZE = 500

# How often late unsubscriptions are handed over while Mailjet waits for the hour, and
# how long before the hour for the last time.
HOLD_INTERVAL = timedelta(minutes=5)
LAST_LOOK = timedelta(minutes=1)

# Times in a row that a draft which Mailjet holds is not found before it is taken for
# deleted: each a minute after the other.
MISSING_LOOKS = 2


class MailjetHoldStep(models.AbstractModel):
    """The remote steps that keep a prepared list true, while its hour is waited for
    here or at Mailjet, and that take a mailing back from Mailjet."""

    _name = "mailjet.hold.step"
    _description = "Scheduled step of a mass mailing"
    _inherit = "mailjet.departure.step"

    # === LATE EXCLUSIONS === #

    @api.model
    def _step_recheck(self, mailing, client):
        """Take out who unsubscribed, or was excluded otherwise, since the list was
        fixed."""
        if mailing.mailjet_job_id:
            return self._finish_exclusions(mailing, client)
        self.env["mailjet.record.sync"]._refresh_records(mailing, only_issue=True)
        self.env["mailjet.verdict"]._recompute_verdicts(mailing, only_stricter=True)
        rows = self._get_late_exclusions(mailing)
        if not rows:
            return self.DONE
        mailing.mailjet_job_id = client.unsubscribe_members(
            mailing.mailjet_list_id, rows.mapped("email_normalized")
        )
        return self.AGAIN

    @api.model
    def _finish_exclusions(self, mailing, client):
        """Release the rows that Mailjet has taken out.

        :raise UserError: when Mailjet gave the job up, and nothing was sent
        """
        job = client.get_member_job(mailing.mailjet_list_id, mailing.mailjet_job_id)
        if job["Status"] not in FINAL_IMPORT_STATUSES:
            return self.WAIT
        mailing.mailjet_job_id = False
        if job["Status"] == "Completed":
            self._get_late_exclusions(mailing)._release()
            return self.AGAIN
        if mailing._is_held():
            return self.WAIT
        raise UserError(
            self.env._(
                "Mailjet could not remove the latest exclusions from the list. "
                "Nothing was sent."
            )
        )

    @api.model
    def _get_late_exclusions(self, mailing):
        """Return the first rows that are in the list and must not be mailed any
        more, always the same ones until they are released."""
        return self.env["mailjet.recipient"].search(
            [
                ("mailing_id", "=", mailing.id),
                ("status", "=", "outgoing"),
                ("verdict", "=", "excluded"),
            ],
            order="id",
            limit=BULK_SIZE,
        )

    # === WHILE MAILJET WAITS FOR THE HOUR === #

    @api.model
    def _step_hold(self, mailing, client):
        """Hand late unsubscriptions over until the hour that Mailjet was told."""
        hour, now = mailing.programmed_date, fields.Datetime.now()
        if not hour:
            return self.DONE
        if now >= hour:
            # A job that takes late exclusions out of the list goes on: it is asked
            # about before anybody is marked as mailed.
            mailing.state = "sending"
            return self.DONE
        draft = self._find_draft(mailing, client)
        if not draft:
            return self._miss_draft(mailing)
        if not self._is_accepted(draft):
            return self._find_withdrawn(mailing)
        outcome = self._step_recheck(mailing, client)
        if outcome != self.DONE:
            return outcome
        self.env["mailjet.delivery"]._forget_trouble(mailing)
        last_look = hour - LAST_LOOK
        date = min(now + HOLD_INTERVAL, last_look) if now < last_look else hour
        self.env["mailjet.delivery"]._look_again(mailing, date)
        return self.AGAIN

    @api.model
    def _miss_draft(self, mailing):
        """Stop a mailing whose draft is gone, once it is certain."""
        if mailing.retry_count >= MISSING_LOOKS:
            return self._lose_draft(mailing)
        raise MailjetNotFoundError("The campaign is not found.")

    @api.model
    def _find_withdrawn(self, mailing):
        """Stop a mailing that somebody has withdrawn in Mailjet's own application."""
        self._withdraw(mailing)
        self.env["mailjet.delivery"]._fail(
            mailing,
            self.env._(
                "Mailjet no longer has this mailing scheduled: someone may have "
                "withdrawn it there. Nothing was sent. “Retry” schedules it again."
            ),
        )
        return self.AGAIN

    # === TAKING BACK FROM MAILJET === #

    @api.model
    def _step_unschedule(self, mailing, client):
        """Withdraw the schedule at Mailjet, and go on only when Mailjet shows that it
        is withdrawn, or that it is too late. Where Mailjet gives no answer until the
        hour is over, the mailing is followed as one that has left."""
        try:
            outcome = self._ask_back(mailing, client)
        except MailjetNotFoundError:
            return self._find_forgotten(mailing)
        except MailjetError as error:
            hour = mailing.programmed_date or mailing.departure_date
            if fields.Datetime.now() < hour + QUIET_PERIOD:
                raise
            _logger.info("Mailing %s was not withdrawn: %s", mailing.id, error)
            return self._leave_unconfirmed(mailing)
        return outcome

    @api.model
    def _ask_back(self, mailing, client):
        draft_id = mailing.mailjet_draft_id
        status = client.get_draft(draft_id)["Status"]
        # The draft of an unanswered departure may still be programmed; not so one
        # that was programmed and is not any more.
        is_sure = status == DRAFT_PROGRAMMED
        if is_sure:
            try:
                client.unschedule_draft(draft_id)
            except (MailjetNotFoundError, MailjetRefusedError) as error:
                _logger.info("Mailing %s cannot be withdrawn: %s", mailing.id, error)
            status = client.get_draft(draft_id)["Status"]
        now = fields.Datetime.now()
        if status >= DRAFT_SENT or (
            status == DRAFT_PROGRAMMED and now >= mailing.programmed_date
        ):
            return self._let_leave(mailing)
        if status == DRAFT_PROGRAMMED:
            return self.WAIT
        if not is_sure and now < mailing.departure_date + QUIET_PERIOD:
            return self.WAIT
        self.env["mailjet.delivery.order"]._after_withdrawal(mailing)
        return self.AGAIN

    @api.model
    def _find_forgotten(self, mailing):
        """Go on with a mailing of whose draft Mailjet knows nothing."""
        mailing.message_post(
            body=self.env._(
                "Mailjet does not know this mailing's campaign: it was deleted there "
                "or belongs to another API key. If the key was replaced, check with "
                "the previous key that nothing is sent."
            )
        )
        self.env["mailjet.delivery.order"]._after_withdrawal(mailing)
        return self.AGAIN

    @api.model
    def _leave_unconfirmed(self, mailing):
        """Follow a mailing whose hour has passed before Mailjet could be asked whether
        it was withdrawn."""
        message = self.env._(
            "The scheduled time passed before Mailjet confirmed the withdrawal: the "
            "mailing may have been sent."
        )
        mailing.write(
            {
                "state": "sending",
                "delivery_step": "follow",
                "new_date": False,
                "is_stalled": True,
                "delivery_message": message,
            }
        )
        self.env["mailjet.delivery.notice"]._tell(
            mailing,
            message,
            self.env._(
                "Check at Mailjet whether it was sent. Do not send it again until "
                "you know."
            ),
        )
        return self.AGAIN

    @api.model
    def _let_leave(self, mailing):
        """Follow a mailing that Mailjet has begun to send before it was withdrawn."""
        message = self.env._(
            "Mailjet had already started to send the mailing: it could no longer be "
            "stopped."
        )
        mailing.write({"state": "sending", "delivery_step": "follow"})
        mailing.new_date = False
        mailing.message_post(body=message, partner_ids=mailing.user_id.partner_id.ids)
        return self.AGAIN

    # === MAKING READY FOR ANOTHER SENDING === #

    @api.model
    def _step_release(self, mailing, _client):
        """Release the rows of an attempt that was given up, chunk by chunk."""
        upload = self.env["mailjet.upload"].search(
            [("mailing_id", "=", mailing.id)], limit=1
        )
        if upload:
            upload._release()
        else:
            self.env["mailjet.delivery.order"]._after_release(mailing)
        return self.AGAIN
