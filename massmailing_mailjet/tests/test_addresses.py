from odoo.tests import BaseCase

from ..tools.addresses import decode, find_addresses


class TestAddresses(BaseCase):
    """Addresses out of what people paste and upload."""

    def test_any_form_of_list(self):
        for text, expected in (
            (None, []),
            ("no address here", []),
            ("a@example.com", ["a@example.com"]),
            ("A <a@example.com>, B <b@example.com>;c@example.com", "abc"),
            ('name;mail\nAnn;a@example.com\n"Bob, Jr";"b@example.com"', "ab"),
            ("id\tmail\n1\ta@example.com\n2\tb@example.com\r\n", "ab"),
            ("mailto:a@example.com (a@example.com) [b@example.com].", "ab"),
            ("'a@example.com', 'b@example.com'.", "ab"),
            ("a@example.com b@example.com a@example.com", "ab"),
        ):
            with self.subTest(text):
                if isinstance(expected, str):
                    expected = [f"{letter}@example.com" for letter in expected]
                self.assertEqual(find_addresses(text), expected)

    def test_case_is_left_to_others(self):
        self.assertEqual(
            find_addresses("Ann.O'Hara+x@Example.COM"), ["Ann.O'Hara+x@Example.COM"]
        )

    def test_files_of_any_program(self):
        text = "Zo\xeb;zoe@example.com"
        for encoding in ("utf-8", "utf-8-sig", "utf-16", "cp1252"):
            with self.subTest(encoding):
                self.assertEqual(decode(text.encode(encoding)), text)
