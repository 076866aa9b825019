from datetime import timedelta
from unittest.mock import patch

from freezegun import freeze_time

from odoo import fields
from odoo.tests import tagged

from ..tools import mailjet_client
from .feedback_common import SENT_AT
from .test_sync import SyncCase

ANN, BOB = "ann@example.com", "bob@example.com"


@tagged("post_install", "-at_install")
class TestPullAlone(SyncCase):
    """What is known of openings and clicks where Mailjet reaches no webhook."""

    def setUp(self):
        super().setUp()
        self.account.sudo().last_event_date = False
        self.since = fields.Datetime.now().replace(microsecond=0) - timedelta(hours=1)
        self._say("clicked", ANN)
        self._say("opened", BOB)

    @property
    def bob_row(self):
        return self._recipients().filtered(lambda row: row.partner_id == self.bob)

    def _open(self, email, minutes, agent="Thunderbird"):
        with freeze_time(self.since + timedelta(minutes=minutes)):
            self.mailjet.happen(email, "open", agent=agent)

    def _click(self, email, minutes, url="https://example.com/a"):
        with freeze_time(self.since + timedelta(minutes=minutes)):
            self.mailjet.happen(email, "click", url=url)

    def test_openings_and_clicks_are_counted_at_their_time(self):
        self._open(ANN, 1)
        self._open(ANN, 9)
        self._click(ANN, 5)
        self._click(ANN, 7, "https://example.com/b")
        self._sync()
        row = self.ann_row
        self.assertEqual(
            (row.status, row.open_count, row.click_count), ("clicked", 2, 2)
        )
        self.assertEqual(row.opened_date, self.since + timedelta(minutes=1))
        self.assertEqual(row.last_opened_date, self.since + timedelta(minutes=9))
        self.assertEqual(row.clicked_date, self.since + timedelta(minutes=5))
        self.assertEqual(
            sorted(self.mailing.link_ids.mapped("url")),
            ["https://example.com/a", "https://example.com/b"],
        )
        self.assertFiguresAreRight()

    def test_openings_of_another_day_are_asked_for(self):
        """Without a start, Mailjet answers those of today alone."""
        self._open(ANN, -24 * 60)
        self._sync()
        self.assertEqual(self.ann_row.open_count, 1)

    def test_asking_again_counts_nothing_twice(self):
        self._open(ANN, 1)
        self._click(ANN, 5)
        self._sync()
        once = self._read_trace()
        self._say("queued", BOB)
        for _time in range(2):
            self.campaign.synchronized_date -= timedelta(hours=2)
            self._sync()
        self.assertEqual(self._read_trace(), once)

    def test_a_webhook_that_tells_the_same_later_counts_nothing_twice(self):
        self._open(ANN, 1)
        self._sync()
        once = self._read_trace()
        minutes = (self.since - SENT_AT).total_seconds() / 60 + 1
        (message,) = self.mailjet.column("SELECT id FROM message WHERE email = ?", ANN)
        self._tell(self._event("open", minutes=minutes, MessageID=message))
        self.assertEqual(self._read_trace(), once)

    def test_machines_are_distinguished(self):
        self._open(BOB, 1, "Mozilla/5.0")
        self._sync()
        self.campaign.synchronized_date -= timedelta(hours=2)
        self._sync()
        self.assertFalse(self.bob_row.opened_date)
        self.assertEqual(self.mailing.machine_opened_count, 1)

    def test_asking_is_no_sign_of_life_of_the_webhook(self):
        self._open(ANN, 1)
        self._sync()
        self.assertEqual(self.ann_row.status, "opened")
        self.assertFalse(self.account.last_event_date)

    def test_where_a_webhook_tells_them_nobody_asks(self):
        self.account.sudo().last_event_date = fields.Datetime.now()
        self._sync()
        self.assertEqual(self.mailjet.count("GET openinformation"), 0)
        self.assertEqual(self.ann_row.status, "clicked")

    def test_where_mailjet_refuses_them_the_messages_tell_who(self):
        self.mailjet.refuse("GET openinformation", "No such resource", count=2)
        self._sync()
        self.assertEqual(self.bob_row.status, "sent")
        self.campaign.synchronized_date -= timedelta(hours=2)
        self._sync()
        self.assertEqual(self.bob_row.status, "opened")

    def test_pages_of_openings_are_taken_one_by_one(self):
        for minutes in range(5):
            self._open(ANN, minutes)
        with patch.object(mailjet_client, "PAGE_SIZE", 2):
            self._sync()
        self.assertEqual(self.mailjet.count("GET openinformation"), 3)
        self.assertEqual(self.ann_row.open_count, 5)
        self.assertFalse(self.campaign.sync_phase)

    def test_messages_of_others_are_nobody_s(self):
        rows = [
            {"MessageID": 1, "OpenedAt": "2026-03-02T08:00:00Z"},
            {"MessageID": None, "OpenedAt": ""},
        ]
        self.mailjet.reply("GET openinformation", 200, {"Data": rows})
        self._sync()
        self.assertEqual(self.mailing.opened_count, 0)
        self.assertFalse(self.env["mailjet.event"].search([]))


@tagged("post_install", "-at_install")
class TestCounters(SyncCase):
    """Mailjet's own count, beside what it lists and what was handed over."""

    def _notices(self, total=None):
        """Return what is said when Mailjet counts so many, or as many as there are."""
        if total is not None:
            counters = {"Data": [{"Total": total}]}
            self.mailjet.reply("GET statcounters", 200, counters)
        self._sync_again()
        return self.mailing.with_user(self.user).get_statistics()["notices"]

    def test_a_difference_is_said(self):
        self.assertEqual(self._notices(), [])
        self.assertRegex(self._notices(5)[0], "counted by Mailjet: 5. Listed so far: 3")
        self.mailjet.change("DELETE FROM message WHERE email = 'cat@example.com'")
        self.assertRegex(self._notices()[0], "counted by Mailjet: 2. Uploaded: 3")
        self.assertEqual(self._notices(0), [])
