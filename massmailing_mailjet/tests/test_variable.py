import csv
import io

from odoo.tests import tagged

from ..tools.property_values import ADDRESS, HTML, TEXT, UNSEEN
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
        """Return the values that Mailjet is handed for the first record, as plain text:
        nothing where a cell stands for no value."""
        mailing = self._make_mailing(
            records,
            recipient_type=recipient_type,
            subject="s",
            body_code=" ".join(tokens),
        )
        campaign = self._make_campaign(mailing)
        campaign._freeze_message()
        campaign._create_uploads()
        upload = campaign._get_uploads()
        upload._mark_outgoing()
        row = next(csv.DictReader(io.StringIO(upload._get_csv().decode())))
        self.assertNotIn("", [cell.strip() for cell in row.values()])
        [slot] = self._get_slots(mailing)
        names = [self._property(token, slot=slot) for token in tokens]
        return [row[name].strip(UNSEEN) for name in names]

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

    def test_values_are_text(self):
        self.ann.name = '<b>"Ann"</b>\n[[UNSUB_LINK_EN]] {{x}}'
        (name,) = self._values(self.ann, "contact", "$contacts-name$")
        self.assertEqual(name, '<b>"Ann"</b> [\u200b[UNSUB_LINK_EN]] {\u200b{x}}')

    def test_values_have_an_end(self):
        self.ann.name = "x" * 400
        (name,) = self._values(self.ann, "contact", "$contacts-name$")
        self.assertEqual(len(name), 255)

    def test_relational_paths_speak_the_mailings_language(self):
        self.ann.country_id = self.env.ref("base.de")
        (country,) = self._values(self.ann, "contact", "$contacts-country$")
        self.assertEqual(country, "Germany")

    def test_values_read_in_the_language_of_each_recipient(self):
        french = self.env["res.lang"]._activate_lang("fr_FR")
        french.write({"date_format": "%d %B %Y", "thousands_sep": "\u202f"})
        self.env["res.lang"]._lang_get("en_US").date_format = "%b %d, %Y"
        self.env.ref("base.de").with_context(lang="fr_FR").name = "Allemagne"
        lead = self._lead(
            country_id=self.env.ref("base.de").id,
            date_deadline="2027-03-05",
            expected_revenue=1234567.5,
            priority="2",
        )
        self.env["mailjet.variable"].create(
            {
                "name": "Priority",
                "kind": "lead",
                "code": "priority",
                "field_path": "priority",
            }
        )
        tokens = [f"$leads-{code}$" for code in ("deadline", "revenue", "country")]
        for language, expected in (
            (False, ["Mar 05, 2027", "$\u00a01,234,567.50", "Germany"]),
            (
                "fr_FR",
                ["05 mars 2027", "$\u00a01\u202f234\u202f567,50", "Allemagne"],
            ),
        ):
            with self.subTest(language):
                lead.lang_id = language and french.id
                self.assertEqual(self._values(lead, "lead", *tokens), expected)
        (priority,) = self._values(lead, "lead", "$leads-priority$")
        labels = dict(
            lead._fields["priority"]._description_selection(
                self.env(context={"lang": "fr_FR"})
            )
        )
        self.assertEqual(priority, labels["2"])

    def test_values_within_addresses_are_percent_encoded(self):
        mailing = self._make_mailing(
            self.ann,
            subject="s",
            body_code='<a href="https://example.com/?n=$contacts-name$">x</a>',
        )
        row = self._row(mailing, self.ann)
        for name, expected in (
            ("plain-1", "plain-1"),
            ("Ann & Zoé", "%41%6e%6e%20%26%20%5a%6f%c3%a9"),
        ):
            with self.subTest(name):
                self.ann.name = name
                values = self._cells(mailing, row)
                self.assertEqual(
                    values, {self._property("$contacts-name$", ADDRESS): expected}
                )

    def test_values_stay_within_their_attributes(self):
        mailing = self._make_mailing(
            self.ann,
            subject="$contacts-name$",
            body_code='<img alt="$contacts-name$"><a href="$contacts-website$">x</a>',
        )
        self.ann.write(
            {"name": "O'Neil & Co", "website": "https://example.com/?a=1&b='c'"}
        )
        values = self._cells(mailing, self._row(mailing, self.ann))
        for token, place, expected in (
            ("$contacts-name$", TEXT, "O'Neil & Co"),
            ("$contacts-name$", HTML, "O&#39;Neil &amp; Co"),
            (
                "$contacts-website$",
                HTML,
                "https://example.com/?a=1&amp;b=&#39;c&#39;",
            ),
        ):
            with self.subTest(token, place=place):
                self.assertEqual(values[self._property(token, place)], expected)

    def _cells(self, mailing, row):
        message = mailing._get_message(row)
        return self.env["mailjet.variable.value"]._read(message.values, row)

    def test_every_default_has_a_value(self):
        address = {
            "city": "Oslo",
            "street": "1 Road",
            "zip": "99",
            "state_id": self.env.ref("base.state_us_5").id,
            "country_id": self.env.ref("base.us").id,
            "website": "https://example.com",
        }
        self.user.partner_id.write({"phone": "+4512345678", "function": "Advisor"})
        card = {
            **address,
            "user_id": self.user.id,
            "phone": "+4512345678",
            "lang": "en_US",
            "ref": "R1",
        }
        self.ann.write({**card, "function": "Head"})
        self.company.write(
            {
                **card,
                "vat": "BE0477472701",
                "industry_id": self.env["res.partner.industry"].search([], limit=1).id,
            }
        )
        self.ann.parent_id = self.company
        lead = self._lead(
            partner_id=self.ann.id,
            expected_revenue=10,
            date_deadline="2027-03-05",
            **address,
        )
        lead.team_id = self.env["crm.team"].search([], limit=1)
        variables = self.env["mailjet.variable"].search([])
        tokens = variables.mapped("token")
        values = dict(zip(tokens, self._values(lead, "lead", *tokens), strict=True))
        self.assertEqual([token for token in tokens if not values[token]], [])
