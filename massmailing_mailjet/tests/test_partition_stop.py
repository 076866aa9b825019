from datetime import timedelta
from unittest.mock import patch

from odoo.tests import tagged
from odoo.tools import mute_logger

from ..models.delivery import mailjet_campaign_cancel
from .mailjet import SEND
from .partition_common import NOTICE, PartitionCase


@tagged("post_install", "-at_install")
class TestPartitionStop(PartitionCase):
    """A mailing of several campaigns of which one fails, is stopped or waits."""

    def _fail_first(self, mailing):
        """Let Mailjet refuse to send the first campaign; return the campaigns."""
        self.mailjet.refuse(SEND, "Not today")
        return self._send(mailing)

    # === FAILING === #

    @mute_logger(NOTICE)
    def test_a_failed_campaign_stops_only_itself_and_is_retried_alone(self):
        mailing = self._make_mailing(self.people)
        campaigns = self._fail_first(mailing)
        self.assertEqual(campaigns.mapped("state"), ["failed", "done"])
        self.assertEqual(mailing.state, "failed")
        self.assertIn("Oslo: ", mailing.delivery_message)
        self.assertEqual(mailing.sent_date, campaigns[1].sent_date)
        self.assertSentTo(["bob"])
        mailing.action_retry()
        self._go_on()
        self.assertEqual(mailing.state, "done")
        self.assertSentTo(["ann", "cat"], ["bob"])

    @mute_logger(NOTICE)
    def test_its_activity_stays_while_any_campaign_needs_a_person(self):
        mailing = self._make_mailing(self.people)
        self._fail_first(mailing)
        (activity,) = mailing.activity_ids
        self.assertIn("Oslo: ", activity.summary)
        mailing.action_retry()
        self._go_on()
        self.assertFalse(mailing.activity_ids)

    @mute_logger(NOTICE)
    def test_what_stops_several_campaigns_is_reported_once(self):
        mailing = self._make_mailing(self.people)
        self._start(mailing)
        before = mailing.message_ids
        self.mailjet.reply("GET contactslist", 401, "", count=2)
        self._go_on()
        self.assertEqual(
            mailing.mailjet_campaign_ids.mapped("state"), ["failed", "failed"]
        )
        emailed = (mailing.message_ids - before).filtered("partner_ids")
        self.assertEqual(len(emailed), 1)
        self.assertEqual(len(mailing.activity_ids), 1)

    # === STOPPING === #

    def test_undoing_takes_all_rows_out_of_their_campaigns(self):
        """At once, or in the background if there are many."""
        for limit in (2_000, 0):
            with (
                self._case(limit=limit),
                patch.object(mailjet_campaign_cancel, "RELEASE_AT_ONCE", limit),
            ):
                mailing = self._make_mailing(self.people)
                campaigns = self._start(mailing)
                with self._one_step_at_a_time():
                    self._run_later()
                mailing.action_cancel()
                self._go_on()
                self.assertEqual((mailing.state, mailing.attempt), ("draft", 2))
                self.assertFalse(campaigns.exists())
                self.assertFalse(self._get_rows(mailing).campaign_id)
                self.assertEqual(
                    set(self._get_rows(mailing).mapped("status")), {"pending"}
                )
                self._send(mailing)
                self.assertSentTo(["ann", "cat"], ["bob"])

    @mute_logger(NOTICE)
    def test_the_rest_of_a_mailing_is_stopped_and_followed_up(self):
        for limit in (2_000, 0):
            with (
                self._case(limit=limit),
                patch.object(mailjet_campaign_cancel, "RELEASE_AT_ONCE", limit),
            ):
                mailing = self._make_mailing(self.people)
                self._fail_first(mailing)
                mailing.action_cancel()
                self._go_on()
                self.assertEqual((mailing.state, mailing.sent_count), ("done", 1))
                self.assertFalse(mailing.activity_ids)
                self.assertFalse(mailing.delivery_message)
                notes = " ".join(mailing.message_ids.mapped("body"))
                self.assertIn("not sent: 2", notes)
                self.parts = []
                self.assertEqual(mailing.get_follow_up_counts()["remaining"], 2)
                action = mailing.action_send_to_remaining()
                rest = self.env["mailjet.mailing"].browse(action["res_id"])
                rest.action_send()
                self._run_cron()
                self.assertSentTo(["bob"], ["ann", "cat"])
                self.parts = self._by_city()

    def test_what_waits_can_be_stopped_while_another_is_being_sent(self):
        self.parts = self._by_city(rest={"awaits_decision": True})
        mailing = self._make_mailing(self.people)
        campaigns = self._start(mailing)
        self.mailjet.fail("GET campaign/*", "500", count=50)
        self._go_on()
        self.assertEqual(campaigns.mapped("state"), ["sending", "preparing"])
        self.assertTrue(mailing.get_progress()["can_stop"])
        mailing.action_cancel()
        self.assertEqual(mailing.mailjet_campaign_ids, campaigns[0])
        self.mailjet.stop_failing()
        self._run_later(hours=1)
        self.assertEqual(mailing.state, "done")
        self.assertSentTo(["ann", "cat"])
        with self.assertRefused("does not allow"):
            mailing.action_cancel()

    # === WAITING === #

    def test_a_campaign_waits_for_a_decision(self):
        self.parts = self._by_city(rest={"awaits_decision": True})
        mailing = self._make_mailing(self.people)
        campaigns = self._send(mailing)
        self._run_later(days=2)
        self.assertSentTo(["ann", "cat"])
        self.assertEqual(mailing.state, "preparing")
        campaigns[1]._decide()
        self._go_on()
        self.assertSentTo(["ann", "cat"], ["bob"])
        self.assertEqual(mailing.state, "done")

    def test_a_campaign_has_a_time_of_its_own(self):
        self.parts = self._by_city(
            rest={"schedule_date": self.clock + timedelta(days=1)}
        )
        mailing = self._make_mailing(self.people)
        self._send(mailing)
        self.assertSentTo(["ann", "cat"])
        self.assertFalse(self.mailjet.scheduled)
        self._run_later(hours=23, minutes=38)
        self._go_on()
        self.assertEqual(len(self.mailjet.scheduled), 1)
        with self.assertRefused("Some of this mailing was already sent"):
            mailing.sudo()._reschedule(self.clock + timedelta(days=3), "scheduled")
        self._strike()
        self._run_later(minutes=26)
        self._go_on()
        self.assertSentTo(["ann", "cat"], ["bob"])
        self.assertEqual(mailing.state, "done")

    @mute_logger(NOTICE)
    def test_a_campaign_that_is_late_is_confirmed_alone(self):
        self.env.company.mailjet_late_hours = 2
        self.parts = self._by_city(
            rest={"schedule_date": self.clock + timedelta(minutes=5)}
        )
        mailing = self._make_mailing(self.people)
        campaigns = self._start(mailing)
        campaigns[1].next_action_date = False
        self._go_on()
        campaigns[1]._set_next_action(self.clock)
        self._run_later(hours=5)
        self.assertTrue(mailing.needs_confirmation)
        self.assertSentTo(["ann", "cat"])
        self.env.company.mailjet_late_hours = 200
        mailing.action_send()
        self.assertFalse(mailing.activity_ids)
        self._go_on()
        self.assertSentTo(["ann", "cat"], ["bob"])
        self.assertEqual(mailing.state, "done")

    def test_a_mailing_is_moved_as_a_whole_before_any_of_it_is_sent(self):
        mailing = self._make_mailing(self.people)
        mailing.action_schedule(self.clock + timedelta(hours=1))
        self._run_later(minutes=50)
        self._go_on()
        self.assertEqual(len(mailing.mailjet_campaign_ids), 2)
        mailing.sudo()._reschedule(self.clock + timedelta(days=1), "scheduled")
        self._go_on()
        self.assertEqual(mailing.state, "in_queue")
        self.assertEqual(len(mailing.mailjet_campaign_ids), 1)
        self._run_later(hours=24)
        self._go_on()
        self.assertSentTo(["ann", "cat"], ["bob"])
