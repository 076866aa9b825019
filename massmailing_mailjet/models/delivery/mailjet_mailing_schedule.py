from datetime import timedelta

from odoo import fields, models
from odoo.exceptions import UserError

from ...exceptions import MailjetNotFoundError
from ...tools.mailjet_vocabulary import FINAL_IMPORT_STATUSES, GIVEN_UP_STATUSES
from .outcome import AGAIN, DONE, WAIT, fail, look_again

# Mailjet refuses an hour that is "too close", without saying what that is; the hour
# of such a mailing is waited for here.
# https://dev.mailjet.com/email/reference/campaigns/drafts/
SCHEDULE_LEAD = timedelta(minutes=10)

# Addresses of one bulk call. https://dev.mailjet.com/email/guides/contact-management/
BULK_SIZE = 500

# How often late unsubscriptions go to Mailjet while it waits for the hour, and
# how long before the hour for the last time.
RECHECK_INTERVAL = timedelta(minutes=5)
LAST_LOOK = timedelta(minutes=1)

# Times in a row that a draft which Mailjet holds is not found before it is taken for
# deleted: each a minute after the other.
MISSING_LOOKS = 2

# How long after the hour the last job on the list is waited for, before the rows that
# it was to take out are taken for mailed.
JOB_PATIENCE = timedelta(minutes=30)


class MailjetMailing(models.Model):
    """The steps in which the time that the user chose is waited for, here or at
    Mailjet, while anyone who unsubscribes is taken out of the list."""

    _inherit = "mailjet.mailing"

    # === WAITING HERE === #

    def _delivery_step_schedule(self, _client):
        """Wait for the hour that the user chose, or until they cannot undo any more;
        an hour that is far enough ahead is left to Mailjet."""
        hour = self.schedule_date or self.undo_date
        if hour and hour > fields.Datetime.now() and not self._get_mailjet_hour():
            return look_again(hour)
        return DONE

    def _get_mailjet_hour(self):
        """Return the hour for Mailjet's own schedule, if it is far enough ahead."""
        hour = self.schedule_date
        if not hour or self.is_waiting_here:
            return False
        return hour - fields.Datetime.now() >= SCHEDULE_LEAD and hour

    # === LATE EXCLUSIONS === #

    def _delivery_step_recheck(self, client):
        """Take out who unsubscribed, or was excluded otherwise, since the list was
        fixed."""
        if self.mailjet_job_id:
            return self._finish_late_exclusions(client)
        self.env["mailjet.record.sync"]._refresh_records(self, only_issue=True)
        self.env["mailjet.verdict"]._recompute_verdicts(self, only_stricter=True)
        rows = self._get_late_exclusions()
        if not rows:
            return DONE
        self.mailjet_job_id = client.unsubscribe_members(
            self.mailjet_list_id, rows.mapped("email_normalized")
        )
        return AGAIN

    def _finish_late_exclusions(self, client):
        """Release the rows that Mailjet has taken out.

        :raise UserError: when Mailjet gave the job up, and nothing was sent
        """
        job = client.get_member_job(self.mailjet_list_id, self.mailjet_job_id)
        if job["Status"] not in FINAL_IMPORT_STATUSES:
            return WAIT
        self.mailjet_job_id = False
        if job["Status"] == "Completed":
            self._get_late_exclusions()._release()
            return AGAIN
        if self._is_held():
            return WAIT
        raise UserError(
            self.env._(
                "Mailjet could not remove the latest exclusions from the list. "
                "Nothing was sent."
            )
        )

    def _settle_late_exclusions(self, client):
        """Release the rows that were taken out of the list before the hour, so that
        they are not taken for mailed; return whether that is known."""
        try:
            job = client.get_member_job(self.mailjet_list_id, self.mailjet_job_id)
            status = job["Status"]
        except MailjetNotFoundError:
            status = GIVEN_UP_STATUSES[0]
        hour = self.programmed_date or self.departure_date
        is_late = fields.Datetime.now() > hour + JOB_PATIENCE
        if status not in FINAL_IMPORT_STATUSES and not is_late:
            return False
        self.mailjet_job_id = False
        if status == "Completed":
            self._get_late_exclusions()._release()
        return True

    def _get_late_exclusions(self):
        """Return the first rows that are in the list and must not be mailed any
        more, always the same ones until they are released."""
        return self.env["mailjet.recipient"].search(
            [
                ("mailing_id", "=", self.id),
                ("status", "=", "outgoing"),
                ("verdict", "=", "excluded"),
            ],
            order="id",
            limit=BULK_SIZE,
        )

    # === WHILE MAILJET WAITS FOR THE TIME === #

    def _delivery_step_scheduled(self, client):
        """Take anyone out of the list who unsubscribes until the hour that Mailjet
        waits for."""
        hour, now = self.programmed_date, fields.Datetime.now()
        if not hour:
            return DONE
        if now >= hour:
            # A job that takes late exclusions out of the list goes on: it is asked
            # about before anybody is marked as mailed.
            self.state = "sending"
            return DONE
        draft = self._find_draft(client)
        if not draft:
            return self._handle_missing_draft()
        if not self._is_accepted_draft(draft):
            return self._handle_unscheduled_draft()
        outcome = self._delivery_step_recheck(client)
        if outcome != DONE:
            return outcome
        last_look = hour - LAST_LOOK
        date = min(now + RECHECK_INTERVAL, last_look) if now < last_look else hour
        return look_again(date, has_moved=True)

    def _handle_missing_draft(self):
        """Stop a mailing whose draft is gone, once it is certain."""
        if self.retry_count >= MISSING_LOOKS:
            return self._fail_lost_draft()
        raise MailjetNotFoundError("The campaign is not found.")

    def _handle_unscheduled_draft(self):
        """Stop a mailing that somebody has withdrawn in Mailjet's own application."""
        self._reset_send_request()
        return fail(
            self.env._(
                "Mailjet no longer has this mailing scheduled: someone may have "
                "withdrawn it there. Nothing was sent. “Retry” schedules it again."
            )
        )
