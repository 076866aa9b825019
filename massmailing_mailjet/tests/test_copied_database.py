from datetime import timedelta

from odoo.exceptions import AccessError
from odoo.models import MAGIC_COLUMNS
from odoo.modules.neutralize import get_neutralization_queries
from odoo.tests import tagged, users

from ..models.recipients.const import EXCLUSION_COUNTS, KIND_COUNTS
from .common import DeliveryCase

# What the recipients of a mailing say, whether it was started or not.
LEDGER_FIELDS = {
    "recipient_count",
    "planned_count",
    "excluded_count",
    "refreshed_date",
    "empty_values",
    *EXCLUSION_COUNTS,
    *KIND_COUNTS.values(),
}


@tagged("post_install", "-at_install")
class TestCopiedDatabase(DeliveryCase):
    """A copy of a database sends nothing and touches nothing, until an administrator
    says that it is the one that sends."""

    def _copy_database(self):
        """Give this database another identity, as Odoo does for a copy."""
        self.env["ir.config_parameter"].sudo().set_param("database.uuid", "copy-of-it")
        self.env.invalidate_all()

    def test_a_copy_neither_sends_nor_asks(self):
        mailing = self._make_mailing(self.people)
        mailing.action_send()
        self._copy_database()
        self.assertTrue(mailing.account_is_foreign)
        for _look in range(3):
            self._run_later(hours=1)
        self.assertFalse(self.mailjet.calls)
        self.assertEqual(mailing.state, "in_queue")
        self.assertFalse(mailing.activity_ids)

    def test_a_copy_says_so_to_anyone_who_tries(self):
        mailing = self._make_mailing(self.people)
        self._copy_database()
        test = self.env["mailjet.mailing.test"].create(
            {"mailing_id": mailing.id, "email_to": "me@example.com"}
        )
        for action in (
            mailing.action_send,
            lambda: mailing.action_schedule(self.clock + timedelta(hours=1)),
            test.action_send,
            self.account.action_test_connection,
            self.account.action_synchronize,
        ):
            with self.assertRefused("This database is a copy"):
                action()
        self.assertFalse(self.mailjet.calls)

    def test_an_administrator_lets_the_copy_send(self):
        queued = self._make_mailing(self.people)
        queued.action_schedule(self.clock + timedelta(hours=1))
        self._copy_database()
        self.account.action_confirm_database()
        self.assertFalse(self.account.is_foreign)
        self.assertEqual(queued.state, "cancelled")
        mailing = self._make_mailing(self.people)
        self._send(mailing)
        self.assertSentOnce(mailing)
        (row,) = self.mailjet.lists
        self.assertTrue(row["name"].startswith("odoo-copy-of-it-"))

    def test_a_neutralized_copy_asks_even_with_new_keys(self):
        self._neutralize()
        self.account.write({"api_key": "public", "api_secret": "secret"})
        with self.assertRefused("This database is a copy"):
            self._make_mailing(self.people).action_send()

    def _neutralize(self):
        self.env.flush_all()
        for query in get_neutralization_queries(["massmailing_mailjet"]):
            self.env.cr.execute(query)
        self.env.invalidate_all()

    def _get_engine_fields(self):
        """Return the fields of a mailing that only the engine writes, but the state."""
        mailing_fields = self.env["mailjet.mailing"]._fields.values()
        names = {
            field.name
            for field in mailing_fields
            if field.column_type and field.readonly and not field.compute
        }
        return names - {"state", "schedule_type", *MAGIC_COLUMNS}

    def _make_each(self):
        """Return a mailing for each way to be on the way, or to have stopped."""
        hour = self.clock + timedelta(hours=1)
        queued, held, failed, undoable, followed = mailings = [
            self._make_mailing(self.people) for _one in range(5)
        ]
        queued.action_schedule(self.clock + timedelta(days=1))
        held.action_schedule(hour)
        self._run_later(minutes=45)
        self.assertTrue(held.mailjet_campaign_ids._is_held())
        self.mailjet.reply("POST campaigndraft", 400, {})
        self._send(failed)
        self.assertEqual(failed.state, "failed")
        self.mailjet.reply("GET campaign/*", 404, "", count=9)
        self._send(followed)
        self.assertEqual(followed.delivery_step, "follow")
        self.env.company.mailjet_undo_minutes = 3
        self._send(undoable)
        self.assertEqual(undoable.delivery_step, "schedule")
        return mailings

    def test_a_neutralized_copy_has_nothing_to_send(self):
        mailings = self._make_each()
        self.account.sudo().write(
            {
                "webhook_token": "t",
                "webhook_password": "p",
                "webhook_replaced": {"a": 1},
            }
        )
        self._neutralize()
        fresh = self._make_mailing()
        for mailing in mailings:
            self.assertEqual(mailing.state, "cancelled")
            for field in self._get_engine_fields() - LEDGER_FIELDS:
                self.assertEqual(mailing[field], fresh[field], field)
        rows = self.env["mailjet.recipient"].search(
            [("mailing_id", "in", [mailing.id for mailing in mailings])]
        )
        self.assertEqual(set(rows.mapped("status")), {"pending"})
        self.assertFalse(self.env["mailjet.upload"].search([]))
        self.assertFalse(self.env["mailjet.list"].search([]))
        # Links to preference pages that the copy made would work in the original.
        self.assertFalse(self.env["mailjet.preference.key"]._exists())
        account = self.account.sudo()
        for field in ("api_key", "api_secret", "database_uuid", "webhook_token"):
            self.assertFalse(account[field], field)
        calls = len(self.mailjet.calls)
        for _look in range(3):
            self._run_later(hours=9)
        self.assertEqual(len(self.mailjet.calls), calls)

    def test_a_neutralized_copy_has_nothing_to_tell_mailjet(self):
        Suppression = self.env["mailjet.suppression"]
        for email, todo in (("ann", "exclude"), ("bob", "include"), ("cat", False)):
            Suppression.create(
                {
                    "account_id": self.account.id,
                    "email": f"{email}@example.com",
                    "origin": "odoo",
                    "todo": todo,
                    "excluded_date": todo != "exclude" and self.clock,
                }
            )
        Suppression._note_job(self.account, "1", ["ann@example.com"], True)
        self._neutralize()
        # Mailjet does not exclude addresses that it never got.
        kept = Suppression.search([("account_id", "=", self.account.id)])
        self.assertEqual(
            [(row.email, row.todo) for row in kept],
            [("bob@example.com", False), ("cat@example.com", False)],
        )
        self.account.write({"api_key": "public", "api_secret": "secret"})
        self.account.action_confirm_database()
        with self.enter_registry_test_mode():
            self.env.ref("massmailing_mailjet.ir_cron_sync").method_direct_trigger()
        self.assertEqual(self.mailjet.count("POST contact/managemanycontacts"), 0)
        self.assertEqual(self.mailjet.count("GET contact/managemanycontacts/*"), 0)

    def test_a_copy_of_the_same_identity_does_not_meet_the_original(self):
        """A dump that was neutralized keeps the identity of the original, and so do
        the ids of its mailings: it must not use the original's list."""
        mailing = self._make_mailing(self.people)
        mailing.action_schedule(self.clock + timedelta(minutes=5))
        self._run_cron()
        (original,) = self.mailjet.lists
        self._neutralize()
        self.account.write({"api_key": "public", "api_secret": "secret"})
        self.account.action_confirm_database()
        self._send(mailing)
        self.assertEqual(mailing.state, "done")
        names = {row["name"] for row in self.mailjet.lists}
        self.assertEqual(len(names), 2)
        prefix = self.env["mailjet.list"]._get_prefix(self.account)
        self.assertFalse(original["name"].startswith(prefix))

    def test_an_account_entered_in_a_copy_does_not_meet_the_original(self):
        copy = self.account.copy({"name": "Of the copy"})
        prefixes = {
            self.env["mailjet.list"]._get_prefix(account)
            for account in self.account | copy
        }
        self.assertEqual(len(prefixes), 2)

    @users("mail_manager")
    def test_nobody_else_lets_it_send(self):
        self._copy_database()
        account = self.account.with_env(self.env)
        with self.assertRaises(AccessError):
            account.action_confirm_database()
        with self.assertRaises(AccessError):
            account.database_uuid = "copy-of-it"

    def test_accounts_belong_to_the_database_that_they_were_entered_in(self):
        account = self.account.copy({"name": "Another"})
        self.assertFalse(account.is_foreign)
        self._copy_database()
        self.assertTrue(account.is_foreign)
        self.assertFalse(self.account.copy({"name": "A third"}).is_foreign)
