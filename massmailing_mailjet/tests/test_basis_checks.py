from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import tagged

from ..models.checks import mailjet_mailing_missing_value
from .common import MailjetCase


@tagged("post_install", "-at_install")
class TestBasisChecks(MailjetCase):
    """The checks of who the recipients are, and why the company may write to them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.company.country_id = cls.env.ref("base.fr")
        cls.office = cls.env["res.partner"].create(
            {"name": "Office", "email": "office@example.com"}
        )

    def _find(self, mailing):
        """Return the counts of the two findings, by code."""
        mailing.step = "sending"
        self.env.invalidate_all()
        found = mailing._find_checks()
        return {
            finding.code: finding.values["count"]
            for name in ("role_addresses", "legal_basis")
            for finding in found.get(name, ())
        }

    def _get_rows(self, mailing, name):
        """Return the addresses of the rows that the button of a finding shows."""
        action = mailing.action_open_finding(name)
        rows = self.env["mailjet.recipient"].with_user(self.user)
        return set(rows.search(action["domain"]).mapped("email_normalized"))

    def test_role_addresses_are_counted_and_shown(self):
        mailing = self._make_mailing(self.ann | self.office)
        self.assertEqual(self._find(mailing)["role_addresses"], 1)
        shown = self._get_rows(mailing, "role_addresses")
        self.assertEqual(shown, {"office@example.com"})

    def test_only_rows_to_send_count(self):
        mailing = self._make_mailing(self.ann | self.office)
        self._row(mailing, self.office).action_untick()
        self._row(mailing, self.ann).action_untick()
        self.assertEqual(self._find(mailing), {})

    def test_people_without_a_basis_are_counted_and_shown(self):
        mailing = self._make_mailing(self.ann | self.office)
        mailing.action_load_filter(self._make_filter("Customers", self.bob).id)
        loads = mailing.load_ids.filtered(lambda r: r.name == "Customers")
        loads.legal_basis = "customer"
        self.assertEqual(self._find(mailing)["no_basis"], 1)
        self.assertEqual(self._get_rows(mailing, "no_basis"), {"ann@example.com"})
        (mailing.load_ids - loads).legal_basis = "business"
        self.assertEqual(self._find(mailing), {"role_addresses": 1})

    def test_none_is_no_basis(self):
        mailing = self._make_mailing(self.ann)
        mailing.load_ids.legal_basis = "none"
        self.assertEqual(self._find(mailing), {"no_basis": 1})

    def test_the_basis_of_any_load_that_found_a_row_counts(self):
        mailing = self._make_mailing(self.ann | self.bob)
        mailing.action_load_filter(self._make_filter("Again", self.bob).id)
        again = mailing.load_ids.filtered(lambda r: r.name == "Again")
        again.legal_basis = "consent"
        self.assertEqual(self._find(mailing), {"no_basis": 1})
        self.assertEqual(self._get_rows(mailing, "no_basis"), {"ann@example.com"})

    def test_elsewhere_no_basis_is_asked_for(self):
        for country in (self.env.ref("base.us"), self.env["res.country"]):
            self.env.company.country_id = country
            with self.subTest(country.code):
                mailing = self._make_mailing(self.ann)
                self.assertEqual(self._find(mailing), {})
                self.assertNotIn("legal_basis", mailing._find_checks())

    def test_the_neighbors_of_the_union_ask_for_it(self):
        for code in ("ch", "uk", "no", "de"):
            self.env.company.country_id = self.env.ref(f"base.{code}")
            with self.subTest(code):
                self.assertEqual(
                    self._find(self._make_mailing(self.ann)), {"no_basis": 1}
                )

    def test_the_list_of_checks_says_it_and_it_can_be_accepted(self):
        mailing = self._make_mailing(self.ann)
        mailing.step = "sending"
        [finding] = [
            f for f in mailing.get_checks()["findings"] if f["name"] == "no_basis"
        ]
        self.assertEqual(finding["level"], "amber")
        self.assertEqual(finding["step"], "recipients")
        self.assertEqual(finding["place"], "Show these recipients")
        self.assertIn("1 recipient has neither a legal basis nor", finding["sentence"])
        mailing.acknowledge_check("no_basis", finding["fingerprint"])
        self.assertNotIn("no_basis", [f.code for f in mailing._find_open()])

    def test_of_many_rows_the_counts_are_kept_until_something_changes(self):
        self.patch(mailjet_mailing_missing_value, "FEW_ROWS", 1)
        mailing = self._make_mailing(self.ann | self.bob)
        self.assertEqual(mailing._count_basis(is_brief=True), {})
        self.assertEqual(mailing._count_basis()["no_basis"], 2)
        self.env["mailjet.signup"].create(
            {
                "account_id": self.account.id,
                "email": self.ann.email_normalized,
                "confirmed_date": fields.Datetime.now(),
                "mailjet_id": "1",
            }
        )
        self.assertEqual(mailing._count_basis()["no_basis"], 2)
        self.assertEqual(mailing._count_basis(is_brief=True)["no_basis"], 2)
        mailing.get_checks(again=True)
        self.assertEqual(mailing._count_basis()["no_basis"], 1)
        mailing.load_ids.legal_basis = "consent"
        self.assertEqual(mailing._count_basis()["no_basis"], 0)

    def test_strangers_find_no_rows(self):
        mailing = self._make_mailing(self.ann)
        rows = self.env["mailjet.recipient"].with_user(self._make_stranger())
        with self.assertRaises(AccessError):
            rows.search([("finding", "=", f"{mailing.id} no_basis")])

    def test_what_no_check_names_finds_no_rows(self):
        mailing = self._make_mailing(self.ann)
        rows = self.env["mailjet.recipient"].with_user(self.user)
        for value in ("0 no_basis", "x", f"{mailing.id} x", "", False):
            with self.subTest(value):
                self.assertFalse(rows.search([("finding", "=", value)]))
