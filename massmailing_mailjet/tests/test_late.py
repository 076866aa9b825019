from datetime import timedelta

from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import EVERYONE
from .mailjet import SCHEDULE
from .test_schedule import NOTICE, ScheduleCase


@tagged("post_install", "-at_install")
class TestLate(ScheduleCase):
    """A mailing whose hour has passed, or that can still be undone."""

    # === LATE === #

    @mute_logger(NOTICE)
    def test_an_hour_long_past_asks_instead_of_firing(self):
        mailing = self._schedule(hours=1)
        self._run_later(hours=4)
        self.assertTrue(mailing.needs_confirmation)
        self.assertFalse(self.mailjet.calls)
        (activity,) = mailing.activity_ids
        self.assertEqual(activity.user_id, self.user)
        self._run_later(hours=4)
        self.assertFalse(self.mailjet.calls)
        self.assertEqual(len(mailing.activity_ids), 1)
        with self._later(seconds=1):
            mailing.action_send()
        self.assertFalse(mailing.needs_confirmation)
        self.assertFalse(mailing.activity_ids)
        self._run_later(seconds=1)
        self.assertSentOnce(mailing)

    @mute_logger(NOTICE)
    def test_another_time_for_what_is_late(self):
        mailing = self._schedule(hours=1)
        self._run_later(hours=4)
        with self._later(seconds=1):
            mailing.action_schedule(self.clock + timedelta(minutes=5))
        self._run_later(minutes=1)
        self.assertFalse(mailing.needs_confirmation)
        self._run_later(minutes=5)
        self.assertSentOnce(mailing)

    @mute_logger(NOTICE)
    def test_what_is_late_can_be_undone(self):
        mailing = self._schedule(hours=1)
        self._run_later(hours=4)
        mailing.action_cancel()
        self.assertEqual((mailing.state, mailing.needs_confirmation), ("draft", False))

    def test_how_late_is_too_late_is_a_setting(self):
        for hours, state in ((0, "done"), (24, "done")):
            with self._case(hours=hours):
                self.env.company.mailjet_late_hours = hours
                mailing = self._schedule(hours=1)
                self._run_later(hours=5)
                self.assertEqual(mailing.state, state)

    def test_what_mailjet_sent_while_the_server_was_down_does_not_ask(self):
        mailing = self._hold()
        self._strike()
        self._run_later(days=2)
        self.assertSentOnce(mailing)

    @mute_logger(NOTICE)
    def test_an_unconfirmed_schedule_asks_when_its_hour_has_passed(self):
        self.mailjet.fail(SCHEDULE, "hang")
        mailing = self._schedule(hours=1)
        self._run_later(minutes=41)
        self._run_later(days=1)
        self.assertTrue(mailing.needs_confirmation)
        self.assertFalse(self.mailjet.sent)

    # === UNDONE === #

    def test_sent_now_can_be_undone_for_some_minutes(self):
        self.env.company.mailjet_undo_minutes = 3
        mailing = self._make_mailing(self.people)
        self._send(mailing)
        self.assertEqual(mailing.delivery_step, "schedule")
        self.assertGreater(mailing.get_progress()["undo_seconds"], 60)
        self._run_later(minutes=2)
        self.assertFalse(self.mailjet.sent)
        mailing.action_cancel()
        self.assertEqual(mailing.state, "draft")
        note = mailing.message_ids.filtered(lambda note: "undone by" in note.body)
        author = mailing.env.user
        self.assertIn(f"by {author.name}. Emails not sent: 3", note.body)
        self.assertEqual(note.author_id, author.partner_id)
        self._run_later(minutes=5)
        self.assertFalse(self.mailjet.sent)
        self._send(mailing)
        self._run_later(minutes=5)
        self.assertSentOnce(mailing)

    def test_it_leaves_when_nobody_has_undone_it(self):
        self.env.company.mailjet_undo_minutes = 3
        mailing = self._make_mailing(self.people)
        self._send(mailing)
        self.ann.massmailing_unsubscribed = True
        self._run_later(minutes=3, seconds=1)
        self.assertSentOnce(mailing, EVERYONE - {"ann@example.com"})
        self.assertEqual(mailing.get_progress()["undo_seconds"], 0)
