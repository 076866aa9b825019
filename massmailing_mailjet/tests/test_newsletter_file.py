import io
import stat
import zipfile
import zlib
from contextlib import suppress

from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.tests import tagged

from ..exceptions import NewsletterFileError
from ..tools import newsletter_file
from ..tools.html_limits import MAX_TAGS
from ..tools.newsletter_file import read_newsletter
from .newsletter_file_common import PNG, NewsletterFileCase, make_zip


@tagged("post_install", "-at_install")
class TestNewsletterFile(NewsletterFileCase):
    """Files of newsletters made elsewhere."""

    def test_an_html_file_is_taken_as_it_is(self):
        html = "<BODY bgcolor=white>\r\n\t<P>Caf&eacute; $contacts-name$</p></BODY>\r\n"
        for name in ("a.html", "A.HTM", "news.xhtml", "news.txt"):
            with self.subTest(name):
                self.assertEqual(read_newsletter(name, html.encode()), (html, "", {}))

    def test_a_zip_with_its_images(self):
        for files, folder in (
            ({"index.html": "<p>x", "images/a.png": PNG}, ""),
            ({"News/mail.htm": "<p>x", "News/images/a.png": PNG}, "News"),
            ({"News\\mail.htm": "<p>x", "News\\images\\a.png": PNG}, "News"),
            ({"./mail.html": "<p>x", "./images/a.png": PNG}, ""),
            (
                {
                    "mail.html": "<p>x",
                    "__MACOSX/._mail.html": "x",
                    "._mail.html": "x",
                    ".DS_Store": "x",
                    "images/a.png": PNG,
                },
                "",
            ),
        ):
            with self.subTest(list(files)):
                newsletter = self._read(files)
                self.assertEqual(newsletter.html, "<p>x")
                self.assertEqual(newsletter.folder, folder)
                path = f"{folder}/images/a.png".lstrip("/")
                self.assertEqual(newsletter.images, {path: ("image/png", PNG)})

    def test_which_html_is_meant(self):
        for paths, expected in (
            (["b.html", "archive/old.html"], "b.html"),
            (["a.html", "Index.HTM", "b.html"], "Index.HTM"),
            (["x/a.html", "x/index.html", "x/y/index.html"], "x/index.html"),
        ):
            with self.subTest(paths):
                newsletter = self._read({path: f"<p>{path}" for path in paths})
                self.assertEqual(newsletter.html, f"<p>{expected}")

    def test_ways_to_pack_that_not_every_program_knows(self):
        for way in (zipfile.ZIP_LZMA, zipfile.ZIP_BZIP2):
            buffer = io.BytesIO()
            with zipfile.ZipFile(buffer, "w", way) as archive:
                archive.writestr("a.html", "<p>x" * 100)
            with self.subTest(way), self.assertRaises(NewsletterFileError) as caught:
                read_newsletter("a.zip", buffer.getvalue())
            self.assertEqual(caught.exception.reason, "compression")
        deflate64 = make_zip({"a.html": "<p>x"}).replace(b"\x08\0", b"\x09\0")
        with self.assertRaises(NewsletterFileError) as caught:
            read_newsletter("a.zip", deflate64)
        self.assertEqual(caught.exception.reason, "compression")

    def test_what_cannot_be_taken(self):
        html = {"a.html": "<p>x"}
        whole = make_zip(html)
        locked = bytearray(whole)
        for sign, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
            locked[locked.index(sign) + offset] |= 1
        for reason, name, content in (
            ("wrong_type", "a.pdf", b"%PDF"),
            ("unreadable_text", "a.html", b"\0\0"),
            ("empty", "a.html", b" \r\n"),
            ("empty", "a.html", b""),
            ("html_too_large", "a.html", b"x" * (newsletter_file.MAX_HTML + 1)),
            ("too_many_tags", "a.html", b"<p>" * (MAX_TAGS + 1)),
            ("file_too_large", "a.zip", b"x" * (newsletter_file.MAX_FILE + 1)),
            ("broken_zip", "a.zip", b""),
            ("broken_zip", "a.zip", b"no zip"),
            ("broken_zip", "a.zip", whole[:-30]),
            ("broken_zip", "a.zip", whole.replace(b"a.html", b"b.html", 1)),
            ("locked", "a.zip", bytes(locked)),
            ("no_html", "a.zip", make_zip({"a.png": PNG})),
            ("no_html", "a.zip", make_zip({})),
            ("no_html", "a.zip", make_zip({"inner.zip": whole})),
            ("several_html", "a.zip", make_zip({"a.html": "x", "b.html": "x"})),
            ("several_html", "a.zip", make_zip({"index.html": "x", "index.htm": "x"})),
            ("path_outside", "a.zip", make_zip(html | {"../a.png": PNG})),
            ("path_outside", "a.zip", make_zip(html | {"x/..\\..\\a.png": PNG})),
            ("path_outside", "a.zip", make_zip(html | {"/etc/a.png": PNG})),
            ("path_outside", "a.zip", make_zip(html | {"\\\\host\\a.png": PNG})),
            ("path_outside", "a.zip", make_zip(html | {"C:\\a.png": PNG})),
            (
                "html_too_large",
                "a.zip",
                make_zip({"a.html": b" " * (newsletter_file.MAX_HTML + 1)}),
            ),
            (
                "zip_too_large",
                "a.zip",
                make_zip(html | {"a.png": b"\0" * (newsletter_file.MAX_UNPACKED + 1)}),
            ),
            (
                "too_many_files",
                "a.zip",
                make_zip({f"{number}.html": "" for number in range(1001)}),
            ),
        ):
            with (
                self.subTest(reason=reason, content=content[:40]),
                self.assertRaises(NewsletterFileError) as caught,
            ):
                read_newsletter(name, content)
            self.assertEqual(caught.exception.reason, reason)

    def test_a_zip_that_lies_about_its_sizes(self):
        content = make_zip({"a.html": "<p>x", "b.png": PNG + b"\0" * 100_000})
        packed = zlib.compress(PNG + b"\0" * 100_000)[2:-4]
        self.assertIn(packed[:20], content)
        size = (len(PNG) + 100_000).to_bytes(4, "little")
        lying = content.replace(size, (40).to_bytes(4, "little"))
        with self.assertRaises(NewsletterFileError) as caught:
            read_newsletter("a.zip", lying)
        self.assertEqual(caught.exception.reason, "broken_zip")

    def test_links_of_a_zip_are_not_followed(self):
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w") as archive:
            archive.writestr("a.html", "<p>x")
            link = zipfile.ZipInfo("b.html")
            link.external_attr = (stat.S_IFLNK | 0o777) << 16
            archive.writestr(link, "/etc/passwd")
        self.assertEqual(read_newsletter("a.zip", buffer.getvalue()).html, "<p>x")

    @given(st.data())
    @settings(max_examples=300, deadline=None)
    def test_damaged_zips_are_refused_in_words(self, data):
        content = bytearray(make_zip({"a.html": "<img src=a.png>", "a.png": PNG}))
        for _change in range(data.draw(st.integers(1, 4))):
            content[data.draw(st.integers(0, len(content) - 1))] = data.draw(
                st.integers(0, 255)
            )
        with suppress(NewsletterFileError):
            read_newsletter("a.zip", bytes(content))
