from datetime import timedelta
from unittest.mock import patch

from odoo.tests import tagged
from odoo.tools import mute_logger

from ..models.delivery import mailjet_mailing_upload
from .common import EVERYONE, DeliveryCase
from .wire import BROKEN, Fault, answer, refusal

NOTICE = "odoo.addons.massmailing_mailjet.models.delivery.mailjet_mailing_trouble"
LOGIN = "<html><body>Sign in to the network</body></html>"


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
        self.mailjet.import_status = "Importing"
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
        self.mailjet.import_status = "Completed"
        self._run_later(minutes=1)
        self.assertSentOnce(mailing)
        self.assertFalse(mailing.activity_ids)
        self.assertFalse(mailing.is_stalled)

    def test_an_import_that_gets_on_is_waited_for(self):
        self.mailjet.import_status = "Importing"
        mailing = self._make_mailing(self.people)
        self._send(mailing)
        for _look in range(6):
            self.mailjet.import_count += 1
            self._run_later(minutes=14)
        self.assertFalse(mailing.is_stalled)
        self.assertFalse(mailing.activity_ids)

    @mute_logger(NOTICE)
    def test_retrying_gives_the_old_import_up(self):
        mailing = self._stall()
        (job,) = self.mailjet.imports
        self.mailjet.import_status = "Completed"
        mailing.action_retry()
        self._run_later(minutes=1)
        self.assertEqual(self.mailjet.aborted, [job])
        self.assertEqual(len(self.mailjet.imports), 2)
        self.assertSentOnce(mailing)

    @mute_logger(NOTICE)
    def test_cancelling_takes_it_out_of_the_queue(self):
        mailing = self._stall()
        mailing.action_cancel()
        self.assertEqual((mailing.state, mailing.is_stalled), ("cancelled", False))
        self.assertFalse(mailing.activity_ids)
        self.mailjet.import_status = "Completed"
        self.mailjet.members.clear()
        self._send(mailing)
        self.assertSentOnce(mailing)

    def test_only_what_is_held_up_can_be_retried(self):
        mailing = self._make_mailing(self.people)
        self.mailjet.import_status = "Importing"
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
        self.mailjet.upload_limit = 200
        mailing = self._make_mailing(crowd)
        with patch.object(mailjet_mailing_upload, "UPLOAD_ROWS", 12):
            self._send(mailing)
        self.assertSentOnce(mailing, crowd.mapped("email"))
        handed = [len(self.mailjet.read_csv(data)) for data in self.mailjet.data]
        self.assertEqual(sum(handed), 24)
        self.assertLess(self.mailjet.count("upload") - len(handed), 4)
        self.assertEqual(set(self._chunks(mailing).mapped("state")), {"done"})

    @mute_logger(NOTICE)
    def test_a_single_row_that_is_too_large_stops_the_mailing(self):
        self.mailjet.upload_limit = 5
        mailing = self._make_mailing(self.people)
        self._send(mailing)
        self.assertStopped(mailing, "does not accept even a single recipient")
        self.mailjet.upload_limit = None
        mailing.action_retry()
        self._run_later(minutes=1)
        self.assertSentOnce(mailing)


