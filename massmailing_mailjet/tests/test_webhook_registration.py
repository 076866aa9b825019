from contextlib import suppress

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged, users

from ..tools.mailjet_vocabulary import EVENT_TYPES
from .common import MailjetCase

TYPES = {name for name, _label in EVENT_TYPES}
OTHER = "https://other.example.org/hook"
UPDATE = "PUT eventcallbackurl/*"


@tagged("post_install", "-at_install")
class TestWebhookRegistration(MailjetCase):
    """The buttons that let Mailjet report to this server, and stop it."""

    def _get_urls(self):
        return {row["event_type"]: row["url"] for row in self.mailjet.webhooks}

    @users("mail_manager")
    def test_one_button_registers_every_type(self):
        self.account.with_env(self.env).action_register_webhooks()
        account = self.account.sudo()
        self.assertEqual(self._get_urls(), dict.fromkeys(TYPES, account.webhook_url))
        self.assertEqual({row["version"] for row in self.mailjet.webhooks}, {2})
        self.assertTrue(account.webhook_date)
        self.assertIn(f"mailjet:{account.webhook_password}@", account.webhook_url)

    def test_registering_again_changes_nothing(self):
        self.account.action_register_webhooks()
        before = self._get_urls()
        self.account.action_register_webhooks()
        self.assertEqual(self._get_urls(), before)
        self.assertEqual(self.mailjet.count(UPDATE), 0)

    @users("mail_manager")
    def test_another_system_is_asked_about_and_put_back(self):
        self.mailjet.add_webhook("open", OTHER)
        self.mailjet.add_webhook("unsub", OTHER, IsBackup=True)
        account = self.account.with_env(self.env)
        action = account.action_register_webhooks()
        self.assertEqual(self._get_urls(), dict.fromkeys(["open", "unsub"], OTHER))
        wizard = self.env[action["res_model"]].browse(action["res_id"])
        self.assertEqual(wizard.hosts, "other.example.org")
        wizard.action_replace()
        self.assertEqual(len(self.mailjet.webhooks), len(TYPES) + 1)
        self.assertEqual(self._get_urls()["open"], self.account.sudo().webhook_url)
        account.action_register_webhooks()  # still remembers the other one
        account.action_unregister_webhooks()
        self.assertEqual(
            [
                (row["event_type"], row["url"], row["version"])
                for row in self.mailjet.webhooks
            ],
            [("open", OTHER, 1), ("unsub", OTHER, 1)],
        )

    def test_unregistering_closes_the_door(self):
        self.account.action_register_webhooks()
        account = self.account.sudo()
        token, password = account.webhook_token, account.webhook_password
        self.assertTrue(account._find_by_webhook(token, "mailjet", password))
        self.account.action_unregister_webhooks()
        self.assertFalse(self.mailjet.webhooks)
        self.assertFalse(account._find_by_webhook(token, "mailjet", password))
        self.assertFalse(account.webhook_date)

    def test_what_fails_half_way_is_finished_the_next_time(self):
        self.mailjet.fail("POST eventcallbackurl", "500", skip=2)
        with self.assertRefused("not available"):
            self.account.action_register_webhooks()
        self.account.action_register_webhooks()
        self.assertEqual(set(self._get_urls()), TYPES)

    def test_what_is_replaced_is_kept_before_the_first_change(self):
        for event_type in ("sent", "open", "click"):
            self.mailjet.add_webhook(event_type, OTHER)
        for fails in range(3):
            with self.subTest(fails=fails):
                self.mailjet.fail(UPDATE, "500", skip=fails)
                account = self.account.with_context(replace_webhooks=True)
                # Not assertRaises, which would undo what is committed.
                with suppress(UserError):
                    account.action_register_webhooks()
                self.assertEqual(self.mailjet.control("GET", "faults")[-1]["hits"], 1)
                self.assertFalse(account.webhook_date)
                self.assertTrue(account.has_webhook)
                account.action_unregister_webhooks()
                self.assertEqual(
                    self._get_urls(),
                    dict.fromkeys(["sent", "open", "click"], OTHER),
                )

    @users("mailer")
    def test_users_cannot(self):
        account = self.account.with_env(self.env)
        for method in ("action_register_webhooks", "action_unregister_webhooks"):
            with self.subTest(method), self.assertRaises(AccessError):
                getattr(account, method)()
