from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError
from odoo.fields import Datetime
from odoo.modules.neutralize import get_neutralization_queries
from odoo.tests import tagged, users
from odoo.tools import mute_logger

from ..exceptions import MailjetError
from .common import MailjetCase


@tagged("post_install", "-at_install")
class TestAccount(MailjetCase):
    """What an administrator sees of the connection to Mailjet."""

    @users("mail_manager")
    def test_connection_established(self):
        action = self.account.with_env(self.env).action_test_connection()
        self.assertEqual(action["params"]["type"], "success")

    @users("mail_manager")
    def test_every_trouble_has_its_own_sentence(self):
        account = self.account.with_env(self.env)
        sentences = set()
        for kind, words in (
            ("hang", "cannot be reached"),
            ("429", "not available at the moment"),
        ):
            self.mailjet.fail("GET apikey", kind)
            with self.assertRefused(words) as caught:
                account.action_test_connection()
            sentences.add(str(caught.exception))
        self.account.sudo().api_secret = "of another time"
        with self.assertRefused("does not accept the keys") as caught:
            account.action_test_connection()
        sentences.add(str(caught.exception))
        self.account.sudo().api_secret = "secret"
        for state in (
            {"runlevel": "Softlock"},
            {"runlevel": "Hardlock"},
            {"is_active": 0},
        ):
            self.mailjet.set_key(**{"runlevel": "Normal", "is_active": 1, **state})
            with self.assertRefused("suspended") as caught:
                account.action_test_connection()
            sentences.add(str(caught.exception))
        self.assertEqual(len(sentences), 4)

    def test_missing_keys_ask_for_them(self):
        self.account.api_secret = False
        with self.assertRefused("enter its API key"):
            self.account.action_test_connection()
        self.assertFalse(self.mailjet.calls)

    def test_secrets_are_in_no_sentence(self):
        self.account.write({"api_key": "topsecretkey", "api_secret": "topsecretsecret"})
        for status in (400, 401, 404, 500):
            self.mailjet.reply("GET apikey", status)
            with self.assertRaises(UserError) as caught:
                self.account.action_test_connection()
            self.assertNotIn("topsecret", str(caught.exception))

    def test_synchronises_senders_and_the_months_count(self):
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

    def test_synchronises_the_states_of_the_senders_domains(self):
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

    def test_no_limit_is_negative(self):
        company = self.env.company
        for record, name in (
            (self.account, "monthly_limit"),
            (company, "mailjet_frequency_cap_days"),
            (company, "mailjet_undo_minutes"),
            (company, "mailjet_late_hours"),
            (company, "mailjet_list_days"),
        ):
            with (
                self.subTest(name),
                mute_logger("odoo.sql_db"),
                self.assertRaises(IntegrityError),
                self.env.cr.savepoint(),
            ):
                record[name] = -1
                self.env.flush_all()
        with self.assertRefused("negative"):
            self.env["res.config.settings"].create({"mailjet_event_days": -1})

    def test_an_account_stays_with_its_mailings(self):
        mailing = self._make_mailing()
        company = self.env["res.company"].create({"name": "Elsewhere"})
        with self.assertRefused("cannot be changed"), self.env.cr.savepoint():
            self.account.company_id = company
        mailing.active = False
        with self.assertRefused("cannot be changed"), self.env.cr.savepoint():
            self.account.company_id = company
        self.account.company_id = False
        self.account.company_id = mailing.company_id
        mailing.unlink()
        self.account.company_id = company

    def test_synchronising_twice_changes_nothing(self):
        self.account.action_synchronize()
        before = self.account.sender_ids.mapped("email")
        self.account.action_synchronize()
        self.assertEqual(self.account.sender_ids.mapped("email"), before)

    def test_the_count_is_that_of_all_companies(self):
        """Whoever has it fetched, and whatever companies he has chosen."""
        self.account.company_id = False
        stranger = self._make_stranger()
        mailing = self._make_mailing(user=stranger)
        self.assertEqual(mailing.company_id, stranger.company_id)
        mailing.sudo().write({"state": "done", "sent_date": Datetime.now()})
        mailing.sudo().sent_count = 5
        self.account.with_user(self.manager).action_synchronize()
        self.assertEqual(self.account.sent_this_month, 5)

    @users("mailer")
    def test_users_see_the_account_but_not_its_keys(self):
        account = self.account.with_env(self.env)
        self.assertEqual(account.name, "Test account")
        for name in ("api_key", "api_secret", "api_url"):
            with self.subTest(name), self.assertRaises(AccessError):
                account.read([name])
        with self.assertRaises(AccessError):
            account.action_test_connection()
        with self.assertRaises(AccessError):
            account.action_synchronize()

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

    def test_a_neutralized_copy_cannot_send(self):
        mailing = self._make_mailing(self.people)
        mailing.action_send()
        self.env.flush_all()
        for query in get_neutralization_queries(["massmailing_mailjet"]):
            self.env.cr.execute(query)
        self.env.invalidate_all()
        self.assertEqual(mailing.state, "cancelled")
        self.assertFalse(self.account.api_secret or self.account.api_key)
        self._run_cron()
        self.assertFalse(self.mailjet.calls)

    def test_unknown_errors_name_themselves(self):
        self.assertIn("Refused by Mailjet", self.account._explain(MailjetError("why")))
        self.assertIn("why", self.account._explain(MailjetError("why")))

    def test_which_sender_covers_an_address(self):
        for email, sender in (
            ("news@example.com", self.sender),
            ("NEWS@example.com", self.sender),
            ("other@example.com", self.sender.browse()),
            ("anybody@example.org", self.domain_sender),
            ("anybody@sub.example.org", self.sender.browse()),
            ("anybody@notexample.org", self.sender.browse()),
            (False, self.sender.browse()),
        ):
            with self.subTest(email):
                self.assertEqual(self.account._covering_sender(email), sender)
        self.sender.status = "inactive"
        self.assertFalse(self.account._covering_sender("news@example.com"))

    def test_the_default_account_is_never_another_companys(self):
        """Not even for the superuser, whom no rule holds back."""
        Account = self.env["mailjet.account"].sudo()
        Account.search([]).active = False
        home, other, third = self.env["res.company"].create(
            [{"name": name} for name in ("Home", "Other", "Third")]
        )
        values = {"name": "Account", "api_key": "a", "api_secret": "b"}
        foreign = Account.create({**values, "company_id": other.id, "sequence": 0})
        self.assertFalse(Account._get_default(home))
        shared = Account.create({**values, "company_id": False, "sequence": 1})
        self.assertEqual(Account._get_default(home), shared)
        late, first = Account.create(
            [{**values, "company_id": home.id, "sequence": place} for place in (9, 8)]
        )
        self.assertEqual(Account._get_default(home), first)
        first.active = False
        self.assertEqual(Account._get_default(home), late)
        self.assertEqual(Account._get_default(other), foreign)
        self.assertEqual(Account._get_default(third), shared)
        mailing = self.env["mailjet.mailing"].with_company(third).create({"name": "M"})
        self.assertEqual(mailing.account_id, shared)
