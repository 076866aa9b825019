from datetime import datetime, timedelta
from unittest.mock import patch

from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import tagged

from ..models.consent import mailjet_signup
from ..tools import mailjet_client
from .common import MailjetCase

ANN, BOB = "ann@example.com", "bob@example.com"
SIGNUPS = "GET contactslistsignup"
CONFIRMED = 1_760_000_000


@tagged("post_install", "-at_install")
class TestSignups(MailjetCase):
    """The proof that an address has asked for mailings."""

    def _sync(self, **later):
        with (
            freeze_time(fields.Datetime.now() + timedelta(**later)),
            self.enter_registry_test_mode(),
        ):
            self.env.ref("massmailing_mailjet.ir_cron_sync").method_direct_trigger()
        self.env.invalidate_all()

    def _emails(self):
        return self.env["mailjet.signup"].search([]).mapped("email")

    def test_confirmed_sign_ups_are_fetched_with_their_proof(self):
        self.mailjet.sign_up("Ann@Example.com", CONFIRMED, confirm_ip="192.0.2.2")
        self.mailjet.sign_up(BOB, None)
        self._sync()
        [signup] = self.env["mailjet.signup"].search([])
        self.assertEqual((signup.email, signup.account_id), (ANN, self.account))
        self.assertEqual(signup.signup_date, datetime(1970, 1, 1, 0, 16, 40))
        self.assertEqual(signup.confirmed_date, datetime(2025, 10, 9, 8, 53, 20))
        self.assertEqual(
            (signup.signup_ip, signup.confirmed_ip), ("192.0.2.1", "192.0.2.2")
        )
        self.assertEqual(signup.source, "widget")

    def test_only_new_ones_are_asked_for_and_none_is_stored_twice(self):
        now = int(fields.Datetime.now().timestamp())
        self.mailjet.sign_up(ANN, now - 60)
        self._sync()
        self.mailjet.sign_up(BOB, now + 60)
        self._sync(hours=2)
        self.assertEqual(sorted(self._emails()), [ANN, BOB])
        # What is older than the overlap is not asked for again.
        self.mailjet.sign_up("cat@example.com", CONFIRMED)
        self._sync(hours=4)
        self.assertEqual(len(self._emails()), 2)

    def test_they_are_asked_for_once_an_hour(self):
        self._sync()
        self.mailjet.sign_up(ANN, CONFIRMED)
        self._sync(minutes=30)
        self.assertFalse(self._emails())

    def test_an_interrupted_reading_continues(self):
        for number in range(5):
            self.mailjet.sign_up(f"reader{number}@example.com", CONFIRMED + number)
        with patch.object(mailjet_client, "PAGE_SIZE", 2):
            self.mailjet.reply(SIGNUPS, 503, skip=1)
            self._sync()
            self.assertEqual(len(self._emails()), 2)
            self.mailjet.stop_failing()
            self._sync()
        self.assertEqual(len(self._emails()), 5)
        self.assertFalse(self.account.signups_start)

    def test_an_account_without_sign_ups_is_synced_all_the_same(self):
        self.mailjet.exclude(ANN)
        self.mailjet.refuse(SIGNUPS, "No access")
        self._sync()
        self.assertFalse(self._emails())
        self.assertTrue(self.account.suppressions_date)
        self.assertFalse(self.account.signups_start)

    def test_a_sign_up_is_a_basis(self):
        self.env.company.country_id = self.env.ref("base.fr")
        mailing = self._make_mailing(self.ann | self.bob)
        self.assertEqual(mailing._count_basis()["no_basis"], 2)
        elsewhere = {"company_id": self._make_stranger().company_id.id}
        for account, count in ((self.account.copy(elsewhere), 2), (self.account, 1)):
            signup = dict.fromkeys(mailjet_signup.COLUMNS)
            signup |= {"mailjet_id": "7", "confirmed_date": "2025-10-09 08:53:20"}
            self.env["mailjet.signup"]._store(account, [{**signup, "email": ANN}])
            self.assertEqual(mailing._count_basis()["no_basis"], count)

    def test_erasing_an_address_removes_its_sign_ups_for_good(self):
        self.mailjet.sign_up(ANN, CONFIRMED)
        self.mailjet.sign_up(BOB, CONFIRMED)
        self._sync()
        wizard = self.env["mailjet.personal.data"].with_user(self.manager)
        wizard = wizard.create({"partner_ids": self.ann.ids})
        [signup] = wizard._get_data()["signups"]
        self.assertEqual(signup["ip"], "192.0.2.1")
        wizard.action_erase()
        self.assertEqual(self._emails(), [BOB])
        self.account.signups_date = False
        self._sync()
        self.assertEqual(self._emails(), [BOB])

    def test_only_managers_of_the_company_see_them(self):
        self.mailjet.sign_up(ANN, CONFIRMED)
        self._sync()
        signups = self.env["mailjet.signup"].search([])
        self.assertEqual(signups.with_user(self.manager).search([]), signups)
        with self.assertRaises(AccessError):
            signups.with_user(self.user).read(["email"])
        self.assertFalse(signups.with_user(self._make_stranger()).search([]))
