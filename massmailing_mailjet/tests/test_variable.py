from odoo.exceptions import ValidationError
from odoo.tests import tagged

from .common import MailjetCase


@tagged("post_install", "-at_install")
class TestVariable(MailjetCase):
    """What each variable is worth for each kind of recipient."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company = cls.env["res.partner"].create(
            {
                "name": "Ash & Co",
                "is_company": True,
                "email": "co@example.com",
                "city": "Bergen",
            }
        )
        cls.ann.parent_id = cls.company

    def _values(self, records, recipient_type, *tokens):
        """Return the values that Mailjet is handed for the first record."""
        mailing = self._make_mailing(
            records,
            recipient_type=recipient_type,
            subject="s",
            body_code=" ".join(tokens),
        )
        self.env["mailjet.upload"]._create_chunks(mailing)
        upload = self.env["mailjet.upload"].search([("mailing_id", "=", mailing.id)])
        data_id = self.mailjet.data[1] = upload._get_csv().decode()
        self.assertTrue(data_id)
        row = self.mailjet.read_csv(1)[0]
        return [row[f"odoo_{token.strip('$').replace('-', '_')}"] for token in tokens]

    def test_of_a_contact(self):
        values = self._values(
            self.ann,
            "contact",
            "$contacts-firstname$",
            "$contacts-lastname$",
            "$contacts-name$",
            "$contacts-email$",
            "$accounts-name$",
            "$accounts-city$",
            "$leads-name$",
        )
        self.assertEqual(
            values,
            ["Ann", "Ash", "Ann Ash", "ann@example.com", "Ash & Co", "Bergen", ""],
        )

    def test_of_an_account(self):
        values = self._values(
            self.company,
            "account",
            "$accounts-name$",
            "$contacts-firstname$",
            "$contacts-city$",
        )
        self.assertEqual(values, ["Ash & Co", "", ""])

    def test_of_a_lead_with_its_own_fields(self):
        lead = self._lead(
            contact_name="Dan  Dale Doe", partner_name="Dale Ltd", city="Kiel"
        )
        values = self._values(
            lead,
            "lead",
            "$leads-name$",
            "$contacts-firstname$",
            "$contacts-lastname$",
            "$accounts-name$",
            "$contacts-city$",
        )
        self.assertEqual(values, ["A lead", "Dan", "Dale Doe", "Dale Ltd", "Kiel"])

    def test_of_a_lead_with_a_contact(self):
        lead = self._lead(partner_id=self.ann.id, contact_name="Other Name")
        values = self._values(lead, "lead", "$contacts-firstname$", "$accounts-name$")
        self.assertEqual(values, ["Ann", "Ash & Co"])

    def _lead(self, **values):
        return self.env["crm.lead"].create(
            {
                "name": "A lead",
                "email_from": "dan@example.com",
                "user_id": self.user.id,
                **values,
            }
        )

    def test_values_are_made_harmless(self):
        self.ann.name = '<b>"Ann"</b>\n[[UNSUB_LINK_EN]] {{x}}'
        (name,) = self._values(self.ann, "contact", "$contacts-name$")
        self.assertEqual(name, "b Ann /b UNSUB_LINK_EN x")

    def test_values_have_an_end(self):
        self.ann.name = "x" * 400
        (name,) = self._values(self.ann, "contact", "$contacts-name$")
        self.assertEqual(len(name), 255)

    def test_relational_paths_speak_the_mailings_language(self):
        self.ann.country_id = self.env.ref("base.de")
        (country,) = self._values(self.ann, "contact", "$contacts-country$")
        self.assertEqual(country, "Germany")

    def test_only_open_stored_texts_can_be_variables(self):
        values = {"name": "X", "kind": "contact", "code": "x"}
        for path in (
            "display_name",
            "user_ids",
            "parent_id",
            "nothing",
            "country_id.nothing",
            "user_id.password",
            "image_1920",
            "signup_type",
            "name.name",
        ):
            with self.subTest(path), self.assertRaises(ValidationError):
                self.env["mailjet.variable"].create({**values, "field_path": path})

    def test_codes_are_simple_words(self):
        for code in ("First", "1st", "a-b", "a b", "é"):
            with self.subTest(code), self.assertRaises(ValidationError):
                self.env["mailjet.variable"].create(
                    {"name": "X", "kind": "contact", "code": code, "field_path": "name"}
                )
