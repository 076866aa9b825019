import re
from html import unescape

from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.tests import tagged
from odoo.tools import SQL

from ..models.composition.variable_encoding import cell_sql, clean_sql
from ..tools.email_reader import read_email
from ..tools.property_values import HTML, PREFIXES, clean_value, get_cell
from .values_common import ValuesCase

NASTY = (
    'Nuts&notions <b>"O\'Neil"</b> $5 [[EMAIL_TO]] {{x}} {%y%} '
    "\U0001f600 \u05d0\u05d1 1\u00a0000"
)


@tagged("post_install", "-at_install")
class TestSameEverywhere(ValuesCase):
    """What the preview shows and a test holds is what arrives, to the byte."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.french = cls.env["res.lang"]._activate_lang("fr_FR")
        cls.french.write({"date_format": "%d %B %Y", "thousands_sep": "\u202f"})
        cls.user.tz = "America/New_York"
        cls.manager.tz = "Asia/Tokyo"
        company = cls.env["res.partner"].create(
            {"name": NASTY, "is_company": True, "email": "co@example.com"}
        )
        cls.ann.write({"parent_id": company.id, "name": NASTY, "lang": "fr_FR"})
        cls.company = company

    TOKENS = (
        "$contacts-name|A & B$ $accounts-name|“C” <d>$ $leads-deadline|soon$ "
        "$leads-revenue$ $leads-x$ $leads-kind$"
    )

    def _make(self, records, recipient_type):
        self._make_variable("lead", "date_open")
        self._make_variable("lead", "priority", code="kind")
        return self._make_mailing(
            records,
            recipient_type=recipient_type,
            subject=self.TOKENS,
            preview=self.TOKENS,
            body_code=f'<p title="{self.TOKENS}">'
            "$accounts-name$ $contacts-name|A &amp; B$ $leads-x$ $leads-revenue$</p>"
            '<a href="https://example.com/$contacts-name$?n=$accounts-name|a b$">x</a>'
            '<a href="$contacts-website$">y</a>',
        )

    def _assert_same(self, mailing):
        row = mailing._get_person()
        seen = []
        for user in (self.user, self.manager):
            preview = mailing.with_user(user).get_preview()
            seen.append((preview["subject"], preview["html"], preview["text"]))
        seen.append(self._send_test(mailing, row))
        self._send(mailing)
        self.assertEqual(mailing.state, "done")
        delivered = self._deliver(mailing, row.email_normalized)
        for parts in seen:
            self.assertEqual(parts, delivered)
        return delivered

    def _assert_nasty(self, html):
        """Check that the name reads as it is."""
        self.assertIn(NASTY.replace("\u00a0", " "), read_email(html).words)
        self.assertIn("1\u00a0000", html)

    def _send_test(self, mailing, row):
        wizard = self.env["mailjet.mailing.test"].with_user(self.manager)
        wizard = wizard.create({"mailing_id": mailing.id, "email_to": "t@example.com"})
        self.assertEqual(wizard.recipient_id.id, row.id)
        wizard.action_send()
        message = self.mailjet.messages[-1]
        parts = [message[name] for name in ("subject", "html", "text")]
        parts[0] = parts[0].removeprefix("[TEST] ")
        link = r"http\S+?/mailjet/test/[\w.=-]+(?:/unsubscribe|/preferences)?"
        return tuple(re.sub(link, "#", part) for part in parts)

    def test_of_a_contact(self):
        subject, html, _text = self._assert_same(self._make(self.ann, "contact"))
        self.assertIn(NASTY.split(" [[")[0], subject)
        self._assert_nasty(html)
        self.assertNotIn("example.com {", subject)

    def test_of_an_account(self):
        _subject, html, _text = self._assert_same(self._make(self.company, "account"))
        self._assert_nasty(html)

    def test_of_a_lead(self):
        lead = self._make_lead(
            "dan@example.com",
            partner_id=self.ann.id,
            date_deadline="2027-03-05",
            expected_revenue=12345678901234567890,
            priority="2",
        )
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                "UPDATE crm_lead SET date_open = '2027-01-02 03:00:00', "
                "expected_revenue = 12345678901234567890.12 WHERE id = %s",
                lead.id,
            )
        )
        lead.invalidate_recordset()
        subject, html, _text = self._assert_same(self._make(lead, "lead"))
        self.assertIn("05 mars 2027", subject)
        # In New York it is still the day before.
        self.assertIn("01 janvier 2027", subject)
        amount = "$\u00a012 345 678 901 234 567 890,12".replace(" ", "\u202f")
        self.assertIn(amount.replace("$\u202f", "$\u00a0"), subject)
        self._assert_nasty(html)

    def test_links_hold_the_whole_value(self):
        self.ann.website = "https://example.org/?a=1&b='c'\"d"
        _subject, html, _text = self._assert_same(self._make(self.ann, "contact"))
        urls = [link.url for link in read_email(html).links]
        self.assertIn(self.ann.website, urls)

    def test_company_values_are_the_mailings_companys(self):
        other = self.env["res.company"].create({"name": "Other"})
        self.manager.write({"company_ids": [(4, other.id)], "company_id": other.id})
        self._make_variable("contact", "barcode")
        self.ann.with_company(self.env.company).barcode = "here"
        self.ann.with_company(other).barcode = "there"
        mailing = self._make_mailing(self.ann, subject="$contacts-x$!")
        subject, _html, _text = self._assert_same(mailing)
        self.assertEqual(subject, "here!")

    def test_amounts_are_written_as_their_currency_is(self):
        hindi = self.env["res.lang"]._activate_lang("hi_IN")
        hindi.write({"grouping": "[3,2,0]", "thousands_sep": ","})
        currency = self.env.company.currency_id
        for lang, values, expected in (
            (False, {}, "$\u00a0-1,234,567.50"),
            (hindi.id, {}, "$\u00a0-12,34,567.50"),
            (False, {"rounding": 1}, "$\u00a0-1,234,568"),
            (
                False,
                {"rounding": 0.001, "position": "after", "symbol": "K&D"},
                "-1,234,567.500\u00a0K&D",
            ),
        ):
            currency.write(values)
            with self.subTest(expected):
                lead = self._make_lead(
                    "dan@example.com", expected_revenue=-1234567.5, lang_id=lang
                )
                mailing = self._make_mailing(
                    lead, recipient_type="lead", subject="$leads-revenue$"
                )
                self.assertEqual(mailing.get_preview()["subject"], expected)

    @settings(deadline=None, max_examples=30)
    @given(
        st.lists(
            st.text(
                st.one_of(
                    st.sampled_from("ab &<>\"'[]{}%$\\\u00a0\u2028\x85\t"),
                    st.characters(
                        exclude_categories=("Cs",), exclude_characters="\x00"
                    ),
                )
            ),
            min_size=1,
            max_size=20,
        )
    )
    def test_sql_and_python_write_alike(self, values):
        for place in set(PREFIXES) - {"address"}:
            rows = self.env.execute_query(
                SQL(
                    "SELECT %s FROM (SELECT %s AS clean FROM unnest(%s::text[]) "
                    "WITH ORDINALITY AS t (value, n) ORDER BY n OFFSET 0) s",
                    cell_sql(SQL.identifier("clean"), place, "fall & back"),
                    clean_sql(SQL("value")),
                    values,
                )
            )
            for (cell,), value in zip(rows, values, strict=True):
                clean = clean_value(value) or "fall & back"
                self.assertEqual(cell, get_cell(clean, place))
                if place == HTML:
                    self.assertEqual(unescape(cell), clean)
