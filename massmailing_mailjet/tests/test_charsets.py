import codecs

import webencodings
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from ..tools.charsets import MULTIBYTE, WRONG, decode_html, decode_text

META = '<meta charset="{}"><p>{}</p>'

# Letters as they are written where Python's own codec does not know them.
BRIDGED = {
    "euc-jp": {"㈱": b"\xad\xea", "①": b"\xad\xa1"},
    "iso-2022-jp": {
        "㈱": b"\x1b$B\x2d\x6a\x1b(B",
        "①": b"\x1b$B\x2d\x21\x1b(B",
    },
    "gbk": {"\N{IDEOGRAPHIC SPACE}": b"\xa3\xa0", "€": b"\x80"},
    "koi8-u": {"ў": b"\xae"},
}
# The codecs that write what browsers read by these names.
CODECS = {
    "": "utf-8",
    "iso-8859-1": "cp1252",
    "iso-8859-9": "cp1254",
    "iso-8859-11": "cp874",
    "x-user-defined": "cp1252",
    "UTF-16": "utf-8",
    "utf-16le": "utf-8",
    "gb2312": "gb18030",
    "shift_jis": "cp932",
    "x-sjis": "cp932",
    "ks_c_5601-1987": "cp949",
    "euc-kr": "cp949",
    "big5": "big5hkscs",
    "macintosh": "mac-roman",
}


def encode(text, charset):
    """Return a text as programs write it in a charset."""
    letters, codec = BRIDGED.get(charset, {}), CODECS.get(charset, charset)
    return b"".join(letters.get(letter) or letter.encode(codec) for letter in text)


@tagged("post_install", "-at_install")
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
            ("gb2312", "你好\N{CJK UNIFIED IDEOGRAPH-4DAE}"),  # four bytes of GB 18030
            ("gbk", "名\N{IDEOGRAPHIC SPACE}€"),
            ("shift_jis", "㈱サンプル ①髙"),
            ("x-sjis", "㈱サンプル ①"),
            ("euc-jp", "㈱サンプル ①"),
            ("iso-2022-jp", "㈱サンプル ①"),
            ("ks_c_5601-1987", "똠 안녕하세요"),
            ("euc-kr", "똠방각하"),
            ("big5", "香港\N{CJK UNIFIED IDEOGRAPH-5605}"),
            ("iso-8859-9", "“İstanbul” €"),
            ("iso-8859-11", "สวัสดี €"),
            ("macintosh", "Café – €"),
            ("koi8-u", "Привіт ў"),
            ("x-user-defined", "Café €"),
            ("utf-16le", "Ünïcödé"),
            ("utf-8", "Ünïcödé 🙂"),
            ("UTF-16", "Ünïcödé"),  # without a mark it is UTF-8, as for browsers
        ):
            with self.subTest(charset):
                content = META.format(charset, "").encode() + encode(text, charset)
                self.assertEqual(decode_html(content), META.format("utf-8", "") + text)

    def test_every_label_of_the_web(self):
        for label in webencodings.labels.LABELS:
            with self.subTest(label):
                content = META.format(label, "plain").encode()
                text = decode_html(content)
                self.assertTrue(text.endswith(">plain</p>"))
                self.assertRegex(text.lower(), 'charset="utf-?8"')

    def test_a_byte_without_meaning_is_one_wrong_letter(self):
        for charset, before, stray, after, wrong in (
            ("windows-1252", "café ", b"\x81", "é", "\x81"),
            ("windows-1253", "Καλημέρα ", b"\xd2", " σας", WRONG),
            ("utf-8", "Привет, ", b"\xe9", "друзья", WRONG),
            ("", "Привет, ", b"\xe9", "друзья", WRONG),
            ("shift_jis", "日本", b"\xff", "日本", WRONG),
            ("gbk", "你好", b"\xff", "你好", WRONG),
            ("gbk", "你好", b"\x80", "你好", "€"),
            ("gbk", "你好", b"\x81", " 你好", WRONG),
            ("euc-kr", "안녕", b"\xff", "안녕", WRONG),
            ("big5", "您好", b"\xff", "您好", WRONG),
            ("euc-jp", "日本", b"\xff", "日本", WRONG),
            ("windows-1252", "a", b"\0", "b", WRONG),
        ):
            with self.subTest(charset=charset, stray=stray):
                head = f"<meta charset={charset}>" if charset else ""
                content = head.encode() + stray.join(
                    (encode(before, charset), encode(after, charset))
                )
                text = decode_html(content)
                self.assertEqual(text.partition(">")[2] or text, before + wrong + after)

    def test_short_texts_are_read_as_they_are_declared(self):
        # Whose bytes could be UTF-8 as well.
        text = "联通"
        content = META.format("gb2312", text).encode("gbk")
        self.assertEqual(decode_html(content), META.format("utf-8", text))

    def test_a_declaration_in_a_comment_is_none(self):
        comment = "<!-- <meta charset=koi8-r> -->"
        content = comment.encode() + META.format("windows-1251", "Привет").encode(
            "cp1251"
        )
        self.assertEqual(decode_html(content), comment + META.format("utf-8", "Привет"))

    def test_what_declares_nothing_is_detected(self):
        for charset, text in (
            ("cp1252", "Zo\xeb;zoe@example.com"),
            ("cp1252", "Liebe Grüße aus München, schöne Größe"),
            ("cp1251", "Привет, дорогие друзья! Сегодня мы рады сообщить новости"),
            ("cp1253", "Καλημέρα σας, τα νέα της ημέρας"),
            ("cp932", "こんにちは、本日のニュースをお届けします。㈱サンプル"),
            ("euc_jp", "こんにちは、本日のニュースをお届けします。"),
            ("iso2022_jp", "こんにちは"),
            ("gb18030", "你好，今天我们为您带来最新消息。"),
            ("cp949", "안녕하세요. 오늘의 소식을 전해 드립니다."),
            ("utf-16", "Zo\xeb;zoe@example.com"),
            ("utf-8-sig", "Zo\xeb;zoe@example.com"),
        ):
            with self.subTest(charset):
                self.assertEqual(decode_text(text.encode(charset)), text)

    def test_a_megabyte_of_anything(self):
        for piece in (
            b"<meta ",
            b"<meta charset=x>",
            b"<!--",
            b"\x1b$",
            b"\xff",
            b"\x81 ",
            b"<meta charset " * 9,
        ):
            for head in (b"", b"<meta charset=gbk>", b"<meta charset=windows-1252>"):
                with self.subTest(piece=piece, head=head):
                    content = head + piece * (1_000_000 // len(piece))
                    self.assertTrue(decode_html(content))

    @settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(st.binary(max_size=200), st.sampled_from(sorted(MULTIBYTE) + ["koi8-u"]))
    def test_whatever_the_bytes_nothing_is_refused(self, content, charset):
        head = META.format(charset, "padding " * 1000).encode()
        self.assertIsInstance(decode_html(head + content), str)

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
            b"\x7fELF\x02\x01\x01\0\0\0" * 20 + b"text " * 100,
            "<p>x</p>".encode("utf-16-le"),
        ):
            with self.subTest(content), self.assertRaises(ValueError):
                decode_html(content)
