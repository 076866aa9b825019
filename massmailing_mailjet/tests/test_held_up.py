from datetime import timedelta
from unittest.mock import patch

from odoo.tests import tagged
from odoo.tools import mute_logger

from ..models.delivery import mailjet_mailing_upload
from .common import EVERYONE, DeliveryCase
from .mailjet import (
    CONTENT,
    DRAFT_STATE,
    IMPORT_ERRORS,
    JOB_STATE,
    SCHEDULE,
    SEND,
    UPLOAD,
)

NOTICE = "odoo.addons.massmailing_mailjet.models.delivery.mailjet_mailing_trouble"

RUNNING = {"Status": "Importing"}


class HeldUpCase(DeliveryCase):
    """What holds a mailing up is noticed within minutes, said, and can be resolved."""

    def assertHeldUp(self, mailing, words):
        """Check that it is tried on, and that the responsible was told once."""
        self.assertTrue(mailing.is_stalled)
        self.assertIn(mailing.state, ("preparing", "sending"))
        self.assertTold(mailing, words)

    def assertStopped(self, mailing, words):
        """Check that it has failed, and that the responsible was told once."""
        self.assertEqual(mailing.state, "failed")
        self.assertTold(mailing, words)

    def assertTold(self, mailing, words):
        self.assertIn(words, mailing.delivery_message)
        (activity,) = mailing.activity_ids
        self.assertEqual(activity.user_id, self.user)
        self.assertIn(words, activity.summary)
        posts = "".join(mailing.message_ids.mapped("body"))
        self.assertEqual(posts.count(words), 1)


@tagged("post_install", "-at_install")
class TestImportHeldUp(HeldUpCase):
    def _stall(self):
        """Return a mailing whose import has made no progress for a while."""
        self.mailjet.set(stalled_jobs="csv")
        mailing = self._make_mailing(self.people)
        self._send(mailing)
        for _look in range(20):
            self._run_later(minutes=1)
        return mailing

    @mute_logger(NOTICE)
    def test_an_import_without_progress_is_told(self):
        mailing = self._stall()
        self.assertHeldUp(mailing, "has made no progress for 15 minutes")
        for _look in range(20):
            self._run_later(minutes=1)
        self.assertHeldUp(mailing, "has made no progress for 15 minutes")
        self.mailjet.set(stalled_jobs="")
        self._run_later(minutes=1)
        self.assertSentOnce(mailing)
        self.assertFalse(mailing.activity_ids)
        self.assertFalse(mailing.is_stalled)

    def test_an_import_that_gets_on_is_waited_for(self):
        self.mailjet.set(stalled_jobs="csv")
        mailing = self._make_mailing(self.people)
        self._send(mailing)
        for _look in range(6):
            self.mailjet.change("UPDATE job SET count = count + 1")
            self._run_later(minutes=14)
        self.assertFalse(mailing.is_stalled)
        self.assertFalse(mailing.activity_ids)

    @mute_logger(NOTICE)
    def test_retrying_gives_the_old_import_up(self):
        mailing = self._stall()
        mailing.action_retry()
        self._run_later(minutes=1)
        self.mailjet.set(stalled_jobs="")
        self._run_later(minutes=1)
        outcomes = self.mailjet.column(
            "SELECT outcome FROM job WHERE kind = 'csv' ORDER BY id"
        )
        self.assertEqual(outcomes, ["Abort", "Completed"])
        self.assertSentOnce(mailing)

    @mute_logger(NOTICE)
    def test_cancelling_takes_it_out_of_the_queue(self):
        mailing = self._stall()
        mailing.action_cancel()
        self.assertEqual((mailing.state, mailing.is_stalled), ("cancelled", False))
        self.assertFalse(mailing.activity_ids)
        self.mailjet.set(stalled_jobs="")
        self._send(mailing)
        self.assertSentOnce(mailing)

    def test_only_what_is_held_up_can_be_retried(self):
        mailing = self._make_mailing(self.people)
        self.mailjet.set(stalled_jobs="csv")
        self._send(mailing)
        with self.assertRefused("does not allow this"):
            mailing.action_retry()


@tagged("post_install", "-at_install")
class TestSizes(HeldUpCase):
    def _chunks(self, mailing):
        return self.env["mailjet.upload"].search([("mailing_id", "=", mailing.id)])

    def _make_crowd(self, count):
        return self.env["res.partner"].create(
            [
                {"name": f"Reader {number}", "email": f"reader{number}@example.com"}
                for number in range(count)
            ]
        )

    def test_data_that_are_too_large_are_cut(self):
        """Mailjet's limit is learned once, for all chunks."""
        crowd = self._make_crowd(24)
        self.mailjet.set(upload_limit_bytes=200)
        mailing = self._make_mailing(crowd)
        with patch.object(mailjet_mailing_upload, "UPLOAD_ROWS", 12):
            self._send(mailing)
        self.assertSentOnce(mailing, crowd.mapped("email"))
        handed = [len(text.splitlines()) - 1 for text in self.mailjet.uploads]
        self.assertEqual(sum(handed), 24)
        self.assertLess(self.mailjet.count(UPLOAD) - len(handed), 4)
        self.assertEqual(set(self._chunks(mailing).mapped("state")), {"done"})

    @mute_logger(NOTICE)
    def test_a_single_row_that_is_too_large_stops_the_mailing(self):
        self.mailjet.set(upload_limit_bytes=5)
        mailing = self._make_mailing(self.people)
        self._send(mailing)
        self.assertStopped(mailing, "does not accept even a single recipient")
        self.mailjet.set(upload_limit_bytes=0)
        mailing.action_retry()
        self._run_later(minutes=1)
        self.assertSentOnce(mailing)


