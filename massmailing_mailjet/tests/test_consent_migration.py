from odoo.tests import tagged
from odoo.tools import SQL

from .common import MailjetCase
from .migration_script import load

ADD_OLD_COLUMNS = """
ALTER TABLE {0} ADD COLUMN massmailing_unsubscribed boolean,
    ADD COLUMN massmailing_unsubscribed_date timestamp,
    ADD COLUMN massmailing_unsubscribed_cause varchar,
    ADD COLUMN massmailing_unsubscribed_reason varchar
"""
MOMENT = "2026-02-01 10:00:00"


@tagged("post_install", "-at_install")
class TestConsentMigration(MailjetCase):
    """What was flagged in 19.0.1.0.0 is in the store afterwards."""

    def setUp(self):
        super().setUp()
        self.lead = self._make_lead("cat@example.com")
        self.silent = self.env["res.partner"].create({"name": "Silent"})
        self.env.flush_all()
        self.env.cr.execute("DELETE FROM mailjet_consent; DELETE FROM mail_blacklist")
        for table in ("res_partner", "crm_lead"):
            self.env.cr.execute(ADD_OLD_COLUMNS.format(table))

    def _flag(self, record, cause=None, reason=None):
        self.env.cr.execute(
            SQL(
                """
                UPDATE %s SET massmailing_unsubscribed = TRUE,
                       massmailing_unsubscribed_date = %s,
                       massmailing_unsubscribed_cause = %s,
                       massmailing_unsubscribed_reason = %s WHERE id = %s
                """,
                SQL.identifier(record._table),
                MOMENT,
                cause,
                reason,
                record.id,
            )
        )

    def _blacklist(self, email, active, added):
        self.env.cr.execute(
            "INSERT INTO mail_blacklist (email, active, massmailing_added)"
            " VALUES (%s, %s, %s)",
            [email, active, added],
        )

    def _migrate(self):
        load("19.0.1.1.0/post-consent").migrate(self.env.cr, "19.0.1.0.0")

    def _causes(self):
        self.env.invalidate_all()
        rows = self.env["mailjet.consent"].search([])
        return sorted((row.email or row.res_id, row.cause) for row in rows if row.email)

    def test_everything_flagged_is_taken_over(self):
        self._flag(self.ann, "unsubscribed", "On the phone")
        self._flag(self.lead, "complained")
        self._flag(self.silent)
        self._blacklist("ann@example.com", True, True)
        self._blacklist("bob@example.com", True, False)
        self._blacklist("deleted@example.com", True, True)
        self._blacklist("taken.off@example.com", False, False)
        self.env.cr.execute(
            "INSERT INTO mailjet_suppression (account_id, email, origin)"
            " VALUES (%(account)s, 'merged@example.com', 'odoo'),"
            "        (%(account)s, 'theirs@example.com', 'mailjet')",
            {"account": self.account.id},
        )
        self._migrate()
        expected = [
            ("ann@example.com", "unsubscribed"),
            ("bob@example.com", "blacklisted"),
            ("cat@example.com", "complained"),
            ("deleted@example.com", "unsubscribed"),
            ("merged@example.com", "unsubscribed"),
        ]
        self.assertEqual(self._causes(), expected)
        self.assertEqual(str(self.ann.massmailing_unsubscribed_date), MOMENT)
        self.assertEqual(self.ann.massmailing_unsubscribed_reason, "On the phone")
        self.assertTrue(self.cat.massmailing_unsubscribed)
        self.assertTrue(self.silent.massmailing_unsubscribed)
        self.silent.email = "silent@example.com"
        self.env.flush_all()
        self._migrate()  # changes nothing any more
        expected.append(("silent@example.com", "unsubscribed"))
        self.assertEqual(self._causes(), expected)

    def test_unsubscribed_records_are_blacklisted_unless_removed_there(self):
        self._flag(self.ann)
        self._flag(self.bob)
        self._blacklist("bob@example.com", False, False)
        self._migrate()
        entries = self.env["mail.blacklist"].search([])
        self.assertEqual(entries.mapped("email"), ["ann@example.com"])
        self.assertTrue(entries.massmailing_added)
        self.assertTrue(self.bob.massmailing_unsubscribed)
