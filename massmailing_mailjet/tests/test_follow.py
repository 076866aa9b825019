from datetime import datetime, timezone
from unittest.mock import patch

from odoo.tests import tagged
from odoo.tools import mute_logger

from ..models.recipients import mailjet_recipient_status
from .common import DeliveryCase
from .mailjet import SEND

NOTICE = "odoo.addons.massmailing_mailjet.models.delivery.mailjet_mailing_notice"
DELIVERED = datetime(2026, 11, 24, tzinfo=timezone.utc).timestamp()


@tagged("post_install", "-at_install")
class TestFollow(DeliveryCase):
    """A mailing that Mailjet has accepted, and that is not sent."""

    def _send_accepted(self):
        """Return a mailing that Mailjet has accepted, and has not begun
        to send."""
        self.mailjet.set(stalled_jobs="send")
        mailing = self._make_mailing(self.people)
        self._send(mailing)
        self.assertEqual((mailing.state, mailing.delivery_step), ("sending", "follow"))
        return mailing

    def _take_back(self, delivered_at=None):
        """Let Mailjet make a draft of it again, with or without the date of its
        delivery."""
        self.mailjet.put_away(0)
        self.mailjet.change("UPDATE draft SET delivered_at = ?", delivered_at)
        self.mailjet.set(stalled_jobs="")

    @mute_logger(NOTICE)
    def test_a_sending_that_mailjet_takes_back_asks_a_person(self):
        """A draft again, with and without the date of its delivery."""
        for delivered in (None, DELIVERED):
            with self._case(delivered=delivered):
                mailing = self._send_accepted()
                self._take_back(delivered)
                self._run_later(minutes=2)
                self.assertEqual(mailing.state, "sending")
                self._run_later(minutes=6)
                self.assertEqual(mailing.state, "failed")
                self.assertIn("a draft again", mailing.delivery_message)
                self.assertIn("Mailjet accepted", mailing.activity_ids.summary)
                self.assertFalse(mailing.send_requested_date)

    @mute_logger(NOTICE)
    def test_what_mailjet_took_back_leaves_once_after_a_retry(self):
        mailing = self._send_accepted()
        self._take_back()
        self._run_later(minutes=8)
        mailing.action_retry()
        self._run_later(seconds=1)
        self.assertSentOnce(mailing)
        self.assertFalse(mailing.activity_ids)

    @mute_logger(NOTICE)
    def test_what_may_have_been_delivered_is_not_sent_again(self):
        mailing = self._send_accepted()
        self._take_back(DELIVERED)
        self._run_later(minutes=8)
        mailing.action_retry()
        for _look in range(3):
            self._run_later(minutes=8)
        self.assertEqual(mailing.state, "failed")
        self.assertEqual(self.mailjet.count(SEND), 1)
        mailing.action_cancel()
        self._send(mailing)
        self.assertSentOnce(mailing)

    @mute_logger(NOTICE)
    def test_a_send_that_does_not_begin_is_reported_once(self):
        mailing = self._send_accepted()
        self._run_later(hours=1)
        self.assertFalse(mailing.activity_ids)
        for _look in range(4):
            self._run_later(hours=1)
        (activity,) = mailing.activity_ids
        self.assertIn("has not started", activity.summary)
        self.assertEqual(mailing.state, "sending")
        posts = "".join(mailing.message_ids.mapped("body"))
        self.assertEqual(posts.count("has not started"), 1)
        with self.assertRefused("was sent|does not allow this"):
            mailing.action_cancel()
        self.mailjet.set(stalled_jobs="")
        self._run_later(minutes=6)
        self.assertEqual((mailing.state, mailing.delivery_message), ("done", False))
        self.assertFalse(mailing.activity_ids)

    def test_many_rows_are_marked_as_sent_a_part_at_a_time(self):
        for size in (1, 2, 3, 4):
            with self._case(size=size):
                mailing = self._make_mailing(self.people)
                with patch.object(mailjet_recipient_status, "MANY_ROWS", size):
                    self._send(mailing)
                self.assertSentOnce(mailing)
                self.assertEqual(mailing.sent_count, 3)
                rows = self.env["mailjet.recipient"].search(
                    [("mailing_id", "=", mailing.id)]
                )
                self.assertEqual(rows.mapped("status"), ["sent"] * 3)

    def test_mailjet_is_asked_seldom_meanwhile(self):
        mailing = self._send_accepted()
        self._run_later(minutes=6)
        calls = len(self.mailjet.calls)
        self._run_later(minutes=1)
        self.assertEqual(len(self.mailjet.calls), calls)
        self._run_later(minutes=5)
        self.assertGreater(len(self.mailjet.calls), calls)
        self.assertEqual(mailing.state, "sending")
