from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

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
from .addresses_common import ALMOST, BAD, GOOD, LARGE


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
                if is_address(cleaned):
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

    def test_many_addresses(self):
        text = "\n".join(f"n{number}@example.com" for number in range(100_000))
        self.assertEqual(len(read_addresses(text)), 100_000)

    def _assert_read(self, text, letters):
        addresses = [f"{letter}@example.com" for letter in letters]
        self.assertEqual(list(read_addresses(text).values()), addresses)
