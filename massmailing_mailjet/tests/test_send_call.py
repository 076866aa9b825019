from datetime import timedelta
from unittest.mock import patch

from odoo.tests import tagged

from .common import EVERYONE, DeliveryCase
from .mailjet import CONTENT, SEND, UPLOAD


@tagged("post_install", "-at_install")
class TestSendCall(DeliveryCase):
    """The call that sends, which happens once whatever goes wrong."""

    def test_any_fault_at_any_call_still_sends_once(self):
        """Each call goes wrong once, before or after it had its effect."""
        calls = [
            "GET contactslist",
            "POST contactslist",
            "GET contactmetadata",
            "POST contactmetadata",
            UPLOAD,
            "GET batchjob",
            "POST csvimport",
            "GET csvimport/*",
            "GET listrecipient",
            "GET campaigndraft",
            "POST campaigndraft",
            "POST campaigndraft/*/detailcontent",
            CONTENT,
            SEND,
            "GET campaign/*",
        ]
        for call in calls:
            for kind in ("hang", "429", "truncated"):
                for when in ("before", "after"):
                    with self._case(call=call, kind=kind, when=when):
                        self.mailjet.fail(call, kind, when)
                        self._check_one_sending()

    def _check_one_sending(self):
        mailing = self._make_mailing(self.people)
        self._send(mailing)
        self.assertNotEqual(mailing.state, "failed", mailing.delivery_message)
        for _look in range(4):
            self._run_later(minutes=3)
        self.assertSentOnce(mailing)
        self.assertEqual(len(self.mailjet.lists), 1)
        self.assertEqual(len(self.mailjet.drafts), 1)

    def test_no_call_is_made_for_what_was_withdrawn_meanwhile(self):
        """Between the announcement and the call, someone cancels the sending."""
        mailing = self._make_mailing(self.people)
        mailing.action_schedule(self.clock + timedelta(hours=2))
        cron = self.registry["ir.cron"]
        commit = cron._commit_progress

        def commit_and_cancel(self, *args, **kwargs):
            result = commit(self, *args, **kwargs)
            held = self.env["mailjet.mailing"].browse(mailing.id)
            if held.mailjet_schedule_date and held.delivery_step == "send":
                held.action_cancel()
            return result

        with patch.object(cron, "_commit_progress", commit_and_cancel):
            self._run_later(hours=1, minutes=45)
        for _look in range(8):
            self._run_later(minutes=1)
        self.assertEqual(self.mailjet.count("POST campaigndraft/*/schedule"), 0)
        self.assertEqual(mailing.state, "draft")
        self._strike()
        self.assertFalse(self.mailjet.sent)

    def test_a_sending_without_answer_is_not_repeated_blindly(self):
        self.mailjet.fail(SEND, "hang", "after")
        mailing = self._make_mailing(self.people)
        self._send(mailing)
        self.assertEqual(mailing.state, "sending")
        self._run_later(minutes=2)
        self.assertEqual(self.mailjet.count(SEND), 1)
        self.assertSentOnce(mailing)

    def test_a_sending_without_effect_is_repeated_after_a_quiet_period(self):
        self.mailjet.fail(SEND, "hang")
        mailing = self._make_mailing(self.people)
        self._send(mailing)
        self._run_later(minutes=2)
        self.assertEqual(self.mailjet.count(SEND), 1)
        self._run_later(minutes=4)
        self.assertEqual(self.mailjet.count(SEND), 2)
        self.assertSentOnce(mailing)

    def test_who_unsubscribes_before_the_second_sending_is_taken_out(self):
        for kind in ("hang", "given"):
            with self._case(kind=kind):
                self.mailjet.fail(SEND, kind, status=400)
                mailing = self._make_mailing(self.people)
                self._send(mailing)
                self.ann.massmailing_unsubscribed = True
                if mailing.state == "failed":
                    mailing.action_retry()
                for _look in range(3):
                    self._run_later(minutes=4)
                self.assertSentOnce(mailing, EVERYONE - {"ann@example.com"})

    def test_late_changes_of_records_never_drop_an_address(self):
        """Of two rows with one address, the other may become mailable after the list
        was made, or the one in the list stop to be so."""
        twin = self.ann.copy({"email": "ann@example.com"})
        for before, after in (
            ({twin: False, self.ann: True}, {twin: True}),
            ({twin: True, self.ann: True}, {self.ann: False}),
            ({twin: True, self.ann: True}, {twin: False}),
        ):
            with self._case(before=before, after=after):
                mailing = self._make_mailing(self.people | twin)
                for partner, active in before.items():
                    partner.active = active
                mailing.action_schedule(self.clock + timedelta(minutes=1))
                self._run_cron()
                for partner, active in after.items():
                    partner.active = active
                self._run_later(minutes=2)
                self.assertSentOnce(mailing)

    def test_a_sending_is_asked_for_twice_at_most(self):
        self.mailjet.fail(SEND, "hang", count=9)
        mailing = self._make_mailing(self.people)
        self._send(mailing)
        for _look in range(8):
            self._run_later(minutes=6)
        self.assertEqual(mailing.state, "failed")
        self.assertEqual(self.mailjet.count(SEND), 2)
        mailing.action_cancel()
        self.assertEqual(mailing.state, "cancelled")

    def test_a_crash_between_announcement_and_call(self):
        """The worker dies after it committed its announcement: the next one asks."""
        mailing = self._make_mailing(self.people)
        mailing.action_schedule(self.clock + timedelta(minutes=1))
        self._run_cron()
        self._make_campaign(
            mailing,
            delivery_step="send",
            send_requested_date=self.clock,
            send_attempts=1,
            state="sending",
            next_action_date=self.clock,
        )
        self._run_later(minutes=1)
        self.assertEqual(self.mailjet.count(SEND), 0)
        self._run_later(minutes=5)
        self.assertSentOnce(mailing)

    def test_sending_twice_is_refused(self):
        mailing = self._make_mailing(self.people)
        mailing.action_send()
        for action in (
            mailing.action_send,
            lambda: mailing.action_schedule("2040-01-01"),
        ):
            with self.assertRefused("cannot be changed"):
                action()
        self._run_cron()
        self._run_cron()
        self.assertSentOnce(mailing)

    def test_a_campaign_of_a_copied_database_is_not_taken_for_ours(self):
        mailing = self._make_mailing(self.people)
        self._send(mailing)
        self._make_campaign(
            mailing,
            state="preparing",
            delivery_step="draft",
            next_action_date=self.clock,
        )
        self._run_cron()
        self.assertEqual(mailing.state, "failed")
        self.assertIn("already sent a campaign", mailing.delivery_message)
        self.assertEqual(len(self.mailjet.sent), 1)
