from datetime import timedelta

from freezegun import freeze_time
from psycopg2 import IntegrityError

from odoo import fields
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import MailjetCase


@tagged("post_install", "-at_install")
class TestFrequencyCap(MailjetCase):
    """Nobody is mailed more often than the mailing allows."""

    def test_nobody_is_mailed_twice_within_the_days(self):
        now = fields.Datetime.now()
        last = self._make_mailing(self.ann, name="Last week's")
        last.sudo().write({"state": "done", "sent_date": now - timedelta(days=6)})
        self._row(last, self.ann).sudo().status = "sent"
        mailing = self._make_mailing(self.people)
        self.assertEqual(mailing.recent_count, 0)
        mailing.frequency_cap_days = 7
        self.assertEqual(self._rows(mailing)["ann@example.com"], "recent")
        self.assertEqual(self._row(mailing, self.ann).exclusion_detail, "Last week's")
        self.assertCountsAddUp(mailing)
        with freeze_time(now + timedelta(days=2)):
            mailing.action_go_to_step("recipients")
        self.assertEqual(mailing.recent_count, 0)
        mailing.frequency_cap_days = 0
        with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"):
            mailing.frequency_cap_days = -1
            self.env.flush_all()

    def _mail(self, record, days, **values):
        """Return another mailing that this record got so many days ago."""
        mailing = self._make_mailing(record, **values).sudo()
        date = fields.Datetime.now() - timedelta(days=days)
        mailing.write({"state": "done", "sent_date": date})
        self._row(mailing, record).sudo().status = "sent"
        return mailing

    def test_the_last_mailing_is_the_last_that_counts(self):
        """By its date, and within the days: not the newest row of the address."""
        self._mail(self.ann, days=1, name="Yesterday's")
        self._mail(self.ann, days=3, name="Before that")
        self._mail(self.ann, days=400, name="Long ago")
        unread = self._mail(self.bob, days=400, name="To Bob")
        mailing = self._make_mailing(self.people, frequency_cap_days=7)
        row = self._row(mailing, self.ann)
        self.assertEqual(row.exclusion_reason, "recent")
        self.assertEqual(row.exclusion_detail, "Yesterday's")
        unread.sent_date = fields.Datetime.now() - timedelta(days=2)
        mailing.action_go_to_step("recipients")
        self.assertEqual(self._row(mailing, self.bob).exclusion_detail, "To Bob")
        mailing.sudo().write({"state": "done", "sent_date": fields.Datetime.now()})
        with freeze_time(fields.Datetime.now() + timedelta(days=30)):
            row.invalidate_recordset()
            self.assertEqual(row.exclusion_detail, "Yesterday's")

    def test_a_mailing_sent_meanwhile_counts(self):
        self.user.company_id.mailjet_frequency_cap_days = 7
        mailing = self._make_mailing(self.people)
        self.assertEqual(mailing.frequency_cap_days, 7)
        mailing.action_go_to_step("recipients")
        other = self._make_mailing(self.bob)
        other.sudo().write({"state": "done", "sent_date": fields.Datetime.now()})
        self._row(other, self.bob).sudo().status = "clicked"
        mailing.action_go_to_step("sending")
        self.assertEqual(self._rows(mailing)["Bob@Example.com"], "recent")
