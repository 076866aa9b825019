from unittest.mock import patch

from odoo.tests import tagged

from ..models.feedback import mailjet_suppression_push, mailjet_sync
from .test_sync import SyncCase


@tagged("post_install", "-at_install")
class TestSuppression(SyncCase):
    """What Mailjet gets, and where the two sides differ."""

    def _find_mismatches(self):
        return (
            self.env["mailjet.suppression.report"]
            .with_user(self.manager)
            .search([("account_id", "=", self.account.id)])
        )

    def _mismatches(self):
        self.env.flush_all()
        self.env.invalidate_all()
        rows = self._find_mismatches()
        return {row.email: row.stricter for row in rows}

    def test_who_unsubscribes_in_odoo_is_excluded_at_mailjet(self):
        self.ann.with_user(self.user).massmailing_unsubscribed = True
        self.env["mail.blacklist"]._add("bob@example.com")
        self.env["res.partner"].create(
            {
                "name": "Never mailed",
                "email": "never@example.com",
                "massmailing_unsubscribed": True,
            }
        )
        self._sync()
        self.assertEqual(self.mailjet.excluded, {"ann@example.com", "bob@example.com"})

    def test_who_is_let_in_again_is_let_in_at_mailjet(self):
        self.ann.massmailing_unsubscribed = True
        self._sync()
        self.ann.with_user(self.user).massmailing_unsubscribed = False
        self._sync_again()
        self.assertEqual(self.mailjet.excluded, set())
        self.assertFalse(self.ann.massmailing_unsubscribed)

    def test_what_mailjet_excludes_by_itself_stays_excluded_there(self):
        self.mailjet.exclude("ann@example.com")
        self._sync()
        self.ann.with_user(self.user).massmailing_unsubscribed = False
        self._sync_again()
        self.assertIn("ann@example.com", self.mailjet.excluded)
        self.assertFalse(self.ann.massmailing_unsubscribed)
        self.assertEqual(self._mismatches(), {"ann@example.com": "mailjet"})

    def test_telling_stops_when_the_time_is_up(self):
        for person in self.ann, self.bob:
            person.with_user(self.user).massmailing_unsubscribed = True
        (self.env["mailjet.account"].search([]) - self.account).active = False
        with (
            patch.object(mailjet_suppression_push, "PUSH_ROWS", 1),
            patch.object(mailjet_sync, "RUN_SECONDS", -1),
        ):
            self._sync()
            self.assertEqual(len(self.mailjet.excluded), 1)
            self._sync()
        self.assertEqual(self.mailjet.excluded, {"ann@example.com", "bob@example.com"})

    def test_a_job_that_mailjet_gave_up_is_made_again(self):
        self.mailjet.set(failed_jobs="json")
        self.ann.with_user(self.user).massmailing_unsubscribed = True
        with self.assertLogs("odoo.addons.massmailing_mailjet", "WARNING") as logs:
            self._sync()
            self._sync_again()
        self.assertEqual(self.mailjet.excluded, set())
        self.assertIn("ended with Error", "".join(logs.output))
        self.mailjet.set(failed_jobs="")
        self._sync_again()
        self.assertIn("ann@example.com", self.mailjet.excluded)
        self._sync_again()
        self.assertFalse(self.account.sudo().exclusion_jobs)

    def test_exclusions_are_not_read_while_mailjet_works_on_ours(self):
        self.ann.with_user(self.user).massmailing_unsubscribed = True
        self.mailjet.set(stalled_jobs="json", job_words=["Processing"] * 3)
        self._sync()
        self.assertFalse(self.account.suppressions_start)
        self.assertEqual(len(self.account.sudo().exclusion_jobs), 1)
        self.mailjet.set(stalled_jobs="")
        self._sync()
        self.assertTrue(self.account.suppressions_date)
        self.assertFalse(self.account.sudo().exclusion_jobs)

    def test_exclusions_are_not_pushed_unless_wanted(self):
        self.account.push_exclusions = False
        self.ann.massmailing_unsubscribed = True
        self._sync()
        self.assertEqual(self.mailjet.excluded, set())
        self.assertEqual(self._mismatches(), {"ann@example.com": "odoo"})

    def test_the_milder_side_follows(self):
        self.test_what_mailjet_excludes_by_itself_stays_excluded_there()
        rows = self._find_mismatches()
        rows.action_exclude_on_both_sides()
        self.assertTrue(self.ann.massmailing_unsubscribed)
        self.assertEqual(self._mismatches(), {})
