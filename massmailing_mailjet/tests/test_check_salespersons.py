from unittest.mock import patch

from odoo.tests import tagged, users

from ..models.checks import mailjet_mailing_missing_value
from .check_mailing_common import CheckMailingCase
from .salesperson_common import SalespersonCase


@tagged("post_install", "-at_install")
class TestCheckSalespersons(CheckMailingCase, SalespersonCase):
    """The checks of a mailing from the salespersons."""

    def _make(self, **values):
        mailing = super()._make(sender_name="News", from_salesperson=True, **values)
        mailing.step = "sending"
        return mailing

    @users("mailer")
    def test_addresses_that_mailjet_does_not_allow_are_named(self):
        mailing = self._make()
        finding = self._finding(mailing, "salespersons_refused")
        self.assertEqual(finding["level"], "amber")
        self.assertIn(
            "Tom Trades. 1 email comes from the mailing's own sender",
            finding["sentence"],
        )
        self.assertFalse(finding["place"])
        finding = self._finding(mailing.with_user(self.manager), finding["name"])
        self.assertEqual(finding["place"], "Open the account")

    @users("mailer")
    def test_nothing_is_found_once_all_addresses_are_allowed(self):
        self.tom.email = "tom@example.org"
        mailing = self._make()
        self._test(mailing)
        self.assertFalse(self._codes(mailing))

    @users("mailer")
    def test_nobody_with_a_salesperson(self):
        self.people.sudo().user_id = False
        mailing = self._make()
        self.assertIn("no_salespersons", self._codes(mailing))
        mailing.from_salesperson = False
        self.assertNotIn("no_salespersons", self._codes(mailing))

    @users("mailer")
    def test_what_was_accepted_is_open_again_for_another_salesperson(self):
        mailing = self._make()
        self._acknowledge(mailing)
        self.assertTrue(self._finding(mailing, "salespersons_refused")["acknowledged"])
        self.sam.email = "sam@example.net"
        finding = self._finding(mailing, "salespersons_refused")
        self.assertFalse(finding["acknowledged"])
        self.assertIn("Sam Sells, Tom Trades. 2 emails", finding["sentence"])

    @users("mailer")
    def test_the_switch_changes_what_was_tested(self):
        mailing = self._make()
        self._test(mailing)
        self.assertNotIn("tested_before", self._codes(mailing))
        mailing.from_salesperson = False
        self.assertIn("tested_before", self._codes(mailing))

    @users("mailer")
    def test_the_domains_of_salespersons_are_checked_too(self):
        mailing = self._make()
        self.domain_sender.spf_status = "missing"
        found = self._finding(mailing, "domain_unverified:example.org")
        self.assertIn("example.org", found["sentence"])
        self.sender.dkim_status = "error"
        names = self._codes(mailing).keys()
        self.assertLessEqual(
            {"domain_unverified", "domain_unverified:example.org"}, names
        )

    @users("mailer")
    def test_of_many_rows_only_the_last_step_counts(self):
        mailing = self._make()
        mailing.step = "details"
        with patch.object(mailjet_mailing_missing_value, "FEW_ROWS", 2):
            self.assertNotIn("salespersons_refused", self._codes(mailing))
            mailing.step = "sending"
            self.assertIn("salespersons_refused", self._codes(mailing))
            self.tom.email = "tom@example.org"
            self.ann.sudo().user_id = False
            kept = mailing._count_senders()
            self.assertEqual([len(kept.own), kept.without], [2, 1])
            mailing.get_checks(again=True)
            kept = mailing._count_senders()
            self.assertEqual([len(kept.own), kept.without], [1, 2])
