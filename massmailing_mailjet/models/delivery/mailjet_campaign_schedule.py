from datetime import timedelta

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools.translate import LazyTranslate

from ...exceptions import MailjetNotFoundError
from ...tools.mailjet_vocabulary import FINAL_IMPORT_STATUSES, GIVEN_UP_STATUSES
from ..recipients.mailjet_verdict import FEW_ROWS
from ..sentence import say
from .outcome import AGAIN, DONE, WAIT, fail, look_again

_lt = LazyTranslate(__name__)

# Mailjet rejects a scheduled time that is "too close", without saying what that means;
# a campaign scheduled sooner than this waits in Odoo.
# https://dev.mailjet.com/email/reference/campaigns/drafts/
SCHEDULE_LEAD = timedelta(minutes=10)

# Addresses per bulk call. https://dev.mailjet.com/email/guides/contact-management/
BULK_SIZE = 500

# How often late unsubscribes are sent to Mailjet while it holds the campaign, and how
# long before the scheduled time for the last time.
RECHECK_INTERVAL = timedelta(minutes=5)
LAST_LOOK = timedelta(minutes=1)

# How often in a row, once a minute, a draft that Mailjet holds may not be found before
# it is considered deleted.
MISSING_LOOKS = 2

# How long after the scheduled time to wait for the last job on the list, before the
# rows that it should have removed are considered mailed.
JOB_PATIENCE = timedelta(minutes=30)


class MailjetCampaign(models.Model):
    """The steps that wait for the scheduled time, here or at Mailjet, and meanwhile
    remove anyone who unsubscribes from the list."""

    _inherit = "mailjet.campaign"

    # === WAITING IN ODOO === #

    def _delivery_step_schedule(self, _client):
        """Wait for the scheduled time, or until the send can no longer be undone; a
        time that is far enough ahead is left to Mailjet. Before that, wait for a
        decision, if one is needed."""
        if self.awaits_decision or self.is_on_hold:
            self.next_action_date = False
            return WAIT
        hour = self.schedule_date or self.mailing_id.undo_date
        if hour and hour > fields.Datetime.now() and not self._get_mailjet_hour():
            return look_again(hour)
        return DONE

    def _decide(self):
        """Send campaigns that were waiting for a decision, as soon as the cron runs."""
        for campaign in self.filtered("awaits_decision"):
            campaign.write({"awaits_decision": False, "schedule_date": False})
            campaign._set_next_action(fields.Datetime.now())

    def _get_mailjet_hour(self):
        """Return the time for Mailjet's own schedule, if it is far enough ahead."""
        hour = self.schedule_date
        if not hour or self.schedule_locally:
            return False
        return hour - fields.Datetime.now() >= SCHEDULE_LEAD and hour

    # === LATE EXCLUSIONS === #

    def _delivery_step_recheck(self, client):
        """Remove everyone who unsubscribed, or was otherwise excluded, since the list
        was finalized."""
        if self.mailjet_job_id:
            return self._finish_late_exclusions(client)
        self._apply_exclusions()
        rows = self._get_late_exclusions()
        if not rows:
            return DONE
        self.mailjet_job_id = client.unsubscribe_members(
            self.mailjet_list_id, rows.mapped("email_normalized")
        )
        return AGAIN

    def _apply_exclusions(self):
        """Exclude those of the campaign's recipients who must no longer be mailed: a
        small one of several reads no others, and recomputes only those of whom
        something has changed since they were finalized."""
        Sync, Verdict = self.env["mailjet.record.sync"], self.env["mailjet.verdict"]
        mailing = self.mailing_id
        if self.is_part and self.planned_count <= FEW_ROWS:
            row_ids = Sync._find_affected(mailing, self._get_rows())
            Sync._refresh_records(mailing, row_ids, only_issue=True)
            return Verdict._recompute_rows(row_ids, only_stricter=True)
        Sync._refresh_records(mailing, only_issue=True)
        rows = self._get_rows() if self.is_part else None
        return Verdict._recompute_verdicts(
            mailing, only_stricter=True, recount=False, rows=rows
        )

    def _finish_late_exclusions(self, client):
        """Release the rows that Mailjet has removed from the list.

        :raise UserError: if Mailjet gave up the job, and nothing was sent
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
            say(
                self.env,
                _lt(
                    "Mailjet could not remove the latest exclusions from the list. "
                    "Nothing was sent."
                ),
            )
        )

    def _settle_late_exclusions(self, client):
        """Release the rows that were removed from the list before the scheduled time,
        so that they are not considered mailed; return whether that is known."""
        try:
            job = client.get_member_job(self.mailjet_list_id, self.mailjet_job_id)
            status = job["Status"]
        except MailjetNotFoundError:
            status = GIVEN_UP_STATUSES[0]
        hour = self.mailjet_schedule_date or self.send_requested_date
        is_overdue = fields.Datetime.now() > hour + JOB_PATIENCE
        if status not in FINAL_IMPORT_STATUSES and not is_overdue:
            return False
        self.mailjet_job_id = False
        if status == "Completed":
            self._get_late_exclusions()._release()
        return True

    def _get_late_exclusions(self):
        """Return the first rows that are in the list but must no longer be mailed,
        always the same ones until they are released."""
        return self.env["mailjet.recipient"].search(
            self._get_domain(("status", "=", "outgoing"), ("verdict", "=", "excluded")),
            order="id",
            limit=BULK_SIZE,
        )

    # === WAITING AT MAILJET === #

    def _delivery_step_scheduled(self, client):
        """Remove anyone who unsubscribes before the time at which Mailjet sends the
        campaign."""
        hour, now = self.mailjet_schedule_date, fields.Datetime.now()
        if not hour:
            return DONE
        if now >= hour:
            # A running job that removes late exclusions is checked before any row is
            # marked as mailed.
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
        """Stop a campaign whose draft is gone, once that is certain."""
        if self.retry_count >= MISSING_LOOKS:
            return self._fail_lost_draft()
        raise MailjetNotFoundError("The campaign is not found.")

    def _handle_unscheduled_draft(self):
        """Stop a campaign that was withdrawn in Mailjet's own application."""
        self._reset_send_request()
        return fail(
            say(
                self.env,
                _lt(
                    "Mailjet no longer has this mailing scheduled: someone may have "
                    "withdrawn it there. Nothing was sent. “Retry” schedules it again."
                ),
            )
        )
