from datetime import timedelta
from unittest.mock import patch

from freezegun import freeze_time

from odoo import fields
from odoo.tests import tagged

from ..models.feedback import mailjet_sync
from ..tools import mailjet_client
from .feedback_common import SENT_AT, FeedbackCase

# A message's status at Mailjet, and what is known of its recipient after asking.
STATUSES = {
    "queued": ("sent", []),
    "deferred": ("sent", []),
    "sent": ("sent", ["delivered_date"]),
    "opened": ("opened", ["delivered_date", "opened_date"]),
    "clicked": ("clicked", ["delivered_date", "opened_date", "clicked_date"]),
    "blocked": ("blocked", ["blocked_date"]),
    "softbounced": ("bounced", ["bounced_date"]),
    "hardbounced": ("bounced", ["bounced_date"]),
    "spam": ("complained", ["delivered_date", "complained_date"]),
    "unsub": ("unsubscribed", ["delivered_date", "unsubscribed_date"]),
}
DATES = [
    "delivered_date",
    "opened_date",
    "clicked_date",
    "bounced_date",
    "blocked_date",
    "complained_date",
    "unsubscribed_date",
]


class SyncCase(FeedbackCase):
    """A mailing that left two hours ago."""

    def setUp(self):
        super().setUp()
        now = fields.Datetime.now()
        emails = self._recipients().mapped("email_normalized")
        with freeze_time(SENT_AT + timedelta(seconds=30)):
            draft, campaign, list_id = self.mailjet.send_campaign(emails)
        self.campaign.write(
            {
                "sent_date": now - timedelta(hours=2),
                "mailjet_draft_id": str(draft),
                "mailjet_campaign_id": str(campaign),
                "mailjet_list_id": str(list_id),
            }
        )
        self.account.sudo().last_event_date = now
        self.mailjet.change("UPDATE message SET status = 'queued'")

    @property
    def ann_row(self):
        return self._recipients().filtered(lambda row: row.partner_id == self.ann)

    def _sync(self):
        with self.enter_registry_test_mode():
            self.env.ref("massmailing_mailjet.ir_cron_sync").method_direct_trigger()
        self.env.invalidate_all()

    def _sync_again(self):
        self.campaign.synchronized_date = False
        self.account.suppressions_date = False
        self._sync()

    def _say(self, status, email="ann@example.com", state=0):
        """Let an e-mail have come to a status at Mailjet, whatever it was before."""
        self.mailjet.change(
            "UPDATE message SET status = ?, state_id = ? WHERE email = ?",
            status,
            state,
            email,
        )

    def _event(self, kind, *arguments, **values):
        draft_id = self.campaign.mailjet_draft_id
        values = {"customcampaign": f"mj.nl={draft_id}", **values}
        return super()._event(kind, *arguments, **values)


