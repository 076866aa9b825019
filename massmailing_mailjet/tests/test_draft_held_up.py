from datetime import timedelta

from odoo.tests import tagged
from odoo.tools import mute_logger

from .mailjet import DRAFT_STATE, JOB_STATE, SCHEDULE, SEND
from .test_held_up import NOTICE, HeldUpCase

RUNNING = {"Status": "Importing"}


@tagged("post_install", "-at_install")
class TestDraftHeldUp(HeldUpCase):
    """What happens to a campaign at Mailjet, or in its own application."""

    def _hold(self):
        mailing = self._make_mailing(self.people)
        mailing.action_schedule(self.clock + timedelta(hours=1))
        self._run_later(minutes=41)
        self.assertTrue(mailing.mailjet_campaign_ids._is_held())
        return mailing

    @mute_logger(NOTICE)
    def test_a_draft_that_is_gone_while_it_is_held(self):
        for status in (-2, -1, None):
            with self._case(status=status):
                mailing = self._hold()
                self.mailjet.put_away(status)
                for _look in range(8):
                    self._run_later(minutes=1)
                self.assertStopped(mailing, "deleted or archived at Mailjet")
                mailing.action_retry()
                self._run_later(minutes=2)
                self._run_later(minutes=10)
                self.assertSentOnce(mailing)

    @mute_logger(NOTICE)
    def test_a_draft_that_is_gone_before_it_is_sent(self):
        for status in (-2, None):
            with self._case(status=status):
                mailing = self._make_mailing(self.people)
                mailing.action_schedule(self.clock + timedelta(minutes=2))
                self._run_cron()
                self.mailjet.put_away(status)
                self._run_later(minutes=3)
                self.assertStopped(mailing, "deleted or archived at Mailjet")
                mailing.action_cancel()
                self._send(mailing)
                self.assertSentOnce(mailing)

    def _send_accepted(self):
        """Return a mailing that Mailjet has accepted, and has not begun
        to send."""
        self.mailjet.set(stalled_jobs="send")
        mailing = self._make_mailing(self.people)
        self._send(mailing)
        self.assertEqual(mailing.delivery_step, "follow")
        return mailing

    def _give_up(self, outcome="Error"):
        """Let Mailjet give the sending up."""
        self.mailjet.set(stalled_jobs="", failed_jobs="send")
        self.mailjet.change("UPDATE job SET outcome = ? WHERE kind = 'send'", outcome)
        self.mailjet.set(failed_jobs="")

    @mute_logger(NOTICE)
    def test_a_draft_that_is_gone_after_it_was_accepted(self):
        mailing = self._send_accepted()
        self.mailjet.put_away(None)
        self._run_later(minutes=6)
        self.assertStopped(mailing, "Check at Mailjet that nobody received it")
        mailing.action_cancel()
        self.assertEqual(mailing.state, "cancelled")

    @mute_logger(NOTICE)
    def test_a_sending_that_mailjet_gave_up(self):
        for status in ("Error", "Abort"):
            with self._case(status=status):
                self.mailjet.set(given_up_stays=0)
                mailing = self._send_accepted()
                self._give_up(status)
                self._add_older_job(mailing)
                self._run_later(minutes=6)
                self.assertStopped(mailing, "gave up sending it")
                self.assertEqual(self.mailjet.drafts[0]["status"], 0)
                mailing.action_retry()
                self._run_later(minutes=1)
                self.assertSentOnce(mailing)

    def _add_older_job(self, mailing):
        """Let Mailjet know an older job of the draft, which went well."""
        self.mailjet.change(
            "INSERT INTO job (id, key_id, kind, ref_id, state, outcome, request_at,"
            " start_at, done_at) SELECT id - 1000, key_id, kind, ref_id, 'final',"
            " 'Completed', request_at, start_at, done_at FROM job WHERE ref_id = ?",
            int(mailing.mailjet_campaign_ids.mailjet_draft_id),
        )

    @mute_logger(NOTICE)
    def test_a_sending_that_mailjet_gave_up_and_does_not_give_back(self):
        """Nothing is sent again until a person begins anew."""
        mailing = self._send_accepted()
        self._give_up()
        self._run_later(minutes=6)
        mailing.action_retry()
        self._run_later(minutes=6)
        self._run_later(minutes=6)
        self.assertEqual(mailing.state, "failed")
        self.assertEqual(self.mailjet.count(SEND), 1)
        mailing.action_cancel()
        self._send(mailing)
        self.assertSentOnce(mailing)

    def test_a_job_that_still_runs_is_waited_for(self):
        self.mailjet.set(job_words=["Pending", "Pending", "Pending"])
        mailing = self._send_accepted()
        self._run_later(minutes=6)
        self.assertEqual(mailing.state, "sending")

    # === WITHDRAWN === #

    @mute_logger(NOTICE)
    def test_a_withdrawal_ends_when_mailjet_knows_nothing(self):
        mailing = self._hold()
        self.mailjet.put_away(None)
        mailing.action_cancel()
        for _look in range(5):
            self._run_later(minutes=1)
        self.assertEqual(mailing.state, "draft")
        posts = "".join(mailing.message_ids.mapped("body"))
        self.assertIn("check with the previous key", posts)

    @mute_logger(NOTICE)
    def test_a_withdrawal_ends_with_its_hour(self):
        """Five hours in which Mailjet says nothing of the draft."""
        for kind, status in (("given", 401), ("given", 400), ("500", 0), ("html", 0)):
            with self._case(kind=kind, status=status):
                mailing = self._hold()
                for call in (DRAFT_STATE, "GET campaign/*"):
                    self.mailjet.fail(call, kind, status=status, count=0)
                mailing.action_cancel()
                for _look in range(10):
                    self._run_later(minutes=30)
                self.assertIn(mailing.state, ("failed", "sending"))
                self.assertEqual(len(mailing.activity_ids), 1)
                self.assertTrue(mailing.delivery_message)
                posts = "".join(mailing.message_ids.mapped("body"))
                self.assertIn("may have been sent", posts)
                self.mailjet.stop_failing()
                self._strike()
                if mailing.state == "failed":
                    mailing.action_retry()
                self._run_later(hours=1)
                self.assertSentOnce(mailing)
                self.assertFalse(mailing.activity_ids)

    @mute_logger(NOTICE)
    def test_a_withdrawal_without_an_answer_leaves_its_activity(self):
        """Later calls without an answer neither take it away nor hide it."""
        mailing = self._hold()
        for call in (DRAFT_STATE, "GET campaign/*"):
            self.mailjet.fail(call, "500", count=0)
        mailing.action_cancel()
        for _look in range(10):
            self._run_later(minutes=30)
        (activity,) = mailing.activity_ids
        self.assertIn("may have been sent", activity.summary)

    # === THE HOUR, AND WHO IS IN THE LIST === #

    @mute_logger(NOTICE)
    def test_only_the_property_is_an_hour_that_is_too_close(self):
        for words, step in (
            ("Campaign cannot be updated: sender is inactive", "recheck"),
            ("The date of the contract has passed", "recheck"),
            ("Property Dated is invalid", "recheck"),
            ("MJ08 Property Date is invalid: too close", "schedule"),
        ):
            with self._case(words=words):
                self.mailjet.refuse(SCHEDULE, words)
                mailing = self._make_mailing(self.people)
                mailing.action_schedule(self.clock + timedelta(hours=1))
                self._run_later(minutes=41)
                self.assertEqual(mailing.delivery_step, step)
                self.assertEqual(mailing.state == "failed", step == "recheck")

    def test_who_was_taken_out_in_the_last_minute_is_not_reported_as_sent(self):
        for failed_jobs, sent in (("", 2), ("json", 3)):
            with self._case(failed_jobs=failed_jobs):
                mailing = self._hold()
                self.ann.massmailing_unsubscribed = True
                self.mailjet.set(failed_jobs=failed_jobs)
                self.mailjet.reply(JOB_STATE, 200, {"Data": [RUNNING]}, count=0)
                self._run_later(minutes=18)
                self.assertTrue(mailing.mailjet_campaign_ids.mailjet_job_id)
                self._strike()
                self._run_later(minutes=2)
                self.assertEqual(mailing.state, "sending")
                self.mailjet.stop_failing()
                self._run_later(minutes=1)
                self.assertEqual([len(emails) for emails in self.mailjet.sent], [sent])
                self.assertEqual((mailing.state, mailing.sent_count), ("done", sent))
                row = self._row(mailing, self.ann)
                self.assertEqual(row.status, "sent" if sent == 3 else "pending")
                self.assertCountsAddUp(mailing)
