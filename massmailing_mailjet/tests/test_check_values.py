from odoo.tests import tagged, users

from ..models.checks import mailjet_mailing_missing_value
from .check_mailing_common import CheckMailingCase


@tagged("post_install", "-at_install")
class TestCheckValues(CheckMailingCase):
    """The checks that look at tests, domains and the values of recipients."""

    @users("mailer")
    def test_an_edit_after_the_test(self):
        mailing = self._make()
        self.assertIn("not_tested", self._codes(mailing))
        self._test(mailing)
        self.assertFalse(self._codes(mailing))
        mailing.name = "Only we see this"
        self.assertFalse(self._codes(mailing))
        for values in (
            {"subject": "Other news of the autumn"},
            {"body_code": "<p>Other</p>"},
            {"sender_name": "Somebody else"},
        ):
            mailing.write(values)
            self.assertEqual(self._codes(mailing), {"tested_before": "amber"}, values)
            self._test(mailing)
            self.assertFalse(self._codes(mailing))

    @users("mailer")
    def test_a_test_that_reached_nobody_is_none(self):
        mailing = self._make()
        self.mailjet.set(refused_text="one@example.com")
        self._test(mailing)
        self.assertFalse(mailing.last_test_date)
        self.assertIn("not_tested", self._codes(mailing))

    @users("mailer")
    def test_the_domain_of_the_sender(self):
        mailing = self._make()
        for states, name, words in (
            ({"spf_status": "missing"}, "domain_unverified", "SPF"),
            ({"dkim_status": "error"}, "domain_unverified", "DKIM"),
            ({"spf_status": False, "dkim_status": False}, "domain_unknown", "example"),
        ):
            self.sender.write({"spf_status": "ok", "dkim_status": "ok", **states})
            with self.subTest(**states):
                finding = self._finding(mailing, name)
                self.assertIn(words, finding["sentence"])
                self.assertFalse(finding["place"])
        finding = self._finding(mailing.with_user(self.manager), name)
        self.assertEqual(finding["place"], "Open the account")

    @users("mailer")
    def test_empty_values_are_counted_and_open_their_rows(self):
        lead = self._make_lead("lead@example.com")
        self.ann.city = self.bob.city = False
        mailing = self._make(
            body_code="<p>$contacts-city$ $contacts-email|none$</p>"
            "<p>$contacts-firstname$ $contacts-city|town$</p>"
        )
        self.assertTrue(lead)
        self._row(mailing, self.bob).selected = False
        finding = self._finding(mailing, "value_empty:$contacts-city$")
        self.assertIn("1 recipient has no value", finding["sentence"])
        action = mailing.action_open_finding(finding["name"])
        found = self.env["mailjet.recipient"].search(action["domain"])
        self.assertEqual(found, self._row(mailing, self.ann))
        self.env["mailjet.variable"].sudo().search(
            [("kind", "=", "contact"), ("code", "=", "city")]
        ).fallback = "your town"
        self.assertNotIn("value_empty:$contacts-city$", self._codes(mailing))

    @users("mailer")
    def test_rows_are_found_for_a_mailing_and_a_variable_that_exist(self):
        Recipient = self.env["mailjet.recipient"]
        mailing = self._make()
        for value in (
            "",
            "x $contacts-city$",
            f"{mailing.id}",
            f"{mailing.id} $contacts-shoe$",
            f"{mailing.id} nonsense",
            "999999999 $contacts-city$",
        ):
            with self.subTest(value):
                domain = [("empty_variable", "=", value)]
                self.assertFalse(Recipient.search(domain))

    @users("mailer")
    def test_what_was_counted_of_many_rows_is_kept_for_a_while(self):
        self.patch(mailjet_mailing_missing_value, "FEW_ROWS", 2)
        self.ann.city = False
        mailing = self._make(body_code="<p>$contacts-city$</p>", step="sending")
        name = "value_empty:$contacts-city$"
        self.assertIn(
            "1 recipient has no value", self._finding(mailing, name)["sentence"]
        )
        self.bob.city = self.cat.city = False
        self.assertIn(
            "1 recipient has no value", self._finding(mailing, name)["sentence"]
        )
        mailing.get_checks(again=True)
        self.assertIn(
            "3 recipients have no value", self._finding(mailing, name)["sentence"]
        )
        self._row(mailing, self.bob).selected = False
        self.assertIn(
            "2 recipients have no value", self._finding(mailing, name)["sentence"]
        )
