import re
from datetime import timedelta

from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import AccessError, RedirectWarning
from odoo.tests import tagged

from .health_common import HealthCase


@tagged("post_install", "-at_install")
class TestHealth(HealthCase):
    """The page that leads through setting an account up and looks after it."""

    # === KEYS === #

    def test_keys_come_up_one_after_the_other(self):
        self.assertCard("keys", "unknown", "not been tested")
        self.account.action_check_health()
        self.assertCard("keys", "ok", "accepted the keys on")
        self.mailjet.reply("GET apikey", 401, "")
        self.account.action_check_health()
        card = self.assertCard("keys", "broken", "does not accept the keys")
        self.assertEqual(card["button"]["action"]["res_id"], self.account.id)
        self.mailjet.set_key(runlevel="Softlock")
        self.account.action_check_health()
        self.assertCard("keys", "broken", "suspended")
        self.account.sudo().api_secret = False
        self.assertCard("keys", "broken", "Enter the API key")

    def test_nothing_is_wrong_before_it_was_tried(self):
        account = self.account.sudo().create({"name": "New"})
        for card in self._cards(account).values():
            self.assertIn(card["state"], ("unknown", "ok"), card["title"])

    def test_testing_the_connection_counts_as_a_check(self):
        self.account.sudo().connection_facts = "Refused"
        self.account.action_test_connection()
        self.assertCard("keys", "ok", "accepted the keys on")

    def test_only_administrators_enter_keys(self):
        self.account.sudo().api_secret = False
        card = self._cards(user=self.manager)["keys"]
        self.assertFalse(card["button"])
        self.assertIn("An administrator", card["sentence"])

    def test_the_dialog_says_that_keys_are_wrong_and_keeps_them(self):
        self.mailjet.reply("GET apikey", 401, "")
        action = self.account.action_connect()
        self.assertEqual(action, self._cards()["keys"]["button"]["action"])
        self.assertEqual(action["res_id"], self.account.id)
        self.assertRegex(self.account.connection_error, "does not accept the keys")
        self.assertFalse(self.account.last_sync)
        self.assertEqual(self.account.sudo().api_secret, "secret")
        self.account.action_connect()
        self.assertFalse(self.account.connection_error)
        self.assertTrue(self.account.last_sync)

    def test_the_daily_check_goes_on_after_a_broken_account(self):
        self.mailjet.set_key(public="o", secret="o")
        other = self.account.sudo().copy({"api_key": "o", "api_secret": "o"})
        self.env["mailjet.account"].search(
            [("id", "not in", (self.account | other).ids)]
        ).active = False
        self.mailjet.fail("GET apikey", "hang")
        with self.enter_registry_test_mode():
            self.env.ref("massmailing_mailjet.ir_cron_health").method_direct_trigger()
        errors = (self.account | other).mapped("connection_error")
        self.assertEqual(sorted(map(bool, errors)), [False, True])

    def test_dates_read_as_on_the_other_screens(self):
        self.env.user.tz = "UTC"
        Card = self.env["mailjet.health.card"]
        with freeze_time("2026-11-28 12:00:00"):
            dates = [
                Card._date(fields.Datetime.to_datetime(date)).replace("\u202f", " ")
                for date in ("2026-11-28 17:05:44", "2025-01-02 08:00:00")
            ]
        self.assertEqual(dates, ["Nov 28, 5:05 PM", "Jan 2, 2025, 8:00 AM"])

    # === SENDERS === #

    def test_senders_wait_for_the_keys(self):
        self.account.sudo().sender_ids.unlink()
        self.assertCard("senders", "unknown", "once the keys are entered")
        for sender in self.mailjet.ask("GET", "sender"):
            self.mailjet.ask("DELETE", f"sender/{sender['ID']}")
        self.account.action_check_health()
        self.assertCard("senders", "broken", "No sender is active")
        self.mailjet.add_sender("new@example.com", name="New")
        self.account.action_check_health()
        self.assertCard("senders", "ok", "new@example.com")

    # === AN E-MAIL ALL THE WAY === #

    def test_the_test_email_goes_to_the_user(self):
        self.account.action_send_health_test()
        self.assertEqual(len(self.mailjet.messages), 1)
        (body,) = self.mailjet.bodies("POST send")
        (message,) = body["Messages"]
        self.assertEqual(message["To"], [{"Email": "admin@example.com"}])
        self.assertEqual(message["From"]["Email"], "news@example.com")
        self.assertEqual(message["CustomID"], self.account.health_test_id)

    def test_the_report_of_the_test_email_is_found(self):
        self.account.action_check_health()
        self.assertCard("health_test", "unknown", "Send yourself")
        self.account.action_send_health_test()
        self.assertTrue(self.assertCard("health_test", "waiting", "Waiting")["waiting"])
        event = {"dedupe_hash": "h", "state": "unmatched", "email": "admin@example.com"}
        event |= {"account_id": self.account.id, "payload": {"CustomID": "another"}}
        event["received_date"] = fields.Datetime.now()
        event = self.env["mailjet.event"].create(event)
        self.assertCard("health_test", "waiting", "Waiting")
        event.payload = {"CustomID": self.account.health_test_id}
        self.assertCard("health_test", "ok", "reported as delivered")
        event.unlink()
        self.account.sudo().health_test_date = fields.Datetime.now() - timedelta(
            hours=1
        )
        self.assertCard("health_test", "attention", "no report")

    def test_the_webhook(self):
        self.account.action_check_health()
        self.assertCard("webhook", "unknown", "does not report")
        now = fields.Datetime.now()
        self.account.sudo().webhook_date = now
        card = self.assertCard("webhook", "waiting", "Waiting for the first report")
        self.assertEqual(card["button"]["label"], "Register again")
        self.account.sudo().last_event_date = now - timedelta(days=2)
        self.assertCard("webhook", "ok", "Last report")
        self._make_mailing().sudo().write({"sent_date": now - timedelta(hours=3)})
        self.assertCard("webhook", "attention", "since the last sending")

    def test_an_account_of_another_database(self):
        self.assertCard("database", "ok", "sends with this account")
        self.account.sudo().database_uuid = "another"
        self.assertCard("database", "broken", "is a copy")

    def test_the_test_email_asks_for_what_is_missing(self):
        self.mailjet.set(refused_text="admin@example.com")
        with self.assertRefused("is an invalid email address"):
            self.account.action_send_health_test()
        self.administrator.email = False
        with self.assertRaisesRegex(RedirectWarning, "your own preferences") as raised:
            self.account.action_send_health_test()
        _message, action, *_rest = raised.exception.args
        self.assertEqual(action["res_model"], "res.users")
        self.assertEqual(action["res_id"], self.administrator.id)
        self.administrator.email = "admin@example.com"
        self.account.sudo().sender_ids.status = "inactive"
        with self.assertRefused("No sender is active"):
            self.account.action_send_health_test()

    # === RUNNING === #

    def test_the_quota(self):
        for limit, sent, state, words in (
            (0, 10, "ok", "Sent: 10"),
            (100, 10, "ok", "10 of 100. Remaining: 90"),
            (100, 90, "attention", "Remaining: 10"),
            (100, 120, "broken", "Remaining: 0"),
        ):
            self.account.sudo().write({"monthly_limit": limit, "sent_this_month": sent})
            with self.subTest(limit=limit, sent=sent):
                self.assertCard("quota", state, words)

    def test_scheduled_actions(self):
        crons = self.account._get_crons()
        now = fields.Datetime.now()
        crons.write({"nextcall": now, "lastcall": now})
        self.assertCard("crons", "ok", "Last run")
        crons[0].failure_count = 2
        self.assertCard("crons", "attention", re.escape(crons[0].cron_name))
        self.env["res.lang"]._activate_lang("fr_FR")
        crons[0].with_context(lang="fr_FR").name = "Actualiser"
        french = self.env["mailjet.health"].with_user(self.administrator)
        report = french.with_context(lang="fr_FR").get_report(self.account.id)
        sentences = {card["name"]: card["sentence"] for card in report["running"]}
        self.assertIn("Actualiser", sentences["crons"])
        crons[0].nextcall = now - timedelta(hours=2)
        self.assertCard("crons", "broken", "should have run")
        crons[0].active = False
        card = self.assertCard("crons", "broken", "Disabled")
        getattr(self.account, card["button"]["method"])()
        self.assertTrue(crons[0].active)
        crons[0].active = False
        self.assertFalse(self._cards(user=self.manager)["crons"]["button"])
        with self.assertRaises(AccessError):
            self.account.with_user(self.manager).action_switch_crons_on()

    def test_a_mailing_that_stopped_is_shown(self):
        self.assertCard("mailings", "ok", "No mailing has stopped")
        mailing = self._make_mailing(self.people).sudo()
        campaign = self._make_campaign(
            mailing, state="preparing", retry_count=2, delivery_facts="A"
        )
        self.assertCard("mailings", "attention", "will be retried automatically: A")
        campaign.write({"state": "failed", "delivery_facts": "Refused"})
        card = self.assertCard("mailings", "broken", "has stopped: Refused")
        self.assertEqual(card["button"]["action"]["res_id"], mailing.id)

    def test_whether_recipients_can_reach_the_preference_page(self):
        self.account.action_synchronize()
        for url, state, words in (
            ("http://localhost:8069", "attention", "recipients cannot reach"),
            ("https://192.168.1.5", "attention", "recipients cannot reach"),
            ("http://odoo.example.org", "attention", "without encryption"),
            ("https://odoo.example.org", "ok", "https://odoo.example.org/mailjet/pref"),
        ):
            with self.subTest(url):
                self.env["ir.config_parameter"].set_param("web.base.url", url)
                self.assertCard("preferences", state, words)

    def test_a_neutralized_copy_says_so(self):
        self.env["ir.config_parameter"].set_param("database.is_neutralized", True)
        self.assertCard("database", "attention", "a copy for tests")
