import codecs

from odoo.tests import BaseCase

from ..tools.charsets import decode_html

META = '<meta charset="{}"><p>{}</p>'


class TestCharsets(BaseCase):
    """The text of HTML files, however they were saved."""

    def test_reads_what_the_file_declares(self):
        for charset, text in (
            ("windows-1252", "Café “Œuvre” €"),
            ("iso-8859-1", "naïve € “quoted”"),  # browsers read Windows-1252 here
            ("iso-8859-15", "coût 5 €"),
            ("windows-1250", "Příliš žluťoučký"),
            ("windows-1251", "Привет"),
            ("koi8-r", "Привет"),
            ("shift_jis", "こんにちは"),
            ("iso-2022-jp", "こんにちは"),
            ("gb2312", "你好"),
            ("utf-8", "Ünïcödé 🙂"),
            ("UTF-16", "Ünïcödé"),  # without a mark it is UTF-8, as for browsers
        ):
            python = {"iso-8859-1": "cp1252", "UTF-16": "utf-8"}.get(charset, charset)
            with self.subTest(charset):
                content = META.format(charset, text).encode(python)
                self.assertEqual(decode_html(content), META.format("utf-8", text))

    def test_declarations_of_every_kind(self):
        for head in (
            "<META HTTP-EQUIV='Content-Type' CONTENT='text/html; charset={}'>",
            '<meta content="text/html;charset={}" http-equiv="content-type" />',
            "<meta charset={}>",
            '<?xml version="1.0" encoding="{}"?>',
        ):
            with self.subTest(head):
                content = (head + "é").format("windows-1252").encode("cp1252")
                self.assertEqual(decode_html(content), head.format("utf-8") + "é")

    def test_a_byte_order_mark_wins(self):
        text = META.format("windows-1252", "é€")
        for mark, charset in (
            (codecs.BOM_UTF8, "utf-8"),
            (codecs.BOM_UTF16_LE, "utf-16-le"),
            (codecs.BOM_UTF16_BE, "utf-16-be"),
            (codecs.BOM_UTF32_LE, "utf-32-le"),
        ):
            with self.subTest(charset):
                content = mark + text.encode(charset)
                self.assertEqual(decode_html(content), META.format("utf-8", "é€"))

    def test_declarations_that_lie(self):
        for declared, charset, text in (
            ("iso-8859-1", "utf-8", "Café"),
            ("utf-8", "cp1252", "Café"),
            ("us-ascii", "cp1252", "Café"),
            ("shift_jis", "cp1252", "Café é"),
            ("nothing-known", "cp1252", "Café"),
            ("unicode_escape", "utf-8", r"\x41 Café"),
            ("rot13", "utf-8", "abc"),
        ):
            with self.subTest(declared):
                content = META.format(declared, text).encode(charset)
                self.assertEqual(decode_html(content), META.format("utf-8", text))

    def test_without_a_declaration(self):
        for charset in ("utf-8", "cp1252"):
            with self.subTest(charset):
                self.assertEqual(decode_html("<p>é</p>".encode(charset)), "<p>é</p>")

    def test_what_needs_no_change_keeps_its_every_byte(self):
        text = '\r\n<META charset=UTF-8>\t<p>a&nbsp;b</P>\r\n<!-- charset="latin1" -->'
        self.assertEqual(decode_html(text.encode()), text)

    def test_what_is_no_text(self):
        for content in (
            b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR",
            b"<p>\x81\x8d</p>",
            codecs.BOM_UTF16_LE + b"<\0p",
            "<p>x</p>".encode("utf-16-le"),
        ):
            with self.subTest(content), self.assertRaises(ValueError):
                decode_html(content)
