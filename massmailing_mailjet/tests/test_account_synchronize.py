from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import MailjetCase


@tagged("post_install", "-at_install")
class TestAccountSynchronize(MailjetCase):
    """What an account fetches from Mailjet, at a click and every day."""

    def test_synchronizes_senders_and_the_months_count(self):
        self.mailjet.ask("PUT", "sender/news@example.com", {"Name": "Fresh"})
        self.mailjet.ask("DELETE", "sender/*@example.org")
        self.mailjet.add_sender("new@example.com", status="Inactive")
        self.mailjet.send_otherwise(40)
        self.account.monthly_limit = 100
        self.account.with_user(self.manager).action_synchronize()
        self.assertEqual(self.account.sent_this_month, 40)
        self.assertEqual(self.account.remaining_this_month, 60)
        self.assertEqual(self.sender.name, "Fresh")
        self.assertFalse(self.domain_sender.active)
        self.assertEqual(
            {sender.email: sender.status for sender in self.account.sender_ids},
            {"news@example.com": "active", "new@example.com": "inactive"},
        )

    def test_synchronizes_the_states_of_the_senders_domains(self):
        domains = [
            {"ID": 7, "Domain": "a.example", "SPFStatus": "OK", "DKIMStatus": "Error"},
            {"ID": 8, "Domain": "b.example", "SPFStatus": "Not found"},
            {"ID": 9, "SPFStatus": "Not checked", "DKIMStatus": "A new word"},
        ]
        senders = [
            {"ID": 1, "Email": "x@a.example", "DNSID": 7, "Status": "Active"},
            {"ID": 2, "Email": "*@b.example", "DNSID": 8, "Status": "Active"},
            {"ID": 3, "Email": "x@c.example", "DNSID": 9, "Status": "Active"},
            {"ID": 4, "Email": "x@d.example", "Status": "Active"},
        ]
        self.mailjet.reply("GET dns", 200, {"Data": domains})
        self.mailjet.reply("GET sender", 200, {"Data": senders})
        self.account.action_synchronize()
        self.assertEqual(
            {
                sender.email: (sender.spf_status, sender.dkim_status)
                for sender in self.account.sender_ids
            },
            {
                "x@a.example": ("ok", "error"),
                "*@b.example": ("missing", "unchecked"),
                "x@c.example": ("unchecked", "unchecked"),
                "x@d.example": (False, False),
            },
        )

    def test_an_address_that_was_deleted_and_entered_again(self):
        old = {"ID": 3, "Email": "news@example.com", "Name": "Old", "Status": "Deleted"}
        new = {"ID": 2, "Email": "News@Example.com", "Name": "New", "Status": "Active"}
        other = {"ID": 9, "Email": "odd@example.com", "Status": "A new word"}
        for rows in ([old, new, other], [new, old, other]):
            self.mailjet.reply("GET sender", 200, {"Data": rows})
            self.account.action_synchronize()
            self.assertEqual(self.sender.name, "New")
            self.assertEqual((self.sender.status, self.sender.active), ("active", True))
        odd = self.account.sender_ids.filtered(lambda row: row.email == other["Email"])
        self.assertEqual(odd.status, "inactive")
        self.mailjet.reply("GET sender", 200, {"Data": [old]})
        self.account.action_synchronize()
        self.assertEqual((self.sender.status, self.sender.active), ("deleted", False))

    def test_a_template_that_comes_twice(self):
        template = {"OwnerType": "apikey", "EditMode": 2, "Purposes": ["marketing"]}
        rows = [
            {"ID": 5, "Name": "A", "LastUpdatedAt": "no date", **template},
            {"ID": 5, "Name": "B", "LastUpdatedAt": 7, **template},
            {"ID": 8, "Name": "C", "LastUpdatedAt": "2026-02-03T04:05:06Z", **template},
        ]
        self.mailjet.reply("GET template", 200, {"Data": rows}, count=2)
        for _time in range(2):
            self.account.action_synchronize()
            templates = self.env["mailjet.template"].search(
                [("account_id", "=", self.account.id)], order="mailjet_id"
            )
            self.assertEqual(templates.mapped("mailjet_id"), ["5", "8"])
            self.assertEqual(
                [str(template.mailjet_date) for template in templates],
                ["False", "2026-02-03 04:05:06"],
            )

    def test_an_odd_answer_of_one_account_keeps_no_other_waiting(self):
        other = self._make_other_account()
        self.env["mailjet.account"].search(
            [("id", "not in", (self.account | other).ids)]
        ).active = False
        crons = {
            "ir_cron_account": ("GET template", "last_sync"),
            "ir_cron_health": ("GET sender", "connection_date"),
            "ir_cron_sync": ("GET contact", "suppressions_date"),
        }
        for body in (
            {
                "Data": [
                    {"Name": "no id", "Purposes": ["marketing"], "OwnerType": "user"}
                ]
            },
            {"Data": [{"ID": {}, "Email": None, "IsExcludedFromCampaigns": True}]},
            {"Data": [None]},
            {"Data": {}},
            {"Data": None},
            [],
            "<html>",
        ):
            for cron, (call, _field) in crons.items():
                with self.subTest(body=body, cron=cron):
                    self.mailjet.forget_calls()
                    self.mailjet.reply(call, 200, body)
                    with (
                        self.enter_registry_test_mode(),
                        mute_logger("odoo.addons.massmailing_mailjet"),
                    ):
                        self.account.suppressions_date = other.suppressions_date = False
                        self.env.ref(
                            f"massmailing_mailjet.{cron}"
                        ).method_direct_trigger()
                    self.assertGreaterEqual(self.mailjet.count(call), 2)

    def _make_other_account(self):
        """Return an account with another key."""
        self.mailjet.set_key(public="o", secret="o")
        values = {"name": "Other", "api_key": "o", "api_secret": "o"}
        return self.account.copy(values)

    def test_synchronizing_twice_changes_nothing(self):
        self.account.action_synchronize()
        before = self.account.sender_ids.mapped("email")
        self.account.action_synchronize()
        self.assertEqual(self.account.sender_ids.mapped("email"), before)

    def test_the_daily_refresh_survives_a_broken_account(self):
        other = self._make_other_account()
        keyless = self.account.copy({"name": "A", "api_key": "k", "sequence": 0})
        self.env["mailjet.account"].search(
            [("id", "not in", (self.account | other | keyless).ids)]
        ).active = False
        for key in ("public", "o"):
            self.mailjet.send_otherwise(7, key)
        self.mailjet.fail("GET statcounters", "hang")
        with self.enter_registry_test_mode():
            self.env.ref("massmailing_mailjet.ir_cron_account").method_direct_trigger()
        counts = sorted((self.account | other).mapped("sent_this_month"))
        self.assertEqual(counts, [0, 7])
