from unittest.mock import patch

from odoo.tests import tagged
from odoo.tools import mute_logger

from ..models.delivery import mailjet_campaign_upload
from .common import EVERYONE, DeliveryCase
from .mailjet import (
    CONTENT,
    IMPORT_ERRORS,
    SEND,
    UPLOAD,
)

NOTICE = "odoo.addons.massmailing_mailjet.models.delivery.mailjet_mailing_notice"


class HeldUpCase(DeliveryCase):
    """What holds a mailing up is noticed within minutes, said, and can be resolved."""

    def assertHeldUp(self, mailing, words):
        """Check that it is retried, and that the responsible was notified once."""
        self.assertTrue(mailing.is_stalled)
        self.assertIn(mailing.state, ("preparing", "sending"))
        self.assertTold(mailing, words)

    def assertStopped(self, mailing, words):
        """Check that it has failed, and that the responsible was notified once."""
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
    def test_an_import_without_progress_is_reported(self):
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
        self.assertEqual((mailing.state, mailing.is_stalled), ("draft", False))
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
        self.mailjet.set(upload_limit_bytes=600)
        mailing = self._make_mailing(crowd)
        with patch.object(mailjet_campaign_upload, "UPLOAD_ROWS", 12):
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
    def test_a_login_page_is_reported_within_minutes(self):
        self.mailjet.fail("GET contactslist", "html", count=6)
        mailing = self._make_mailing(self.people)
        self._send(mailing)
        for _look in range(9):
            self._run_later(minutes=1)
        self.assertHeldUp(mailing, "answers instead of Mailjet")
        for _look in range(4):
            self._run_later(minutes=20)
        self.assertSentOnce(mailing)
        self.assertFalse(mailing.activity_ids)

    def test_a_short_failure_is_not_reported(self):
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
