from freezegun import freeze_time

from odoo.modules.neutralize import get_neutralization_queries
from odoo.tests import tagged
from odoo.tools import mute_logger

from .erasure_common import ErasureCase
from .partition_common import NOTICE, PartitionCase


@tagged("post_install", "-at_install")
class TestPartitionFigures(PartitionCase, ErasureCase):
    """What is counted, excluded and erased, campaign by campaign."""

    # === QUOTA === #

    def test_a_campaign_reserves_the_emails_of_its_own_rows(self):
        self.account.monthly_limit = 4
        mailing = self._make_mailing(self.people)
        first, second = self._start(mailing)
        other = self._make_campaign(self._make_mailing(self.people))
        for reserving, left in ((second, 3), (first | second, 1)):
            reserving.write({"state": "sending", "send_requested_date": self.clock})
            with self.subTest(left=left):
                self.assertEqual(self.account._get_remaining(None, other), left)
        first._assert_quota()
        self.account.monthly_limit = 2
        with self.assertRefused("remaining: 1"):
            first._assert_quota()

    def test_each_campaign_counts_once_it_is_sent(self):
        self.parts = self._by_city(rest={"awaits_decision": True})
        self._send(self._make_mailing(self.people))
        self.assertEqual(self.account._count_own(), 2)

    # === PROGRESS === #

    def test_progress_adds_up(self):
        self.parts = self._by_city(rest={"awaits_decision": True})
        mailing = self._make_mailing(self.people)
        mailing.action_send()
        seen = []
        with self._one_step_at_a_time():
            for _run in range(40):
                progress = mailing.get_progress()
                seen.append((progress["percent"], progress["done"]))
                self._run_later(seconds=10)
        self.assertEqual(seen, sorted(seen))
        self.assertGreater(len({done for _percent, done in seen}), 2)
        # Two of three emails are sent, the third is ready.
        self.assertEqual(seen[-1], (97, 3))
        self.assertEqual(mailing.sudo()._get_progress_percents(), {mailing.id: 97})

    # === EXCLUSIONS === #

    def test_late_exclusions_leave_what_was_sent_as_it_is(self):
        self.parts = self._by_city(rest={"awaits_decision": True})
        mailing = self._make_mailing(self.people)
        campaigns = self._send(mailing)
        (self.ann | self.bob).massmailing_unsubscribed = True
        campaigns[1]._decide()
        with mute_logger(NOTICE):
            self._go_on()
        self.assertEqual(self._row(mailing, self.ann).verdict, "send")
        row = self._row(mailing, self.bob)
        self.assertEqual((row.verdict, row.status), ("excluded", "pending"))
        self.assertNotIn({"bob@example.com"}, self.mailjet.sent)

    # === COPIES === #

    def test_a_neutralized_copy_keeps_the_campaigns_that_were_sent(self):
        self.parts = self._by_city(rest={"awaits_decision": True})
        mailing = self._make_mailing(self.people)
        campaigns = self._send(mailing)
        self.env.flush_all()
        for query in get_neutralization_queries(["massmailing_mailjet"]):
            self.env.cr.execute(query)
        self.env.invalidate_all()
        self.assertEqual(mailing.mailjet_campaign_ids, campaigns[0])
        self.assertEqual((mailing.state, mailing.sent_count), ("done", 2))
        statuses = self._get_rows(mailing).mapped("status")
        self.assertEqual(statuses, ["sent", "pending", "sent"])

    # === ERASING === #

    def test_a_row_is_erased_as_soon_as_its_own_campaign_is_sent(self):
        self.parts = self._by_city(rest={"awaits_decision": True})
        mailing = self._make_mailing(self.people)
        self._send(mailing)
        row = self._row(mailing, self.ann)
        self._erase(self.ann)
        self.assertEqual((row.email, row.status), (False, "sent"))

    def test_a_row_leaves_the_list_of_a_campaign_that_waits(self):
        self.parts = self._by_city(rest={"awaits_decision": True})
        mailing = self._make_mailing(self.people)
        campaigns = self._send(mailing)
        row = self._row(mailing, self.bob)
        self._erase(self.bob)
        self.assertEqual((row.verdict, row.is_erased), ("excluded", True))
        campaigns[1]._decide()
        with mute_logger(NOTICE):
            self._go_on()
        self.assertFalse(row.email)
        self.assertEqual(self.mailjet.unsubscribed, {"bob@example.com"})

    def test_the_subject_that_a_person_got_is_exported(self):
        self.parts = self._by_city({"own_values": {"subject": "Oslo"}})
        mailing = self._make_mailing(self.people)
        self._send(mailing)
        erasure = self.env["mailjet.erasure"].with_user(self.manager)
        for person, subject in ((self.ann, "Oslo"), (self.bob, mailing.subject)):
            row = erasure._export_row(self._row(mailing, person).with_env(erasure.env))
            self.assertEqual(row["subject"], subject)

    # === REPORTS === #

    def test_a_list_expires_with_its_own_campaign(self):
        self.parts = self._by_city(rest={"awaits_decision": True})
        self._send(self._make_mailing(self.people))
        self.env.company.mailjet_list_days = 1
        lists = self.env["mailjet.list"].search([], order="id desc", limit=2)
        self.assertEqual(len(lists), 2)
        self._run_later(days=3)
        with freeze_time(self.clock):
            expired = lists._find_expired() & lists
        self.assertEqual(len(expired), 1)
        self.assertNotIn("-2", expired.name[-2:])
