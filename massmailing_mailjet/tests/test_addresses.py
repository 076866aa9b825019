import base64
import re

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from odoo.exceptions import UserError
from odoo.tests import BaseCase, Form, tagged, users
from odoo.tools import SQL, email_normalize

from ..tools.addresses import (
    clean_address,
    find_fault,
    is_address,
    names_address,
    read_addresses,
    read_condition,
    split_entries,
    write_condition,
)
from .common import MailjetCase

LARGE = 200_000
# What may be several addresses, or one with other text behind it.
SEVERAL = re.compile(r"[<,;]|>\s*[^>\s]")
LONG_LABEL = "x" * 63

GOOD = (
    "ann@example.com",
    "Ann.O'Hara+x@Example.COM",
    "a/b@example.com",
    "sales=ann@example.com",
    "_ann-@example.co.uk",
    "a@xn--mnchen-3ya.example",
    f"{'a' * 64}@example.com",
    f"a@{LONG_LABEL}.example",
    f"a@{'x.' * 124}com",
)
BAD = {
    "": "no_at",
    "nobody": "no_at",
    "bob@ann@example.com": "several_at",
    "@example.com": "no_name",
    "ann@": "no_domain",
    "ann ash@example.com": "spaces",
    "ann@example.com\xa0": "spaces",
    "ann@example.com\n": "spaces",
    "ann\u200b@example.com": "invisible",
    "ann@exam\xadple.com": "invisible",
    "\ufeffann@example.com": "invisible",
    "\u202eann@example.com": "invisible",
    "ann\0@example.com": "invisible",
    "ann@exam\x7fple.com": "invisible",
    "ann@münchen.example": "foreign_domain",
    "ann@example.\u212aom": "foreign_domain",  # a sign that is k in small letters
    "jürgen@example.com": "foreign_name",
    f"{'a' * 65}@example.com": "long_name",
    f"a@{'x.' * 125}com": "long",
    "a..b@example.com": "bad_name",
    ".a@example.com": "bad_name",
    "a.@example.com": "bad_name",
    "(c)@example.com": "bad_name",
    ":@example.com": "bad_name",
    '"@example.com': "bad_name",
    '"a"@example.com': "bad_name",
    "a,b@example.com": "bad_name",
    "a\\b@example.com": "bad_name",
    "ann@example": "bad_domain",
    "ann@example.c": "bad_domain",
    "ann@example.1com": "bad_domain",
    "ann@-example.com": "bad_domain",
    "ann@example-.com": "bad_domain",
    "ann@example.com-": "bad_domain",
    "ann@example..com": "bad_domain",
    "ann@.example.com": "bad_domain",
    "ann@exam_ple.com": "bad_domain",
    "ann@[127.0.0.1]": "bad_domain",
    f"a@x{LONG_LABEL}.example": "bad_domain",
}

# Texts that are almost addresses, and some that are.
PIECES = st.sampled_from(
    [
        *("ann", "Bob", "x" * 63, "1", "é", "\u200b", "\xad", "\xa0", "\u212a", "İ"),
        *("@", "@", "@example.com", "example", ".com", ".", "..", "-", "_", "+", "'"),
        *(" ", "\t", "\n", ",", ";", "<", ">", '"', "(", ")", "\\", "|", "=", "/", "%"),
    ]
)
ALMOST = st.lists(PIECES, max_size=9).map("".join)