@tagged("post_install", "-at_install")
class TestPull(SyncCase):
    """What is found when Mailjet is asked beside its webhooks."""

    def test_every_status_of_a_message(self):
        for word, (status, dates) in STATUSES.items():
            with self.subTest(word):
                savepoint = self.env.cr.savepoint(flush=True)
                self._say(word)
                self._sync_again()
                row = self.ann_row
                self.assertEqual(row.status, status)
                self.assertEqual([name for name in DATES if row[name]], dates)
                self.assertFiguresAreRight()
                savepoint.close(rollback=True)
                self.env.invalidate_all()

    def test_a_status_that_nobody_knows(self):
        rows = self.mailjet.ask("GET", "message?ShowContactAlt=1")
        rows = [{**row, "Status": "a new word"} for row in rows]
        self.mailjet.reply("GET message", 200, {"Data": rows})
        self._sync()
        self.assertEqual(self.campaign.listed_count, 3)
        self.assertEqual(self.ann_row.status, "sent")
        self.assertFalse([name for name in DATES if self.ann_row[name]])
        self.assertFiguresAreRight()

    def test_why_an_e_mail_did_not_arrive(self):
        self._say("hardbounced", state=1)
        self._say("blocked", "bob@example.com", state=99)
        self._sync()
        self.assertEqual(self.ann_row.bounce_type, "hard")
        self.assertEqual(self.ann_row.bounce_reason, "user unknown")
        self.assertEqual(self.ann_row.bounce_reason_text, "The address does not exist.")
        self.assertTrue(self.ann.massmailing_unsubscribed)

    def test_what_is_greylisted_is_only_late(self):
        self._say("softbounced", state=13)
        self._say("hardbounced", "bob@example.com", state=13)
        self._sync()
        self.assertEqual(
            (self.ann_row.status, self.ann_row.bounce_type), ("sent", False)
        )
        bob = self._recipients().filtered(lambda row: row.partner_id == self.bob)
        self.assertEqual((bob.status, bob.bounce_type), ("bounced", "soft"))
        self.assertFalse(self.bob.massmailing_unsubscribed)

    def test_what_a_webhook_tells_later_is_the_same_as_before(self):
        reported = [self._event("open"), self._event("unsub", minutes=2)]
        self._tell(*reported)
        once = self._read_trace()
        self._say("unsub")
        self._sync_again()
        self.assertEqual(self._read_trace()[1:], once[1:])
        self.assertEqual(self.ann_row.opened_date, SENT_AT + timedelta(minutes=1))
        self.assertEqual(self.ann_row.unsubscribed_date, SENT_AT + timedelta(minutes=2))

    def test_an_opening_by_machines_stays_theirs(self):
        self._tell(self._event("machine"))
        self._say("opened")
        self._sync()
        self.assertFalse(self.ann_row.opened_date)
        self.assertEqual(self.mailing.machine_opened_count, 1)

    def test_who_was_let_in_again_stays_in(self):
        self._say("unsub")
        self._sync()
        self.assertTrue(self.ann.massmailing_unsubscribed)
        self.ann.with_user(self.user).massmailing_unsubscribed = False
        self._sync_again()
        self.assertFalse(self.ann.massmailing_unsubscribed)

    def test_who_left_the_list_otherwise(self):
        self.mailjet.unsubscribe("bob@example.com")
        self._sync()
        self.assertTrue(self.bob.massmailing_unsubscribed)
        self.assertEqual(self.mailing.optout_count, 1)

    def test_who_is_excluded_from_everything(self):
        moment = fields.Datetime.to_datetime("2026-02-01 10:00:00")
        with freeze_time(moment):
            self.mailjet.exclude("bob@example.com")
        self._sync()
        self.assertTrue(self.bob.massmailing_unsubscribed)
        self.assertEqual(self.bob.massmailing_unsubscribed_date, moment)

    def _exclude_many(self, count):
        emails = [f"p{number}@example.com" for number in range(count)]
        self.mailjet.exclude(*emails, "bob@example.com")

    def _count_exclusions(self):
        return self.env["mailjet.suppression"].search_count(
            [("account_id", "=", self.account.id)]
        )

    def _count_pages(self):
        return self.mailjet.count("GET contact")

    def test_exclusions_are_read_page_by_page(self):
        self._exclude_many(5)
        with patch.object(mailjet_client, "PAGE_SIZE", 2):
            self._sync()
        self.assertEqual(self._count_exclusions(), 6)
        self.assertTrue(self.bob.massmailing_unsubscribed)
        self.assertEqual(self.account.suppressions_count, 6)
        self.assertFalse(self.account._is_reading_suppressions())

    def test_a_run_without_time_goes_on_where_it_stopped(self):
        self._exclude_many(5)
        (self.env["mailjet.account"].search([]) - self.account).active = False
        with (
            patch.object(mailjet_client, "PAGE_SIZE", 2),
            patch.object(mailjet_sync, "RUN_SECONDS", -1),
        ):
            for known, is_reading in ((2, True), (4, True), (6, True), (6, False)):
                self._sync()
                self.assertEqual(self._count_exclusions(), known)
                self.assertIs(self.account._is_reading_suppressions(), is_reading)
        self.assertTrue(self.bob.massmailing_unsubscribed)

    def test_exclusions_are_not_read_while_their_number_is_the_same(self):
        self._exclude_many(2)
        self._sync()
        self.mailjet.forget_calls()
        hour_ago = fields.Datetime.now() - timedelta(hours=1, minutes=1)
        self.account.suppressions_date = hour_ago
        self._sync()
        self.assertEqual(self._count_pages(), 1)
        self.mailjet.exclude("ann@example.com")
        self.account.suppressions_date = hour_ago
        self._sync()
        self.assertTrue(self.ann.massmailing_unsubscribed)
        self.account.write(
            {
                "suppressions_date": hour_ago,
                "suppressions_start": hour_ago - timedelta(days=1),
                "suppressions_end": hour_ago - timedelta(days=1),
            }
        )
        self.mailjet.exclude("cat@example.com")
        self.mailjet.exclude("ann@example.com", excluded=False)
        self._sync()
        self.assertTrue(self.cat.massmailing_unsubscribed)

    def test_nothing_is_forgotten_when_pages_shift(self):
        self._exclude_many(3)
        self._sync()
        (self.env["mailjet.account"].search([]) - self.account).active = False
        with (
            patch.object(mailjet_client, "PAGE_SIZE", 2),
            patch.object(mailjet_sync, "RUN_SECONDS", -1),
            freeze_time(fields.Datetime.now() + timedelta(minutes=1)),
        ):
            self._sync_again()
            self.assertTrue(self.account._is_reading_suppressions())
            # A contact that is included again between two pages hides another one.
            self.mailjet.exclude("p0@example.com", excluded=False)
            self._sync()
        self.assertFalse(self.account._is_reading_suppressions())
        self.assertEqual(self._count_exclusions(), 4)
        with freeze_time(fields.Datetime.now() + timedelta(hours=2)):
            self._sync_again()
        self.assertEqual(self._count_exclusions(), 3)

    def test_pages_are_taken_one_by_one(self):
        self._say("opened")
        with patch.object(mailjet_client, "PAGE_SIZE", 2):
            self._sync()
        self.assertEqual(self.mailjet.count("GET message"), 2)
        self.assertEqual((self.mailing.opened_count, self.campaign.sync_offset), (1, 0))

    def test_a_broken_page_is_asked_for_again(self):
        self._say("opened")
        for kind in ("500", "hang"):
            self.mailjet.fail("GET message", kind)
            self._sync()
            self.assertFalse(self.campaign.synchronized_date)
        self._sync()
        self.assertEqual(self.mailing.opened_count, 1)

    def test_older_mailings_are_asked_about_more_rarely(self):
        now = fields.Datetime.now()
        cases = [  # hours since the sending, hours since the last time, asked
            (2, 0.5, False),
            (2, 1.1, True),
            (20, 4, False),
            (20, 5.1, True),
            (400, 23, False),
            (400, 25, True),
            (24 * 31, 100, False),
        ]
        for age, since, asked in cases:
            with self.subTest(age=age, since=since):
                self.campaign.sent_date = now - timedelta(hours=age)
                self.campaign.synchronized_date = now - timedelta(hours=since)
                due = self.env["mailjet.sync"]._get_due_campaigns(self.account)
                self.assertEqual(bool(due), asked)
