from datetime import timedelta

from odoo.exceptions import AccessError
from odoo.modules.neutralize import get_neutralization_queries
from odoo.tests import tagged, users

from .common import DeliveryCase


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

    def test_a_copy_says_so_to_whoever_tries(self):
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
        (row,) = self.mailjet.lists.values()
        self.assertTrue(row["Name"].startswith("odoo-copy-of-it-"))

    def test_a_neutralized_copy_asks_even_with_new_keys(self):
        self.env.flush_all()
        for query in get_neutralization_queries(["massmailing_mailjet"]):
            self.env.cr.execute(query)
        self.env.invalidate_all()
        self.account.write({"api_key": "public", "api_secret": "secret"})
        with self.assertRefused("This database is a copy"):
            self._make_mailing(self.people).action_send()

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
