from unittest.mock import patch

from odoo import fields
from odoo.exceptions import AccessError, RedirectWarning
from odoo.tests import tagged, users

from ..tools import mailjet_client
from .health_common import HealthCase


@tagged("post_install", "-at_install")
class TestHealthBegin(HealthCase):
    """The page of health before there is an account, and when it is set up."""

    def _remove_accounts(self):
        self.env["mailjet.account"].search([]).active = False

    def test_the_page_begins_with_the_keys(self):
        self._remove_accounts()
        report = self.env["mailjet.health"].with_user(self.administrator).get_report()
        self.assertFalse(report["account"])
        self.assertFalse(report["running"])
        keys = report["setup"][0]
        self.assertEqual((keys["name"], keys["state"]), ("keys", "unknown"))
        self.assertFalse(keys["button"]["action"]["res_id"])
        # The rule of measuring is the company's: it needs no account.
        states = {card["name"]: card["state"] for card in report["setup"][1:]}
        self.assertEqual(states.pop("measuring_rule"), "ok")
        self.assertEqual(set(states.values()), {"unknown"})

    def test_the_end_of_the_setup_leads_to_a_mailing(self):
        def get_report():
            Health = self.env["mailjet.health"].with_user(self.administrator)
            return Health.get_report(self.account.id)

        self.account.action_check_health()
        now = fields.Datetime.now()
        done = {"webhook_date": now, "last_event_date": now, "health_test_date": now}
        done |= {"health_test_id": "health-1", "health_test_email": "admin@example.com"}
        self.account.sudo().write(done)
        self.assertFalse(get_report()["begin"])
        self.env["mailjet.event"].create(
            {"dedupe_hash": "h", "state": "unmatched", "email": "admin@example.com"}
            | {"account_id": self.account.id, "payload": {"CustomID": "health-1"}}
            | {"received_date": now}
        )
        action = get_report()["begin"]
        self.assertEqual(action["res_model"], "mailjet.mailing")
        self.assertEqual(action["context"], {"default_account_id": self.account.id})

    def test_the_empty_menu_leads_on(self):
        Mailing = self.env["mailjet.mailing"]
        for user, connected, words in (
            (self.administrator, False, "mailjet_health_action"),
            (self.manager, False, "mailjet_health_action"),
            (self.user, False, self.administrator.name),
            (self.user, True, "Four steps"),
        ):
            with self.subTest(user=user.login, connected=connected):
                if not connected:
                    self._remove_accounts()
                else:
                    self.account.sudo().active = True
                # As the web client asks: it reads actions with elevated rights.
                own = Mailing.with_user(user).sudo()
                self.assertIn(words, own.get_empty_list_help("Four steps"))

    def test_a_mailing_without_account_is_not_begun(self):
        self._remove_accounts()
        Mailing = self.env["mailjet.mailing"]
        with self.assertRaises(RedirectWarning):
            Mailing.with_user(self.administrator).default_get(["account_id"])
        with self.assertRefused("No Mailjet account is connected"):
            Mailing.with_user(self.user).default_get(["account_id"])

    @users("mailer")
    def test_users_have_no_business_there(self):
        with self.assertRaises(AccessError):
            self.env["mailjet.health"].get_report()

    def test_one_check_opens_one_connection(self):
        opened = []
        library = mailjet_client.mailjet_rest.Client
        original = library.__init__

        def count(this, **settings):
            opened.append(this)
            original(this, **settings)

        with patch.object(library, "__init__", count):
            self.account.action_check_health()
        self.assertEqual(len(opened), 1)
        self.assertFalse(self.account.connection_error)
