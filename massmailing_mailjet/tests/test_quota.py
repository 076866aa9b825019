from datetime import timedelta

from freezegun import freeze_time

from odoo import fields
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import DeliveryCase

NOTICE = "odoo.addons.massmailing_mailjet.models.delivery.mailjet_mailing_notice"


@tagged("post_install", "-at_install")
class TestQuota(DeliveryCase):
    """What is left of a month, and who counts."""

    @mute_logger(NOTICE)
    def test_mailjets_count_at_the_sending_decides(self):
        self.account.monthly_limit = 10
        self.env.company.mailjet_undo_minutes = 3
        mailing = self._make_mailing(self.people)
        self._send(mailing)
        self.mailjet.send_otherwise(8)
        self._run_later(minutes=4)
        self.assertEqual(mailing.state, "failed")
        self.assertIn("remaining: 2", mailing.delivery_message)
        self.assertFalse(self.mailjet.sent)
        self.account.monthly_limit = 11
        mailing.action_retry()
        self._run_later(minutes=1)
        self.assertSentOnce(mailing)

    def test_mailjet_is_not_asked_again_within_a_minute(self):
        self.account.monthly_limit = 10
        for minutes, asked in ((0, 1), (2, 2)):
            with self._case(minutes=minutes):
                mailing = self._make_mailing(self.people)
                mailing.action_send()
                self.account._refresh_sent_this_month()
                before = self.mailjet.count("GET statcounters")
                self._run_later(minutes=minutes)
                self.assertSentOnce(mailing)
                after = self.mailjet.count("GET statcounters")
                self.assertEqual(after - before, asked)

    def test_our_own_count_when_mailjet_cannot_be_asked(self):
        mailing = self._make_mailing(self.people)
        self._send(mailing)
        self.account.sent_this_month = 0
        self.mailjet.fail("GET statcounters", "hang")
        self.account._refresh_sent_this_month()
        self.assertEqual(
            (self.account.sent_this_month, self.account.is_own_count), (3, True)
        )
        self.mailjet.send_otherwise(37)
        self.account._refresh_sent_this_month()
        self.assertEqual(
            (self.account.sent_this_month, self.account.is_own_count), (40, False)
        )

    def test_mailjets_figure_that_lags_behind_does_not_count(self):
        self.mailjet.set(counter_lag_seconds=3600)
        self._send(self._make_mailing(self.people))
        with self.account._client() as client:
            self.assertEqual(client.count_sent(self.account._month_start()), 0)
        self.account._refresh_sent_this_month()
        self.assertEqual(self.account.sent_this_month, 3)

    def test_a_mailing_is_counted_once(self):
        """Whoever counts it first: Mailjet, or this database; two at a time as well."""
        for before, together, figures in (
            (0, False, [3, 6]),
            (5, False, [8, 11]),
            (5, True, [11, 11]),
        ):
            with self._case(before=before, together=together):
                self.env["mailjet.campaign"].search([]).sent_date = False
                self.mailjet.send_otherwise(before)
                first, second = [self._make_mailing(self.people) for _one in range(2)]
                first.action_send()
                if together:
                    second.action_send()
                self._run_cron()
                self.assertEqual(self.account.sent_this_month, figures[0])
                if not together:
                    second.action_send()
                self._run_cron()
                self.assertEqual(self.account.sent_this_month, figures[1])

    def test_every_count_follows_one_rule(self):
        """Mailjet's count or ours, the larger, wherever it is read."""
        self._send(self._make_mailing(self.people))
        for counted, shown in ((40, 40), (2, 3), (7, 7)):
            counters = {"Data": [{"Total": counted}]}
            self.mailjet.reply("GET statcounters", 200, counters, count=2)
            self.account._refresh_sent_this_month()
            self.assertEqual(self.account.sent_this_month, shown)
            self.account.action_synchronize()
            self.assertEqual(self.account.sent_this_month, shown)

    def test_a_new_month_starts_from_nothing(self):
        mailing = self._make_mailing()
        with freeze_time("2026-10-30"):
            self.account._take_count(50)
        self.account.monthly_limit = 60
        with freeze_time("2026-11-01 00:00:01"):
            self.env.invalidate_all()
            self.assertEqual(self.account.remaining_this_month, 60)
            self.assertEqual(
                (mailing.sent_this_month, mailing.remaining_this_month), (0, 60)
            )
            (card,) = self.env["mailjet.health"]._get_cards(self.account, ["quota"])
            self.assertIn("0 of 60", card["sentence"])
            self.account._refresh_sent_this_month()
        self.assertEqual(self.account.sent_this_month, 0)

    def test_a_sending_next_month_has_next_months_quota(self):
        self.account.write({"monthly_limit": 10, "sent_this_month": 10})
        campaign = self._make_campaign(self._make_mailing(self.people))
        with self.assertRefused("remaining: 0"):
            campaign._assert_quota()
        campaign.schedule_date = fields.Datetime.now() + timedelta(days=32)
        campaign._assert_quota()

    def test_mailings_that_are_being_sent_count(self):
        self.account.monthly_limit = 5
        first, second = (
            self._make_campaign(self._make_mailing(self.people)) for _one in range(2)
        )
        second._assert_quota()
        first.write({"state": "sending", "send_requested_date": self.clock})
        with self.assertRefused("remaining: 2"):
            second._assert_quota()
