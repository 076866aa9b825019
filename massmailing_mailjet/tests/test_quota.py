from datetime import timedelta

from freezegun import freeze_time

from odoo import fields
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import DeliveryCase
from .wire import TIMEOUT, Fault

NOTICE = "odoo.addons.massmailing_mailjet.models.delivery.mailjet_mailing_trouble"


@tagged("post_install", "-at_install")
class TestQuota(DeliveryCase):
    """What is left of a month, and who counts."""

    @mute_logger(NOTICE)
    def test_mailjets_count_at_the_departure_decides(self):
        self.account.monthly_limit = 10
        self.env.company.mailjet_undo_minutes = 3
        mailing = self._make_mailing(self.people)
        self._send(mailing)
        self.mailjet.sent_count = 8
        self._run_later(minutes=4)
        self.assertEqual(mailing.state, "failed")
        self.assertIn("remaining: 2", mailing.delivery_message)
        self.assertFalse(self.mailjet.departures)
        self.account.monthly_limit = 11
        mailing.action_retry()
        self._run_later(minutes=1)
        self.assertSentOnce(mailing)

    def test_our_own_count_when_mailjet_cannot_be_asked(self):
        mailing = self._make_mailing(self.people)
        self._send(mailing)
        self.account.sent_this_month = 0
        self.mailjet.faults["get_counters"] = [Fault(TIMEOUT)]
        self.account._refresh_sent_this_month()
        self.assertEqual(
            (self.account.sent_this_month, self.account.is_own_count), (3, True)
        )
        self.mailjet.sent_count = 40
        self.account._refresh_sent_this_month()
        self.assertEqual(
            (self.account.sent_this_month, self.account.is_own_count), (40, False)
        )

    def test_mailjets_figure_that_lags_behind_does_not_count(self):
        self._send(self._make_mailing(self.people))
        self.assertEqual(
            (self.mailjet.sent_count, self.account.sent_this_month), (0, 3)
        )

    def test_a_mailing_is_counted_once(self):
        """Whoever counts it first: Mailjet, or this database; two at a time as well."""
        for before, figures in ((0, [3, 6]), (5, [8, 11]), (5, [11, 11])):
            with self.subTest(before=before, figures=figures):
                self.setUp()
                self.env["mailjet.mailing"].search([]).sent_date = False
                self.mailjet.sent_count = before
                mailings = [self._make_mailing(self.people) for _one in range(2)]
                for mailing, figure in zip(mailings, figures, strict=True):
                    mailing.action_send()
                    self.mailjet.sent_count = figure
                    self._run_cron()
                    self.assertEqual(self.account.sent_this_month, figure)

    def test_every_count_follows_one_rule(self):
        """Mailjet's or our own, the larger: at a departure, by hand and by the cron."""
        self._send(self._make_mailing(self.people))
        for counted, shown in ((40, 40), (2, 3), (7, 7)):
            self.mailjet.sent_count = counted
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
            (light,) = self.env["mailjet.health"]._get_lights(self.account, ["quota"])
            self.assertIn("0 of 60", light["sentence"])
            self.account._refresh_sent_this_month()
        self.assertEqual(self.account.sent_this_month, 0)

    def test_a_departure_next_month_has_next_months_quota(self):
        self.account.write({"monthly_limit": 10, "sent_this_month": 10})
        mailing = self._make_mailing(self.people)
        self.assertEqual(self.account._get_remaining(mailing), 0)
        mailing.sudo().schedule_date = fields.Datetime.now() + timedelta(days=32)
        self.assertEqual(self.account._get_remaining(mailing), 10)

    def test_mailings_that_are_departing_count(self):
        self.account.monthly_limit = 5
        first, second = (self._make_mailing(self.people) for _one in range(2))
        second._assert_quota()
        first.sudo().write({"state": "sending", "departure_date": self.clock})
        with self.assertRefused("remaining: 2"):
            second._assert_quota()
