import base64
import re

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from odoo.exceptions import UserError
from odoo.tests import Form, tagged, users
from odoo.tools import SQL, email_normalize

from ..tools.addresses import clean_address, is_address, names_address
from .addresses_common import ALMOST, BAD, GOOD, LARGE
from .common import MailjetCase

# What may be several addresses, or one with other text behind it.
SEVERAL = re.compile(r"[<,;]|>\s*[^>\s]")


@tagged("post_install", "-at_install")
class TestAddressesOfRecords(MailjetCase):
    """The same rule in PostgreSQL, and on the way of a user's list."""

    def _is_named(self, pairs):
        """Return what PostgreSQL says to each text and what Odoo makes of it."""
        texts, normalized = zip(*pairs, strict=True)
        rows = self.env.execute_query(
            SQL(
                "SELECT %s FROM unnest(%s::text[], %s::text[])"
                " WITH ORDINALITY AS s(email, made, place)"
                " ORDER BY place",
                self.env["mailjet.record.sync"]._names_address(
                    SQL("s.email"), SQL("s.made")
                ),
                list(texts),
                list(normalized),
            )
        )
        return [is_named for (is_named,) in rows]

    @given(st.lists(ALMOST, max_size=30))
    @settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
    def test_postgresql_has_the_same_rule(self, texts):
        texts += [*GOOD, *BAD, *(f"N, N <{text}>" for text in (*GOOD, *BAD))]
        texts = [text.replace("\0", "") for text in texts]
        pairs = [(text, email_normalize(text, strict=False) or None) for text in texts]
        pairs += [(text, text.lower()) for text in texts]
        expected = [
            bool(made) and is_address(made) and names_address(text, made)
            for text, made in pairs
        ]
        self.assertEqual(self._is_named(pairs), expected)
        # What is one address of a record is one address wherever it is typed.
        for (text, made), is_named in zip(pairs, expected, strict=True):
            if is_named and not SEVERAL.search(text):
                self.assertEqual(clean_address(text).lower(), made)

    def test_which_address_of_a_record_is_meant(self):
        for text, expected in (
            ("Ann <ann@example.com>", True),
            ("Ash, Ann < ANN@example.com >", True),
            ("ann@example.com, bob@example.com", True),
            ("ann@example.com; Bob <bob@example.com>", True),
            ("two words@example.com", False),
            ("two words@example.com, bob@example.com", False),
            ("a,b@example.com", False),
            ("bob@ann@example.com", False),
            ("<bob@ann@example.com>", False),
            ("ann@example.com bob@example.com", False),
            ("ann@example.com\u200b, bob@example.com", False),
        ):
            with self.subTest(text):
                made = email_normalize(text, strict=False) or None
                self.assertEqual(self._is_named([(text, made)]), [expected])

    @users("mailer")
    def test_the_twin_with_an_invisible_character_is_not_mailed(self):
        for address in (
            "\u200bann@example.com",
            "ann\xad@example.com",
            "ann@exam\ufeffple.com",
            "ann@example.com\u200e",
            "ann@example.com\xa0",
        ):
            twin = self.ann.copy({"email": address, "name": "Twin"})
            mailing = self._make_mailing(twin)
            row = mailing.env["mailjet.recipient"].search(
                [("mailing_id", "=", mailing.id)]
            )
            with self.subTest(address):
                self.assertEqual(
                    (row.verdict, row.exclusion_reason), ("excluded", "invalid_email")
                )
                self.assertRegex(row.exclusion_detail, "invisible character|a space")
                # Pasted, it is the clean one.
                pasted = self._make_mailing()
                pasted.action_load_addresses(address)
                self.assertIn("ann@example.com", self._rows(pasted))

    @users("mailer")
    def test_rows_say_what_is_wrong_with_an_address(self):
        for address, words in (
            ("ann@münchen.example", "xn--mnchen-3ya.example"),
            ("Ann <jürgen@example.com>", "before the @"),
            ("two words@example.com", "a space"),
            ("ann@example", "does not end like an address"),
        ):
            record = self.ann.copy({"email": address})
            row = self._row(self._make_mailing(record), record)
            with self.subTest(address):
                self.assertEqual(row.exclusion_reason, "invalid_email")
                self.assertIn(words, row.exclusion_detail)

    @users("mailer")
    def test_reply_addresses_are_cleaned_or_refused(self):
        mailing = self._make_mailing()
        for typed, kept in (
            ("Sales <sales@example.com>", "sales@example.com"),
            ("sales@example.com ", "sales@example.com"),
            ("\u200bsales@example.com", "sales@example.com"),
        ):
            with self.subTest(typed):
                mailing.reply_to = typed
                self.assertEqual(mailing.reply_to, kept)
                self.assertFalse(self._get_reply_fault(mailing))
        self.assertEqual(
            self._make_mailing(reply_to="S <s@example.com>").reply_to, "s@example.com"
        )
        for typed, words in (
            ("a..b@example.com", "dots or characters before the @"),
            ("sales@münchen.example", "xn--mnchen-3ya.example"),
            ("nobody", "has no @"),
            ("A <a@example.com>, B <b@example.com>", "more than one @"),
            ("x" * LARGE, "longer than an address"),
        ):
            with self.subTest(words):
                mailing.reply_to = typed
                self.assertEqual(mailing.reply_to, typed)
                self.assertIn(words, self._get_reply_fault(mailing))

    @users("mailer")
    def test_large_test_addresses_are_refused_at_once(self):
        wizard = self.env["mailjet.mailing.test"].create(
            {"mailing_id": self._make_mailing().id, "email_to": "x"}
        )
        for piece in ("<", "< ", " ", "a@", "a@b.", "@", '"', "a", ",", "a,", "(c)@"):
            wizard.email_to = (piece * LARGE)[:LARGE]
            with self.subTest(piece), self.assertRaises(UserError) as caught:
                wizard.action_send()
            self.assertLess(len(str(caught.exception)), 3000)

    def _get_reply_fault(self, mailing):
        """Return what the checks say of the reply address."""
        try:
            mailing._assert_steps(("details",))
        except UserError as error:
            return str(error)
        return ""

    @users("mailer")
    def test_every_piece_of_a_pasted_list_is_loaded_or_reported(self):
        mailing = self._make_mailing()
        mailing.action_load_addresses(
            "ann@example.com/bob@example.com bob@ann@example.com "
            "sales=ann@example.com «cat@example.org» ann@"
        )
        self.assertEqual(
            set(self._rows(mailing)), {"ann@example.com", "Bob@Example.com"}
        )
        self.assertEqual(
            mailing.load_ids.unmatched.splitlines(),
            ["bob@ann@example.com", "sales=ann@example.com", "cat@example.org", "ann@"],
        )
        with self.assertRefused("“bob@ann@example.com” has more than one @."):
            mailing.action_load_addresses("bob@ann@example.com")
        self.assertEqual(len(mailing.load_ids), 1)

    @users("mailer")
    def test_what_was_not_loaded_is_listed_up_to_some_number(self):
        mailing = self._make_mailing()
        pieces = "\n".join(f"n{number}@x" for number in range(10_050))
        mailing.action_load_addresses(f"ann@example.com\n{pieces}")
        lines = mailing.load_ids.unmatched.splitlines()
        self.assertEqual(len(lines), 10_001)
        self.assertEqual(lines[-1], "… and 50 more")

    @users("mailer")
    def test_lists_longer_than_any_condition_that_users_write(self):
        mailing = self._make_mailing()
        text = "\n".join(f"number{number}@example.com" for number in range(250_000))
        mailing.action_load_addresses(f"ann@example.com\n{text}")
        self.assertEqual(mailing.recipient_count, 1)
        self.assertTrue(mailing.load_ids.unmatched.endswith("and 240000 more"))
        mailing.load_ids._refresh()
        self.assertEqual(mailing.recipient_count, 1)

    @users("mailer")
    def test_lists_of_any_program(self):
        lines = "Zo\xeb;ann@example.com\r\nBob;bob@example.com\r\n"
        for charset in ("utf-8", "utf-8-sig", "utf-16", "cp1252"):
            for separator in ";,\t":
                mailing = self._make_mailing()
                form = Form(
                    self.env["mailjet.recipient.add"].with_context(
                        default_mailing_id=mailing.id
                    )
                )
                form.source = "addresses"
                wizard = form.save()
                text = lines.replace(";", separator)
                wizard.file = base64.b64encode(text.encode(charset))
                wizard.action_load()
                with self.subTest(charset=charset, separator=separator):
                    self.assertEqual(mailing.recipient_count, 2)
        wizard.write({"file": base64.b64encode(b"PK\3\4\0\0"), "file_name": "a.xlsx"})
        with self.assertRefused("“a.xlsx” cannot be read as text"):
            wizard.action_load()
