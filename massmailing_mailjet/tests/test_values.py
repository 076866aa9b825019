import csv
import io
import re
import runpy
from datetime import timedelta
from html import unescape

from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.exceptions import ValidationError
from odoo.tests import new_test_user, tagged
from odoo.tools import SQL, file_path

from ..models.composition.variable_encoding import cell_sql, clean_sql
from ..tools.email_reader import read_email
from ..tools.property_values import HTML, PREFIXES, clean_value, get_cell
from .common import DeliveryCase
from .mailjet import UPLOAD

NASTY = (
    'Nuts&notions <b>"O\'Neil"</b> $5 [[EMAIL_TO]] {{x}} {%y%} '
    "\U0001f600 \u05d0\u05d1 1\u00a0000"
)


class ValuesCase(DeliveryCase):
    """Mailings whose e-mails are read as their recipients get them."""

    def _deliver(self, mailing, email):
        """Return ``(subject, html, text)`` that an address gets, with a sign in the
        place of Mailjet's links."""
        self.assertEqual(mailing.state, "done")
        mail = self.mailjet.get_delivered(mailing.mailjet_draft_id, email)
        parts = [mail[name] for name in ("subject", "html", "text")]
        for link in (mail["unsubscribe"], mail["permalink"]):
            parts = [part.replace(link, "#") for part in parts]
        return tuple(parts)

    def _hold_back(self, mailing):
        """Send a mailing as far as to the import of its recipients."""
        self.mailjet.set(stalled_jobs="csv")
        self._send(mailing)
        self.assertEqual(mailing.delivery_step, "upload")
        self.mailjet.set(stalled_jobs="")

    def _make_variable(self, kind, path, **values):
        return self.env["mailjet.variable"].create(
            {"name": "X", "kind": kind, "code": "x", "field_path": path, **values}
        )

    def _cells(self):
        """Return every cell that was uploaded."""
        return [
            cell
            for text in self.mailjet.uploads
            for row in csv.reader(io.StringIO(text))
            for cell in row
        ]


