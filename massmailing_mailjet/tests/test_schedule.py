from datetime import datetime, timedelta, timezone

from freezegun import freeze_time

from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import EVERYONE, DeliveryCase
from .mailjet import DRAFT_STATE, SCHEDULE, SEND, UNSCHEDULE

NOTICE = "odoo.addons.massmailing_mailjet.models.delivery.mailjet_mailing_notice"


class ScheduleCase(DeliveryCase):
    """Mailings that are to be sent later."""

    def _schedule(self, **delta):
        """Return a mailing that is scheduled for so much later."""
        mailing = self._make_mailing(self.people)
        mailing.action_schedule(self.clock + timedelta(**delta))
        self._run_cron()
        return mailing

    def _hold(self):
        """Return a mailing that Mailjet holds for an hour later, 45 minutes on."""
        mailing = self._schedule(hours=1)
        self._run_later(minutes=45)
        self.assertEqual(mailing.delivery_step, "scheduled")
        self.assertTrue(mailing.mailjet_campaign_ids._is_held())
        return mailing

    def _later(self, **delta):
        """Do something at a later moment, as a user does."""
        self.clock += timedelta(**delta)
        return freeze_time(self.clock)


@tagged("post_install", "-at_install")
class TestSchedule(ScheduleCase):
    """A mailing that is sent later: held by Mailjet, moved, or withdrawn."""

    # === HELD BY MAILJET === #

    def test_preparation_starts_the_earlier_the_more_rows_there_are(self):
        starts = []
        for count in (3, 1_000_000):
            mailing = self._make_mailing(self.people)
            mailing.sudo().planned_count = count
            mailing.sudo()._enqueue(self.clock, "scheduled")
            starts.append(self.clock - mailing.mailjet_campaign_ids.next_action_date)
        self.assertGreaterEqual(starts[0], timedelta(minutes=20))
        self.assertGreater(starts[1], timedelta(hours=2))

    def test_mailjet_gets_the_time_and_sends_by_itself(self):
        mailing = self._hold()
        hour = mailing.schedule_date
        self.assertEqual(
            [
                datetime.fromtimestamp(date, timezone.utc)
                for date in self.mailjet.scheduled
            ],
            [hour.replace(tzinfo=timezone.utc)],
        )
        self.assertEqual(mailing.state, "preparing")
        self._strike()
        self._run_later(minutes=16)
        self.assertSentOnce(mailing)
        self.assertEqual(self.mailjet.count(SEND), 0)
        self.assertEqual(mailing.sent_date, hour)

    def test_an_hour_that_is_close_is_waited_for_here(self):
        mailing = self._schedule(minutes=5)
        self.assertEqual(mailing.delivery_step, "schedule")
        self._run_later(minutes=6)
        self.assertEqual(self.mailjet.count(SCHEDULE), 0)
        self.assertSentOnce(mailing)

    def test_an_hour_that_mailjet_refuses_is_waited_for_here(self):
        self.mailjet.set(schedule_lead_seconds=1800)
        mailing = self._schedule(minutes=30)
        self._run_later(minutes=11)
        self.assertEqual(
            (mailing.delivery_step, mailing.send_requested_date), ("schedule", False)
        )
        self._run_later(minutes=20)
        self.assertSentOnce(mailing)
        self.assertEqual(self.mailjet.count(SCHEDULE), 1)

    def test_a_schedule_without_answer_is_not_repeated_blindly(self):
        for when, calls in (("after", 1), ("before", 2)):
            with self._case(when=when):
                self.mailjet.fail(SCHEDULE, "hang", when)
                mailing = self._schedule(hours=1)
                self._run_later(minutes=41)
                for _look in range(2):
                    self._run_later(minutes=4)
                self.assertEqual(self.mailjet.count(SCHEDULE), calls)
                self.assertEqual(mailing.delivery_step, "scheduled")
                self._strike()
                self._run_later(minutes=15)
                self.assertSentOnce(mailing)

    def test_a_call_that_arrives_late_is_not_followed_by_another(self):
        """Given up as lost, the first call takes effect just before the second."""
        self.mailjet.fail(SCHEDULE, "hang")
        mailing = self._schedule(hours=1)
        self._run_later(minutes=45)
        self._run_later(minutes=6)
        self.assertEqual(mailing.delivery_step, "schedule")
        hour = mailing.schedule_date
        schedule = (
            f"campaigndraft/{mailing.mailjet_campaign_ids.mailjet_draft_id}/schedule"
        )
        with freeze_time(hour - timedelta(minutes=20)):
            self.mailjet.ask("POST", schedule, {"Date": f"{hour.isoformat()}Z"})
        self._run_later(minutes=9)
        self.assertEqual(self.mailjet.count(SEND), 0)
        self._strike()
        self._run_later(minutes=1)
        self.assertSentOnce(mailing)

    def test_who_unsubscribes_while_mailjet_waits_is_taken_out(self):
        mailing = self._hold()
        self.ann.massmailing_unsubscribed = True
        self._run_later(minutes=6)
        self.assertEqual(self.mailjet.unsubscribed, {"ann@example.com"})
        self._strike()
        self._run_later(minutes=10)
        self.assertSentOnce(mailing, EVERYONE - {"ann@example.com"})
        self.assertEqual(mailing.sent_count, 2)
        self.assertCountsAddUp(mailing)

    def test_trouble_while_mailjet_waits_does_not_fail_what_is_sent_anyway(self):
        for status in (401, 404, 429):
            with self._case(status=status):
                mailing = self._hold()
                self.mailjet.reply(DRAFT_STATE, status)
                self._run_later(minutes=6)
                self.assertEqual(mailing.state, "preparing")
                self.assertTrue(mailing.delivery_message)
                self._strike()
                self._run_later(minutes=10)
                self.assertSentOnce(mailing)

    @mute_logger(NOTICE)
    def test_a_schedule_that_was_withdrawn_at_mailjet_is_noticed(self):
        mailing = self._hold()
        self.mailjet.put_away(0)
        self._run_later(minutes=6)
        self.assertEqual(mailing.state, "failed")
        self.assertIn("someone may have withdrawn", mailing.delivery_message)
        mailing.action_retry()
        self._run_later(minutes=10)
        self.assertSentOnce(mailing)

    # === WITHDRAWN AND MOVED === #

    def test_unscheduling_what_mailjet_holds(self):
        mailing = self._hold()
        with self._later(minutes=1):
            mailing.action_cancel()
        self.assertEqual(mailing.delivery_step, "unschedule")
        self._run_later(seconds=1)
        self.assertEqual(mailing.state, "draft")
        self.assertFalse(self.mailjet.scheduled)
        notes = "".join(mailing.message_ids.mapped("body"))
        self.assertIn(f"{mailing.env.user.name} unscheduled it", notes)
        self.assertIn(f"undone by {mailing.env.user.name}", notes)
        self._strike()
        self._run_later(hours=1)
        self.assertFalse(self.mailjet.sent)

    def test_a_withdrawal_is_never_assumed(self):
        """Undone only once Mailjet shows a draft, whatever becomes of the calls."""
        for call in (UNSCHEDULE, DRAFT_STATE):
            for kind in ("hang", "429"):
                for when in ("before", "after"):
                    with self._case(call=call, kind=kind, when=when):
                        mailing = self._hold()
                        self.mailjet.fail(call, kind, when)
                        with self._later(seconds=1):
                            mailing.action_cancel()
                        self._run_later(seconds=1)
                        self.assertEqual(mailing.state, "preparing")
                        self._run_later(minutes=6)
                        self.assertEqual(mailing.state, "draft")
                        self.assertFalse(self.mailjet.scheduled)

    def test_a_withdrawal_that_comes_too_late_says_so(self):
        mailing = self._hold()
        with self._later(minutes=1):
            mailing.action_cancel()
        self._strike()
        self._run_later(seconds=1)
        self._run_later(minutes=15)
        self.assertSentOnce(mailing)
        bodies = "".join(mailing.message_ids.mapped("body"))
        self.assertIn("could no longer be stopped", bodies)

    def test_an_unanswered_schedule_is_not_taken_for_withdrawn(self):
        """The call may still arrive: a draft proves nothing for a while."""
        self.mailjet.fail(SCHEDULE, "hang")
        mailing = self._schedule(hours=1)
        self._run_later(minutes=41)
        self.assertEqual(mailing.delivery_step, "send")
        with self._later(seconds=1):
            mailing.action_cancel()
        self._run_later(seconds=1)
        self.assertEqual(mailing.state, "preparing")
        self._run_later(minutes=6)
        self.assertEqual(mailing.state, "draft")

    def test_moving_to_another_hour(self):
        for held in (False, True):
            with self._case(held=held):
                mailing = self._hold() if held else self._schedule(hours=1)
                old, new = mailing.schedule_date, self.clock + timedelta(hours=3)
                with self._later(seconds=1):
                    mailing.action_schedule(new)
                self._run_later(seconds=1)
                self.assertEqual(mailing.schedule_date, new.replace(microsecond=0))
                self.assertNotEqual(mailing.schedule_date, old)
                self.assertEqual(mailing.state, "in_queue")
                self.assertFalse(self.mailjet.scheduled)
                self._run_later(hours=2, minutes=45)
                self._strike()
                self._run_later(minutes=16)
                self.assertSentOnce(mailing)

    def test_moving_what_mailjet_has_begun_to_send_changes_nothing(self):
        mailing = self._hold()
        old = mailing.schedule_date
        with self._later(seconds=1):
            mailing.action_schedule(self.clock + timedelta(days=1))
        self._strike()
        self._run_later(seconds=1)
        self._run_later(minutes=16)
        self.assertSentOnce(mailing)
        self.assertEqual((mailing.sent_date, mailing.schedule_date), (old, old))

    def test_the_wizard_proposes_the_hour_that_was_chosen(self):
        mailing = self._schedule(days=1)
        Wizard = self.env["mailjet.mailing.schedule"].with_user(self.user)
        wizard = Wizard.create({"mailing_id": mailing.id})
        self.assertEqual(wizard.schedule_date, mailing.schedule_date)
        wizard.schedule_date += timedelta(hours=1)
        hour = wizard.schedule_date
        wizard.action_schedule()
        self.assertEqual(mailing.schedule_date, hour)
        fresh = Wizard.create({"mailing_id": self._make_mailing().id})
        self.assertGreater(fresh.schedule_date, self.clock)

    def test_only_what_is_scheduled_can_be_moved(self):
        mailing = self._make_mailing(self.people)
        mailing.action_send()
        with self.assertRefused("cannot be changed"):
            mailing.action_schedule(self.clock + timedelta(hours=1))
        self._run_cron()
        with self.assertRefused("cannot be changed"):
            mailing.action_schedule(self.clock + timedelta(hours=1))