@tagged("post_install", "-at_install")
class TestAddresses(BaseCase):
    """What an address is, and which ones a text holds."""

    def test_what_an_address_is(self):
        for text in GOOD:
            with self.subTest(text):
                self.assertIsNone(find_fault(text))
                self.assertTrue(is_address(text))
        for text, fault in BAD.items():
            with self.subTest(text):
                self.assertEqual(find_fault(text), fault)
                self.assertFalse(is_address(text))

    @given(ALMOST)
    @settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
    def test_what_has_no_fault_is_an_address(self, text):
        self.assertEqual(find_fault(text) is None, is_address(text))

    def test_typed_addresses_are_cleaned(self):
        for text, expected in (
            (None, ""),
            ("Sales <sales@example.com>", "sales@example.com"),
            ('"Doe, Jane" <jane@example.com>', "jane@example.com"),
            ("<Sales@Example.com >", "Sales@Example.com"),
            ("sales@example.com>", "sales@example.com"),
            ("a@example.com>b@example.com",) * 2,
            (" sales@example.com\xa0", "sales@example.com"),
            ("\u200bsales@exam\xadple.com\ufeff", "sales@example.com"),
            ("mailto:sales@example.com", "sales@example.com"),
            ("A <a@example.com>, B <b@example.com>",) * 2,
            ("a..b@example.com",) * 2,
        ):
            with self.subTest(text):
                self.assertEqual(clean_address(text), expected)

    def test_entries_of_a_typed_list(self):
        text = (
            "One <one@example.com>\n two@example.com; ,,THREE@example.com\r\n"
            'Doe, Jane <jane@example.com>, "Roe; Max" <max@example.com>,nobody'
        )
        self.assertEqual(
            split_entries(text),
            [
                "One <one@example.com>",
                "two@example.com",
                "THREE@example.com",
                "Doe, Jane <jane@example.com>",
                '"Roe; Max" <max@example.com>',
                "nobody",
            ],
        )

    def test_any_form_of_list(self):
        for text, expected in (
            (None, ""),
            ("no address here", ""),
            ("a@example.com", "a"),
            ("A <a@example.com>, B <b@example.com>;c@example.com", "abc"),
            ('name;mail\nAnn;a@example.com\n"Bob, Jr";"b@example.com"', "ab"),
            ("id\tmail\n1\ta@example.com\n2\tb@example.com\r\n", "ab"),
            ("mailto:a@example.com (a@example.com) [b@example.com].", "ab"),
            ("'a@example.com', 'b@example.com'.", "ab"),
            ("a@example.com b@example.com a@example.com", "ab"),
            ('"Doe, Jane" <a@example.com>, Roe, Max <b@example.com>', "ab"),
            ("a@example.com|b@example.com\\c@example.com", "abc"),
        ):
            with self.subTest(text):
                self._assert_read(text, expected)

    def test_what_stands_around_addresses_hides_none(self):
        for text in (
            "«a@example.com» “b@example.com” ‚c@example.com‘",
            "Is it a@example.com? Or b@example.com! –c@example.com…",
            "¿a@example.com? ¡b@example.com! (c@example.com):",
            "**a@example.com** _b@example.com_ `c@example.com`",
            "{a@example.com} -b@example.com •c@example.com",
            "a@example.com/b@example.com/c@example.com",
            "a@example.com&b@example.com+c@example.com",
            "a@example.com、b@example.com；c@example.com",
            "a@example.com–b@example.com|c@example.com",
            "a@example.com /b@example.com &c@example.com",
            "...a@example.com... a@example.com's b@example.com- c@example.com.",
            "\u200ba@exam\xadple.com b@example.com\ufeff c@\u2060example.com",
            "a＠example.com\xa0b@example.com\u3000c@example.com",
            '<a href="mailto:a@example.com?subject=Hi&cc=b@example.com">c@example.com<',
            "mailto:a@example.com?cc=b@example.com&BCC=c@example.com",
            "&lt;a@example.com&gt; &quot;b@example.com&quot; #c@example.com",
        ):
            with self.subTest(text):
                self._assert_read(text, "abc")

    def test_nothing_is_made_an_address(self):
        for text in (
            "bob@ann@example.com",
            "ann@example.com-bob@example.com",
            "ann@x/bob@example.com",
            "ann@example.com.bob@example.com",
            "ann@example.com_x.org",
            '"ann ash"@example.com',
            "jürgen@example.com",
            "ann@münchen.example",
            "ann@example",
            "a..b@example.com",
            "@ann",
            "ann@",
        ):
            with self.subTest(text):
                self.assertEqual(read_addresses(text), {text: None})
        self.assertEqual(
            read_addresses("bob\0ann@example.com"), {"bob\ufffdann@example.com": None}
        )
        for text in ("sales=ann@example.com", "_ann@example.com", "a+b@example.com"):
            with self.subTest(text):
                self.assertEqual(read_addresses(text), {text: text})

    def test_what_is_read_keeps_its_order_and_letters(self):
        self.assertEqual(
            list(read_addresses("B@Example.com, ann@x, A@example.com").items()),
            [
                ("B@Example.com", "b@example.com"),
                ("ann@x", None),
                ("A@example.com", "a@example.com"),
            ],
        )

    @settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(st.lists(st.one_of(ALMOST, st.sampled_from(GOOD)), max_size=5))
    def test_every_piece_is_reported(self, words):
        found = read_addresses(" ".join(words))
        for piece, address in found.items():
            self.assertIn("@", piece)
            self.assertTrue(address is None or is_address(address))
        for word in words:
            if "@" in word:
                self.assertTrue(found)
            if is_address(word) and word[0] not in "_'":
                cleaned = word.lower().lstrip("-+=/%")
                self.assertIn(cleaned, [*found.values(), word.lower()])

    def test_conditions_on_addresses(self):
        addresses = ["ann@example.com", "o'hara@example.com"]
        self.assertEqual(read_condition(write_condition(addresses)), addresses)
        start = '[["email_normalized", "in", ['
        for text in (
            None,
            "",
            "[]",
            "[('email_normalized', 'in', ['ann@example.com'])]",
            start,
            start + "[" * LARGE,
            start + "1]]]",
            start + '"a"]], ["id", "=", 1]]',
            start + '"a"], 1]]',
        ):
            with self.subTest((text or "")[:60]):
                self.assertIsNone(read_condition(text))

    def test_large_texts(self):
        for piece in (
            *("a", "@", "a@", "a@b", "a@b.", "a@a.a", "a/b@", "@a.", "a@example.com/"),
            *("<", "< ", "<@", "<>", ">", '"', '"a', '"@', "(c)@", "[", "{@", "*@"),
            *(".", "-", "=", "'", "\\", "|", " ", "é", "\u0301", "\u200b", "?to=", ","),
        ):
            text = (piece * LARGE)[:LARGE]
            for large in (text, f"{text}@example.com", f"a@example.com{text}"):
                with self.subTest(piece):
                    read_addresses(large)
                    split_entries(large)
                    self.assertLessEqual(len(clean_address(large)), len(large))
                    names_address(large, "a@example.com")

    def test_a_million_addresses(self):
        text = "\n".join(f"n{number}@example.com" for number in range(1_000_000))
        self.assertEqual(len(read_addresses(text)), 1_000_000)

    def _assert_read(self, text, letters):
        addresses = [f"{letter}@example.com" for letter in letters]
        self.assertEqual(list(read_addresses(text).values()), addresses)


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
