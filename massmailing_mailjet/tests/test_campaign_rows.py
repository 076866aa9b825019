from odoo.tests import tagged
from odoo.tools import SQL

from .partition_common import PartitionCase


@tagged("post_install", "-at_install")
class TestCampaignRows(PartitionCase):
    """Which recipients are in which of several campaigns, and how they are found."""

    def setUp(self):
        super().setUp()
        self.mailing = self._make_mailing(self.people)

    def _find(self, operator, campaigns):
        """Return the contacts of the rows that a search by campaign finds."""
        rows = self.env["mailjet.recipient"].search(
            [("mailing_id", "=", self.mailing.id), ("part_id", operator, campaigns)]
        )
        return rows.partner_id

    def _count_updates(self):
        """Return how many rows of recipients this transaction has updated, and for how
        many of them no index was written."""
        [counts] = self.env.execute_query(
            SQL(
                "SELECT n_tup_upd, n_tup_hot_upd FROM pg_stat_xact_user_tables"
                " WHERE relname = 'mailjet_recipient'"
            )
        )
        return counts

    def _explain(self, rows):
        """Return how PostgreSQL finds rows of a table that is not as small."""
        self.env.cr.execute(SQL("SET LOCAL enable_seqscan = off"))
        query = SQL("EXPLAIN SELECT FROM mailjet_recipient r WHERE %s", rows)
        return "\n".join(line for (line,) in self.env.execute_query(query))

    def test_a_division_writes_no_index(self):
        """Those of a million rows would take most of the time of a division."""
        self.mailing.action_send()
        campaign = self.mailing.sudo().mailjet_campaign_ids
        updates, without_index = self._count_updates()
        self.mailing.sudo()._divide(campaign)
        self.assertEqual(self._count_updates(), (updates + 3, without_index + 3))

    def test_rows_are_found_by_their_campaigns(self):
        oslo, rest = self._start(self.mailing)
        self.assertEqual(self._find("=", oslo.id), self.ann | self.cat)
        self.assertEqual(self._find("in", (oslo | rest).ids), self.people)
        self.assertFalse(self._find("in", []))

    def test_no_others_are_read(self):
        campaign = self._start(self.mailing)[0]
        for between in (None, (1, 2)):
            plan = self._explain(campaign._get_rows(between))
            self.assertIn("mailjet_recipient_pkey", plan)

    def test_a_small_one_is_uploaded_at_once(self):
        for campaign in self._start(self.mailing):
            rows = self.env["mailjet.recipient"].search(
                campaign._get_domain(), order="id"
            )
            [upload] = campaign._get_uploads()
            ends = [upload.first_row, upload.last_row]
            self.assertEqual(ends, [rows[0].id, rows[-1].id])

    def test_without_lead_no_lead_is_read(self):
        """Of a table of leads that is small, PostgreSQL would read all for each row."""
        campaign = self._start(self.mailing)[0]
        values = campaign._get_message().values
        statement = self.env["mailjet.variable.value"]._select(
            values, campaign._get_rows()
        )
        lines = self.env.execute_query(SQL("EXPLAIN ANALYZE %s", statement))
        leads = [line for (line,) in lines if "on crm_lead" in line]
        self.assertTrue(leads)
        self.assertTrue(all("never executed" in line for line in leads), leads)

    def test_erased_rows_are_found_without_reading_others(self):
        self.env.cr.execute(SQL("SET LOCAL enable_seqscan = off"))
        rows = self.env["mailjet.recipient"]._search([("is_erased", "=", True)])
        lines = self.env.execute_query(SQL("EXPLAIN %s", rows.select()))
        plan = "\n".join(line for (line,) in lines)
        self.assertIn("mailjet_recipient_erased_idx", plan)

    def test_a_row_that_has_left_is_not_found(self):
        oslo, _rest = self._start(self.mailing)
        row = self._row(self.mailing, self.ann)
        self.env["mailjet.recipient"]._leave_campaign(SQL("r.id = %s", row.id))
        self.assertEqual(self._find("=", oslo.id), self.cat)

    def test_no_row_names_a_campaign_that_is_gone(self):
        oslo, rest = self._start(self.mailing)
        oslo.unlink()
        self.assertEqual(self._get_rows(self.mailing).campaign_id, rest)

    def test_a_database_without_the_lists_gets_them(self):
        oslo, rest = self._start(self.mailing)
        self.env.flush_all()
        self.env.cr.execute(SQL("ALTER TABLE mailjet_campaign DROP COLUMN row_ids"))
        self.env["mailjet.campaign"].init()
        self.assertEqual(self._find("=", oslo.id), self.ann | self.cat)
        self.assertEqual(self._find("=", rest.id), self.bob)
