from odoo.tests import tagged, users

from ..models.composition.mailjet_test_message import LIFETIME
from .common import MailjetCase


@tagged("post_install", "-at_install")
class TestPrivacy(MailjetCase):
    """The page on data protection, as a plain user reads it."""

    def _text(self):
        page = self.env["mailjet.privacy"].get_page()
        return "\n".join(line for section in page for line in section["sentences"])

    @users("mailer")
    def test_its_counts_are_the_real_ones(self):
        self.assertIn(f"for {LIFETIME.days} days", self._text())

    @users("mailer")
    def test_it_names_the_variables(self):
        details = self.env["mailjet.privacy"].get_page()[0]["details"]
        variables = self.env["mailjet.variable"].search([])
        self.assertEqual(details["names"], variables.mapped("name"))
        self.assertEqual(details["summary"], f"{len(variables)} available variables")

    @users("mailer")
    def test_it_names_somebody(self):
        company = self.env.company.sudo()
        company.email = False
        self.assertIn("No data protection contact", self._text())
        company.email = "office@example.com"
        self.assertIn("office@example.com", self._text())
        company.mailjet_privacy_contact = "privacy@example.com"
        self.assertIn("privacy@example.com", self._text())
        self.assertNotIn("office@example.com", self._text())

    @users("mailer")
    def test_it_counts_the_prospects_without_contact(self):
        company = self.env.company.sudo()
        company.mailjet_retention_months = 24
        self.env["mailjet.retention"].sudo().create(
            {
                "email": "ann@example.com",
                "company_id": company.id,
                "last_contact_date": "2020-01-01 08:00:00",
                "contact_kind": "record",
            }
        )
        self.assertRegex(self._text(), "for 24 months .*: 1 prospect now")
        company.mailjet_retention_months = 0
        self.assertIn("Prospects are kept", self._text())

    @users("mailer")
    def test_it_says_who_is_measured(self):
        company = self.env.company.sudo()
        company.mailjet_measuring_rule = "consent"
        self.assertIn("Only recipients who have agreed", self._text())
        company.mailjet_measuring_rule = "unless_refused"
        self.assertIn("France and Italy only with their consent", self._text())
