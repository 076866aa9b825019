from datetime import timedelta

from odoo import fields
from odoo.tests import tagged
from odoo.tools import SQL

from .common import MailjetCase

CROWD = 10_000


@tagged("post_install", "-at_install")
class TestVerdictCost(MailjetCase):
    """What a tick or an unsubscription reads, beside a crowd that it is not about."""

    def setUp(self):
        super().setUp()
        self.mailing = self._make_mailing(self.people, frequency_cap_days=7)
        self.row = self._row(self.mailing, self.ann)

    def _add_crowd(self, mailing, status="pending"):
        """Give a mailing many more rows, and say so in its figures."""
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO mailjet_recipient (
                       mailing_id, kind, name, email, email_normalized, record_issue,
                       selected, verdict, status, exclusion_reason)
                SELECT %(mailing)s, 'contact', n, n || '@example.net',
                       n || '@example.net', 'deleted', TRUE, 'excluded', %(status)s,
                       'deleted'
                  FROM generate_series(1, %(crowd)s) n
                """,
                mailing=mailing.id,
                status=status,
                crowd=CROWD,
            )
        )
        self.env.cr.execute("ANALYZE mailjet_recipient")
        mailing._update_counts()
        self.env.flush_all()

    def _mail_crowd(self):
        """Mail the crowd another mailing, this week."""
        other = self._make_mailing(name="This week's").sudo()
        yesterday = fields.Datetime.now() - timedelta(days=1)
        other.write({"state": "done", "sent_date": yesterday})
        self._add_crowd(other, "sent")

    def _count_read(self):
        """Return how many rows of recipients were read in this transaction."""
        [(read,)] = self.env.execute_query(
            SQL(
                "SELECT seq_tup_read + idx_tup_fetch FROM pg_stat_xact_user_tables"
                " WHERE relname = 'mailjet_recipient'"
            )
        )
        return read

    def assertReadsFew(self, act):
        """Check that hardly any rows are read, and that the figures are right."""
        self.env.flush_all()
        before = self._count_read()
        act()
        self.env.flush_all()
        self.assertLess(self._count_read() - before, CROWD / 10)
        self.assertCountsAddUp(self.mailing)

    def _tick(self):
        self.row.selected = not self.row.selected

    def _unsubscribe(self):
        self.env["mailjet.verdict"]._update_after_unsubscribe(["ann@example.com"])

    def test_in_a_large_mailing(self):
        self._add_crowd(self.mailing)
        for act in self._tick, self._tick, self._unsubscribe:
            self.assertReadsFew(act)

    def test_when_many_were_mailed_this_week(self):
        self._mail_crowd()
        for act in self._tick, self._tick, self._unsubscribe:
            self.assertReadsFew(act)

    def test_opening_a_step_after_a_change(self):
        self._add_crowd(self.mailing)
        self.mailing.action_go_to_step("recipients")
        self._age_records()
        self.ann.email = "other@example.com"
        self.assertReadsFew(lambda: self.mailing.action_go_to_step("sending"))
        self.assertEqual(self.row.email, "other@example.com")

    def test_all_mailings_are_judged_in_one_statement(self):
        """As many queries for ten mailings as for one."""
        self._unsubscribe()  # what is read once is in memory
        with self.assertQueryCount(5):
            self._unsubscribe()
        mailings = self.mailing.concat(
            *(self._make_mailing(self.people) for _number in range(9))
        )
        self.env["mail.blacklist"]._add("ann@example.com")
        self.env.invalidate_all()
        self._unsubscribe()
        with self.assertQueryCount(5):
            self._unsubscribe()
        mailings |= self.mailing
        self.assertEqual(mailings.mapped("blacklisted_count"), [1] * 10)