@tagged("post_install", "-at_install")
class TestAnswersHeldUp(HeldUpCase):
    @mute_logger(NOTICE)
    def test_a_login_page_is_told_within_minutes(self):
        self.mailjet.faults["get_lists"] = [Fault(answer(200, LOGIN))] * 6
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
        self.mailjet.faults["get_import"] = [Fault(BROKEN)] * 3
        mailing = self._make_mailing(self.people)
        self._send(mailing)
        for _look in range(9):
            self._run_later(minutes=1)
        self.assertSentOnce(mailing)
        self.assertNotIn("not available", "".join(mailing.message_ids.mapped("body")))

    @mute_logger(NOTICE)
    def test_a_key_that_is_refused(self):
        """Suspended, wrong, or good for other things: as far as it can be known."""
        lost = [Fault(answer(401, ""))]
        code = {"ErrorCode": "mj-0001", "StatusCode": 401}
        for level, keys, status, body, words in (
            ("Hardlock", [], 401, "", "has suspended the API key"),
            ("Softlock", [], 403, "", "has suspended the API key"),
            ("Normal", lost, 401, code, "has suspended the API key"),
            ("Normal", lost, 401, "", "If they have not changed, Mailjet may have"),
            ("Normal", [], 403, "", "may be restricted"),
        ):
            for call in ("get_lists", "send_draft"):
                with self.subTest(level=level, status=status, call=call):
                    self.setUp()
                    self.mailjet.key["Runlevel"] = level
                    self.mailjet.faults[call] = [Fault(answer(status, body))]
                    self.mailjet.faults["get_keys"] = list(keys)
                    mailing = self._make_mailing(self.people)
                    self._send(mailing)
                    self.assertStopped(mailing, words)
                    self.mailjet.faults.clear()
                    mailing.action_retry()
                    self._run_later(minutes=1)
                    self.assertSentOnce(mailing)

    def test_each_kind_of_look_has_its_own_patience(self):
        """Busy answers use up neither the looks at the members nor at the errors."""
        self.mailjet.refused_emails = {"cat@example.com": "Invalid email"}
        self.mailjet.faults["get_errors"] = [Fault(BROKEN)] * 6
        self.mailjet.faults["count_members"] = [Fault(BROKEN)] * 13 + [
            Fault(answer(200, {"Data": [], "Total": 9}))
        ] * 3
        self.mailjet.faults["get_content"] = [Fault(BROKEN)] * 3 + [
            Fault(answer(200, {"Data": [{"Html-part": "Other"}]}))
        ]
        mailing = self._make_mailing(self.people)
        self._send(mailing)
        with mute_logger(NOTICE):
            for _look in range(700):
                if mailing.state == "done":
                    break
                self._run_later(minutes=1)
        self.assertSentOnce(mailing, EVERYONE - {"cat@example.com"})

    def test_a_list_of_errors_that_is_short_is_asked_for_five_times(self):
        self.mailjet.refused_emails = dict.fromkeys(
            ("bob@example.com", "cat@example.com"), "Invalid email"
        )
        short = Fault(answer(200, 'email,error\nbob@example.com,"###Bad###email"'))
        self.mailjet.faults["get_errors"] = [short] * 5
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

    def _lose(self, status):
        """Let somebody put the draft away, or (None) delete it for good."""
        self.mailjet.scheduled.clear()
        if status is None:
            self.mailjet.drafts.clear()
        for draft in self.mailjet.drafts.values():
            draft["Status"] = status

    @mute_logger(NOTICE)
    def test_a_draft_that_is_gone_while_it_is_held(self):
        for status in (-2, -1, None):
            with self.subTest(status=status):
                self.setUp()
                mailing = self._hold()
                self._lose(status)
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
            with self.subTest(status=status):
                self.setUp()
                mailing = self._make_mailing(self.people)
                mailing.action_schedule(self.clock + timedelta(minutes=2))
                self._run_cron()
                self._lose(status)
                self._run_later(minutes=3)
                self.assertStopped(mailing, "deleted or archived at Mailjet")
                mailing.action_cancel()
                self._send(mailing)
                self.assertSentOnce(mailing)

    def _depart(self, **draft):
        self.mailjet.faults["get_campaign"] = [Fault(answer(404, ""))] * 9
        mailing = self._make_mailing(self.people)
        self._send(mailing)
        self.assertEqual(mailing.delivery_step, "follow")
        self.mailjet.departures.clear()
        (row,) = self.mailjet.drafts.values()
        row.update(draft)
        return mailing, row

    @mute_logger(NOTICE)
    def test_a_draft_that_is_gone_after_it_was_accepted(self):
        mailing, row = self._depart(Status=1)
        del self.mailjet.drafts[row["ID"]]
        self._run_later(minutes=6)
        self.assertStopped(mailing, "Check at Mailjet that nobody received it")
        mailing.action_cancel()
        self.assertEqual(mailing.state, "cancelled")

    @mute_logger(NOTICE)
    def test_a_sending_that_mailjet_gave_up(self):
        for status in ("Error", "Abort"):
            with self.subTest(status):
                self.setUp()
                mailing, row = self._depart(Status=1)
                self.mailjet.scheduled[row["ID"]] = "now"
                job = {"RefId": row["ID"], "ID": 5, "Status": status}
                self.mailjet.send_jobs = [{**job, "ID": 4, "Status": "Completed"}, job]
                self._run_later(minutes=6)
                self.assertStopped(mailing, "gave up sending it")
                self.assertEqual(row["Status"], 0)
                self.mailjet.faults.clear()
                self.mailjet.send_jobs.clear()
                mailing.action_retry()
                self._run_later(minutes=1)
                self.assertSentOnce(mailing)

    @mute_logger(NOTICE)
    def test_a_sending_that_mailjet_gave_up_and_does_not_give_back(self):
        """Nothing is sent again until a person begins anew."""
        mailing, row = self._depart(Status=1)
        self.mailjet.faults["unschedule_draft"] = [Fault(refusal("No"))] * 9
        self.mailjet.send_jobs = [{"RefId": row["ID"], "ID": 5, "Status": "Error"}]
        self._run_later(minutes=6)
        mailing.action_retry()
        self._run_later(minutes=6)
        self._run_later(minutes=6)
        self.assertEqual(mailing.state, "failed")
        self.assertEqual(self.mailjet.count("send_draft"), 1)
        self.mailjet.faults.clear()
        mailing.action_cancel()
        self._send(mailing)
        self.assertSentOnce(mailing)

    def test_a_job_that_still_runs_is_waited_for(self):
        mailing, row = self._depart(Status=1)
        self.mailjet.send_jobs = [{"RefId": row["ID"], "ID": 5, "Status": "Pending"}]
        self._run_later(minutes=6)
        self.assertEqual(mailing.state, "sending")

    # === WITHDRAWN === #

    @mute_logger(NOTICE)
    def test_a_withdrawal_ends_when_mailjet_knows_nothing(self):
        mailing = self._hold()
        self._lose(None)
        mailing.action_cancel()
        for _look in range(5):
            self._run_later(minutes=1)
        self.assertEqual(mailing.state, "cancelled")
        posts = "".join(mailing.message_ids.mapped("body"))
        self.assertIn("check with the previous key", posts)

    @mute_logger(NOTICE)
    def test_a_withdrawal_ends_with_its_hour(self):
        """Five hours in which Mailjet says nothing of the draft."""
        for trouble in (answer(401, ""), refusal("No"), BROKEN, answer(200, LOGIN)):
            with self.subTest(status=trouble.status_code):
                self.setUp()
                mailing = self._hold()
                self.mailjet.faults["get_draft"] = [Fault(trouble)] * 999
                self.mailjet.faults["get_campaign"] = [Fault(trouble)] * 999
                mailing.action_cancel()
                for _look in range(60):
                    self._run_later(minutes=5)
                self.assertIn(mailing.state, ("failed", "sending"))
                self.assertEqual(len(mailing.activity_ids), 1)
                self.assertTrue(mailing.delivery_message)
                posts = "".join(mailing.message_ids.mapped("body"))
                self.assertIn("may have been sent", posts)
                self.mailjet.faults.clear()
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
            with self.subTest(words):
                self.setUp()
                self.mailjet.faults["schedule_draft"] = [Fault(refusal(words))]
                mailing = self._make_mailing(self.people)
                mailing.action_schedule(self.clock + timedelta(hours=1))
                self._run_later(minutes=41)
                self.assertEqual(mailing.delivery_step, step)
                self.assertEqual(mailing.state == "failed", step == "recheck")

    def test_who_was_taken_out_in_the_last_minute_is_not_reported_as_sent(self):
        for status, sent in (("Completed", 2), ("Error", 3)):
            with self.subTest(status):
                self.setUp()
                self.ann.with_user(self.user).massmailing_unsubscribed = False
                mailing = self._hold()
                self.ann.massmailing_unsubscribed = True
                self.mailjet.import_status = "Importing"
                self._run_later(minutes=18)
                self.assertTrue(mailing.mailjet_job_id)
                self._strike()
                self._run_later(minutes=2)
                self.assertEqual(mailing.state, "sending")
                self.mailjet.import_status = status
                self._run_later(minutes=1)
                self.assertEqual((mailing.state, mailing.sent_count), ("done", sent))
                row = self._row(mailing, self.ann)
                self.assertEqual(row.status, "sent" if sent == 3 else "pending")
                self.assertCountsAddUp(mailing)
