from datetime import timedelta

from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import EVERYONE, DeliveryCase
from .mailjet import CONTENT, SEND

ENGINE = "odoo.addons.massmailing_mailjet.models.delivery.mailjet_delivery"


@tagged("post_install", "-at_install")
class TestDeliveryTrouble(DeliveryCase):
    """What keeps a mailing from being sent, and what is reported of it."""

    def test_a_refusal_stops_the_mailing_and_tells_why(self):
        self.mailjet.set_sender("news@example.com", status="Inactive")
        mailing = self._make_mailing(self.people)
        self._send(mailing)
        self.assertEqual(mailing.state, "failed")
        self.assertIn("valid and active sender", mailing.delivery_message)
        self.assertIn(self.user.partner_id, mailing.message_ids.notified_partner_ids)
        self.assertFalse(mailing.send_requested_date)
        mailing.action_cancel()
        mailing.sender_email = "other@example.org"
        self._send(mailing)
        self.assertSentOnce(mailing)
        self.assertEqual(mailing.mailjet_campaign_ids.send_attempts, 1)

    def test_a_mailing_whose_keys_were_refused_can_be_retried(self):
        for status in (401, 403, 404):
            with self._case(status=status):
                self.mailjet.reply(SEND, status)
                mailing = self._make_mailing(self.people)
                self._send(mailing)
                self.assertEqual(mailing.state, "failed")
                self.assertFalse(mailing.send_requested_date)
                mailing.action_retry()
                self._run_cron()
                self.assertSentOnce(mailing)

    def test_content_that_mailjet_changes_is_not_sent(self):
        changed = {"Html-part": "<p>Other</p>", "Text-part": "Other"}
        self.mailjet.reply(CONTENT, 200, {"Data": [changed]}, count=3)
        mailing = self._make_mailing(self.people)
        self._send(mailing)
        for _look in range(3):
            self._run_later(minutes=6)
        self.assertEqual(mailing.state, "failed")
        self.assertIn("changes the content", mailing.delivery_message)

    def test_an_exclusion_job_that_fails_can_be_retried(self):
        mailing = self._make_mailing(self.people)
        mailing.action_schedule(self.clock + timedelta(minutes=1))
        self._run_cron()
        self.ann.massmailing_unsubscribed = True
        self.mailjet.set(failed_jobs="json")
        self._run_later(minutes=2)
        self.assertEqual(mailing.state, "failed")
        self.mailjet.set(failed_jobs="")
        mailing.action_retry()
        self._run_later(minutes=1)
        self.assertSentOnce(mailing, EVERYONE - {"ann@example.com"})

    def test_wrong_keys_stop_the_mailing(self):
        self.account.sudo().api_secret = "of another time"
        mailing = self._make_mailing(self.people)
        self._send(mailing)
        self.assertEqual(mailing.state, "failed")
        self.assertIn("does not accept the keys", mailing.delivery_message)
        self.assertEqual(mailing.planned_count, 3)

    def test_mailjet_down_is_waited_for_with_growing_patience(self):
        self.mailjet.fail("GET contactslist", "500", count=3)
        mailing = self._make_mailing(self.people)
        self._send(mailing)
        waits = []
        for _look in range(3):
            waits.append(mailing.mailjet_campaign_ids.next_action_date - self.clock)
            self.assertEqual(mailing.state, "preparing")
            self.assertIn("not available", mailing.delivery_message)
            self.clock = mailing.mailjet_campaign_ids.next_action_date
            self._run_later(seconds=1)
        self.assertEqual(waits, sorted(waits))
        self.assertSentOnce(mailing)

    @mute_logger(ENGINE)
    def test_a_broken_mailing_does_not_hold_up_the_next(self):
        mailings = self._make_mailing(self.people) + self._make_mailing(self.people)
        for mailing in mailings:
            mailing.action_send()
        # A number that is none, which the first to be sent meets.
        self.mailjet.reply("GET statcounters", 200, {"Data": [{"Total": "many"}]})
        self._run_cron()
        broken, fine = mailings.sorted("state", reverse=True)
        self.assertEqual((broken.state, fine.state), ("failed", "done"))
        self.assertIn("unexpected", broken.delivery_message)

    def test_the_quota_holds_a_mailing_back(self):
        self.account.write({"monthly_limit": 10, "sent_this_month": 8})
        mailing = self._make_mailing(self.people)
        with self.assertRefused("planned: 3, remaining: 2"):
            mailing.action_send()
        self.account.sent_this_month = 7
        mailing.action_send()
        self.account.sent_this_month = 8
        self._run_cron()
        self.assertEqual(mailing.state, "failed")
        self.assertFalse(self.mailjet.sent)