@tagged("post_install", "-at_install")
class TestFrozen(ValuesCase):
    """A mailing says what it said when it was sent."""

    def test_nothing_that_changes_later_changes_the_email(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        campaign = self.env["utm.campaign"].create({"title": "Autumn"})
        variable = self._make_variable("contact", "city", fallback="nowhere")
        mailing = self._make_mailing(
            self.people,
            campaign_id=campaign.id,
            body_code='<p>In $contacts-x$</p><a href="https://example.com">x</a>',
        )
        preview = mailing.get_preview()
        email = preview["row"]["email"]
        name, locale = mailing.name, mailing._get_language()
        self._hold_back(mailing)
        variable.write({"field_path": "name", "fallback": "other", "active": False})
        self.user.write({"lang": "fr_FR", "tz": "Asia/Tokyo"})
        campaign.name = "Winter"
        mailing.write(
            {
                "name": "Other",
                "user_id": self.manager.id,
                "campaign_id": self.env["utm.campaign"].create({"title": "X"}).id,
            }
        )
        self._run_later(minutes=2)
        self.assertEqual(mailing.state, "done")
        (draft,) = self.mailjet.drafts
        self.assertEqual((draft["title"], draft["locale"]), (name, locale))
        self.assertEqual(
            self._deliver(mailing, email),
            (preview["subject"], preview["html"], preview["text"]),
        )
        self.assertIn("utm_campaign=Autumn", preview["html"])
        self.assertEqual(mailing.get_preview(False)["html"], preview["html"])

    def test_what_is_taken_back_is_composed_anew(self):
        mailing = self._make_mailing(self.people)
        mailing.action_schedule(self.clock + timedelta(hours=1))
        self._run_later(minutes=45)
        self.assertTrue(mailing.sudo().frozen_values)
        self.assertEqual(mailing.property_slot, 1)
        mailing.action_cancel()
        self._run_later(minutes=1)
        self.assertEqual(mailing.state, "cancelled")
        self.assertFalse(mailing.sudo().frozen_values or mailing.sudo().frozen_html)
        self.assertFalse(mailing.property_slot)
        mailing.subject = "Anew"
        self.assertEqual(mailing.get_preview()["subject"], "Anew")

    def test_what_was_frozen_is_not_for_users_to_write(self):
        mailing = self._make_mailing()
        for name in ("frozen_html", "frozen_values", "property_slot"):
            with self.subTest(name), self.assertRaisesRegex(Exception, name):
                mailing.write({name: False})

    def test_a_mailing_of_before_is_composed_when_needed(self):
        mailing = self._make_mailing(self.people)
        self._hold_back(mailing)
        mailing.sudo()._thaw_message()
        self.env.flush_all()
        self._migrate()
        self.assertEqual(mailing.delivery_step, "properties")
        self._run_later(minutes=2)
        self.assertEqual(self.mailjet.count(UPLOAD), 2)
        self.assertSentOnce(mailing)
        self.assertEqual(self._deliver(mailing, "ann@example.com")[0], "Hello Ann")

    def test_a_mailing_of_before_keeps_what_mailjet_has(self):
        mailing = self._make_mailing(self.people)
        mailing.action_schedule(self.clock + timedelta(hours=1))
        self._run_later(minutes=45)
        mailing.sudo()._thaw_message()
        self.env.flush_all()
        self._migrate()
        self.assertEqual(mailing.delivery_step, "scheduled")

    def _migrate(self):
        path = file_path("massmailing_mailjet/migrations/19.0.1.1.0/post-values.py")
        runpy.run_path(path)["migrate"](self.env.cr, "19.0.1.0.0")
        self.env.invalidate_all()


@tagged("post_install", "-at_install")
class TestOwnValues(ValuesCase):
    """No recipient reads a value that is not its own."""

    def test_two_mailings_on_their_way(self):
        self.bob.email = self.ann.email
        first = self._make_mailing(self.ann)
        first.action_schedule(self.clock + timedelta(hours=1))
        self._run_later(minutes=45)
        self.assertTrue(first._is_held())
        second = self._make_mailing(self.bob)
        self._send(second)
        self.assertEqual(second.state, "done")
        self.assertEqual((first.property_slot, second.property_slot), (1, 2))
        self._run_later(minutes=20)
        for mailing, name in ((first, "Ann"), (second, "Bob")):
            subject, html, text = self._deliver(mailing, self.ann.email)
            self.assertEqual(subject, f"Hello {name}")
            self.assertIn(f"Dear {name}", html)
            self.assertIn(f"Dear {name}", text)

    def test_a_slot_is_free_when_mailjet_has_sent_its_mailing(self):
        slots = []
        for minutes in (0, 60, 600):
            self.clock += timedelta(minutes=minutes)
            mailing = self._make_mailing(self.people)
            mailing.action_send()
            self._run_later(seconds=5)
            slots.append(mailing.property_slot)
            self.assertEqual(mailing.state, "done")
        self.assertEqual(slots, [1, 2, 1])

    def test_no_two_mailings_of_an_account_have_a_slot(self):
        first, second = (self._make_mailing().sudo() for _number in range(2))
        self.assertTrue(first._try_slot(1))
        self.assertFalse(second._try_slot(1))
        self.assertTrue(second._try_slot(2))

    def test_an_empty_value_is_not_an_earlier_one(self):
        lead = self._make_lead("ann@example.com", partner_name="Secret Ltd")
        texts = {
            "subject": "$accounts-name|You$",
            "body_code": '<p title="$accounts-name$">$accounts-name|nobody$</p>'
            '<a href="https://example.com/?n=$accounts-name$">x</a>',
        }
        self._send(self._make_mailing(lead, recipient_type="lead", **texts))
        self.clock += timedelta(days=1)
        lead.partner_name = False
        again = self._make_mailing(lead, recipient_type="lead", **texts)
        again.action_send()
        self._run_later(seconds=5)
        self.assertEqual(again.property_slot, 1)
        subject, html, text = self._deliver(again, "ann@example.com")
        self.assertEqual(subject, "You")
        self.assertIn("nobody", html)
        self.assertNotIn("Secret", subject + html + text)
        self.assertNotIn("", [cell.strip() for cell in self._cells()])


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
        row = mailing._get_first_planned()
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
        link = r"http\S+?/mailjet/test/[\w.=-]+(?:/unsubscribe)?"
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


@tagged("post_install", "-at_install")
class TestRights(ValuesCase):
    """The values of variables are for those who may read them."""

    def _assert_hidden(self, mailing, value):
        """Check that neither a user nor a manager sees or sends what the variable is
        worth."""
        for user in (self.user, self.manager):
            found = mailing.with_user(user)
            self.assertNotIn(value, str(found.get_preview()))
            with self.assertRefused("cannot read these variables"):
                found.action_send()

    def _hide(self, field):
        self.patch(field, "groups", "base.group_system")

    def test_fields_of_groups(self):
        self.ann.ref = "Topsecret"
        mailing = self._make_mailing(self.ann, subject="$contacts-reference$")
        self.assertEqual(mailing.get_preview()["subject"], "Topsecret")
        self._hide(self.env["res.partner"]._fields["ref"])
        self._assert_hidden(mailing, "Topsecret")
        admin = new_test_user(
            self.env,
            "mail_admin",
            "base.group_system,massmailing_mailjet.mailjet_group_manager",
        )
        # A responsible who may read them helps nobody who may not.
        mailing.user_id = admin
        self._assert_hidden(mailing, "Topsecret")
        self.assertEqual(mailing.with_user(admin).get_preview()["subject"], "Topsecret")
        mailing.with_user(admin).user_id = self.user
        with self.assertRefused("cannot read these variables"):
            mailing.with_user(admin).action_send()

    def test_rights_that_are_lost_before_the_freeze(self):
        mailing = self._make_mailing(self.ann, subject="$contacts-reference$!")
        mailing.action_send()
        self._hide(self.env["res.partner"]._fields["ref"])
        self._run_cron()
        self.assertEqual(mailing.state, "failed")
        self.assertIn("cannot read these variables", mailing.delivery_message)
        self.assertFalse(self.mailjet.uploads)

    def test_models_of_groups(self):
        industry = self.env["res.partner.industry"].create({"name": "Topsecret"})
        self.ann.parent_id = self.env["res.partner"].create(
            {"name": "Co", "is_company": True, "industry_id": industry.id}
        )
        mailing = self._make_mailing(self.ann, subject="$accounts-industry$")
        self.assertEqual(mailing.get_preview()["subject"], "Topsecret")
        self.env["ir.model.access"].search(
            [("model_id.model", "=", "res.partner.industry")]
        ).group_id = self.env.ref("base.group_system")
        self._assert_hidden(mailing, "Topsecret")
        with self.assertRaisesRegex(ValidationError, "not all Mass Mailing users"):
            self._make_variable("contact", "industry_id.name")

    def test_records_by_the_rules(self):
        company = self.env["res.company"].create({"name": "Elsewhere"})
        hidden = self.env["res.partner"].create(
            {"name": "Topsecret", "company_id": company.id}
        )
        lead = self._make_lead("dan@example.com", contact_name="Dan")
        self.env.flush_all()
        self.env.cr.execute(
            SQL("UPDATE crm_lead SET partner_id = %s WHERE id = %s", hidden.id, lead.id)
        )
        self.env.invalidate_all()
        mailing = self._make_mailing(
            lead, recipient_type="lead", subject="$contacts-name|nobody$"
        )
        self.assertNotIn("Topsecret", str(mailing.get_preview()))
        self._send(mailing)
        self.assertEqual(mailing.state, "done")
        self.assertNotIn("Topsecret", str(self._cells()))


@tagged("post_install", "-at_install")
class TestLooksLikeAVariable(ValuesCase):
    """What looks like a variable and is none never leaves."""

    def test_it_is_a_red_check(self):
        for text in (
            "$contacts-firstname",
            "$contacts-nothing$",
            "$contact-firstname$",
            "$contacts.firstname$",
            "$Contacts-Firstname$",
            "$contacts_firstname$",
            "$ contacts-firstname $",
            "%24contacts-firstname%24",
            "$contacts-firstname|Madam",
            "$contacts-first<b>name</b>",
            '<i title="$contacts-firstname|A">b $5</i>',
        ):
            for field in ("body_code", "subject")[: 1 + ("<i" not in text)]:
                with self.subTest(text, field=field):
                    values = {"subject": "s", "body_code": "<p>x</p>"}
                    values[field] = text if field == "subject" else f"<p>{text}</p>"
                    mailing = self._make_mailing(**values)
                    with self.assertRefused("Unknown variables"):
                        mailing.action_go_to_step("recipients")

    def test_a_fallback_may_go_over_lines(self):
        mailing = self._make_mailing(
            self.ann, body_code="<p>Dear $contacts-function|Madam,\nSir$, welcome</p>"
        )
        self._send(mailing)
        _subject, html, text = self._deliver(mailing, "ann@example.com")
        self.assertIn("Dear Madam, Sir, welcome", html)
        self.assertIn("Dear Madam, Sir, welcome", text)
