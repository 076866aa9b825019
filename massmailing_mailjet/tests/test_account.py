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

    def test_the_count_is_that_of_all_companies(self):
        """Whoever has it fetched, and whatever companies he has chosen."""
        self.account.company_id = False
        stranger = self._make_stranger()
        mailing = self._make_mailing(user=stranger)
        self.assertEqual(mailing.company_id, stranger.company_id)
        self._make_campaign(
            mailing, state="done", sent_date=Datetime.now(), sent_count=5
        )
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