@tagged("post_install", "-at_install")
class TestAnswersHeldUp(HeldUpCase):
    @mute_logger(NOTICE)
    def test_a_login_page_is_told_within_minutes(self):
        self.mailjet.fail("GET contactslist", "html", count=6)
        mailing = self._make_mailing(self.people)
        self._send(mailing)
        for _look in range(9):
            self._run_later(minutes=1)
        self.assertHeldUp(mailing, "answers instead of Mailjet")
        for _look in range(60):
            self._run_later(minutes=1)
        self.assertSentOnce(mailing)
        self.assertFalse(mailing.activity_ids)

    def test_a_hiccup_is_told_to_nobody(self):
        self.mailjet.fail("GET csvimport/*", "500", count=3)
        mailing = self._make_mailing(self.people)
        self._send(mailing)
        for _look in range(9):
            self._run_later(minutes=1)
        self.assertSentOnce(mailing)
        self.assertNotIn("not available", "".join(mailing.message_ids.mapped("body")))

    @mute_logger(NOTICE)
    def test_a_key_that_is_refused(self):
        """Suspended, wrong, or good for other things: as far as it can be known."""
        code = {"ErrorCode": "mj-0001", "StatusCode": 401}
        for level, is_lost, status, body, words in (
            ("Hardlock", False, 401, "", "has suspended the API key"),
            ("Softlock", False, 403, "", "has suspended the API key"),
            ("Normal", True, 401, code, "has suspended the API key"),
            ("Normal", True, 401, "", "If they have not changed, Mailjet may have"),
            ("Normal", False, 403, "", "may be restricted"),
        ):
            for call in ("GET contactslist", SEND):
                with self._case(level=level, status=status, call=call):
                    self._refuse_key(call, level, is_lost, status, body)
                    mailing = self._make_mailing(self.people)
                    self._send(mailing)
                    self.assertStopped(mailing, words)
                    self.mailjet.set_key(runlevel="Normal")
                    self.mailjet.stop_failing()
                    mailing.action_retry()
                    self._run_later(minutes=1)
                    self.assertSentOnce(mailing)

    def _refuse_key(self, call, level, is_lost, status, body):
        """Let a call be answered like that, and the key be of a level, which it cannot
        tell where it is lost."""
        self.mailjet.reply(call, status, body)
        if is_lost:
            self.mailjet.reply("GET apikey", 401)
        level = {"Runlevel": level, "APIKey": "public"}
        self.mailjet.reply("GET apikey", 200, {"Data": [level]}, count=0)

    def test_each_kind_of_look_has_its_own_patience(self):
        """Busy answers use up neither the looks at the members nor at the errors."""
        self.mailjet.set(refused_text="cat@")
        self.mailjet.fail(IMPORT_ERRORS, "500", count=6)
        self.mailjet.fail("GET listrecipient", "500", count=13)
        self.mailjet.reply("GET listrecipient", 200, {"Data": [], "Total": 9}, count=3)
        self.mailjet.fail(CONTENT, "500", count=3)
        self.mailjet.reply(CONTENT, 200, {"Data": [{"Html-part": "Other"}]})
        mailing = self._make_mailing(self.people)
        self._send(mailing)
        with mute_logger(NOTICE):
            for _look in range(700):
                if mailing.state == "done":
                    break
                self._run_later(minutes=1)
        self.assertSentOnce(mailing, EVERYONE - {"cat@example.com"})

    def test_a_list_of_errors_that_is_short_is_asked_for_five_times(self):
        self.mailjet.set(refused_text="bob@,cat@")
        short = 'email,error\nbob@example.com,"###Bad###email"'
        self.mailjet.reply(IMPORT_ERRORS, 200, short, count=5)
        mailing = self._make_mailing(self.people)
        self._send(mailing)
        with mute_logger(NOTICE):
            for _look in range(120):
                self._run_later(minutes=1)
        self.assertSentOnce(mailing, {"ann@example.com"})


@tagged("post_install", "-at_install")
class TestDraftHeldUp(HeldUpCase):
    """What happens to a campaign at Mailjet, or in its own application."""

    def _hold(self):
        mailing = self._make_mailing(self.people)
        mailing.action_schedule(self.clock + timedelta(hours=1))
        self._run_later(minutes=41)
        self.assertTrue(mailing._is_held())
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
    def test_a_draft_that_is_gone_before_it_departs(self):
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

    def _depart(self):
        """Return a mailing whose departure was accepted, and that Mailjet has not begun
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
        mailing = self._depart()
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
                mailing = self._depart()
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
            int(mailing.mailjet_draft_id),
        )

    @mute_logger(NOTICE)
    def test_a_sending_that_mailjet_gave_up_and_does_not_give_back(self):
        """Nothing is sent again until a person begins anew."""
        mailing = self._depart()
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
        mailing = self._depart()
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
        self.assertEqual(mailing.state, "cancelled")
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
                for _look in range(60):
                    self._run_later(minutes=5)
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
                self.assertTrue(mailing.mailjet_job_id)
                self._strike()
                self._run_later(minutes=2)
                self.assertEqual(mailing.state, "sending")
                self.mailjet.stop_failing()
                self._run_later(minutes=1)
                self.assertEqual(
                    [len(emails) for emails in self.mailjet.departures], [sent]
                )
                self.assertEqual((mailing.state, mailing.sent_count), ("done", sent))
                row = self._row(mailing, self.ann)
                self.assertEqual(row.status, "sent" if sent == 3 else "pending")
                self.assertCountsAddUp(mailing)
