import io
import stat
import zipfile
import zlib
from contextlib import suppress

from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from ..exceptions import NewsletterFileError
from ..tools import newsletter_file
from ..tools.html_limits import MAX_TAGS
from ..tools.newsletter_file import read_newsletter
from ..tools.newsletter_images import host_images, image_type
from ..tools.style_sheets import find_missing_styles

PNG = b"\x89PNG\r\n\x1a\n picture"
GIF = b"GIF89a picture"


def make_zip(files):
    """Return a zip of ``path -> content``."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, content in files.items():
            # The name as it is: `writestr` of a name would clean it.
            info = zipfile.ZipInfo()
            info.filename = info.orig_filename = path
            info.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(info, content)
    return buffer.getvalue()


@tagged("post_install", "-at_install")
class TestNewsletterFile(BaseCase):
    """Newsletters made elsewhere."""

    def _read(self, files):
        return read_newsletter("a.zip", make_zip(files))

    def _host(self, html, **images):
        """Return the HTML with its images hosted, and the paths that are missing."""
        newsletter = newsletter_file.Newsletter(
            html, "", {path: ("image/png", PNG) for path in images.pop("paths")}
        )
        return host_images(newsletter, lambda path, *_image: f"https://h/{path}")

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

    def test_style_sheets_of_a_zip_are_taken_in(self):
        html = '<link REL=stylesheet href="css/a.css"{}><p>x'
        for files, attributes, expected in (
            ({"css/a.css": "p{color:red}"}, "", "<style>p{color:red}</style>"),
            (
                {"CSS/A.css": "p{color:red}"},
                ' media="print"',
                '<style media="print">p{color:red}</style>',
            ),
            (
                {"css/a.css": "p{background:url('../i/a.png')}", "i/a.png": PNG},
                "",
                "<style>p{background:url('css/../i/a.png')}</style>",
            ),
            (
                {
                    "css/a.css": "@import 'b.css';@import url(x/c.css) print;p{}",
                    "css/b.css": "b{}",
                    "css/x/c.css": "c{background:url(d.png)}",
                },
                "",
                "<style>b{}@media print{c{background:url(css/x/d.png)}}p{}</style>",
            ),
            (
                {"css/a.css": b'@charset "windows-1252";p:after{content:"\xe9"}'},
                "",
                '<style>@charset "windows-1252";p:after{content:"\xe9"}</style>',
            ),
            (
                {"css/a.css": "/*</style><script>*/"},
                "",
                r"<style>/*<\/style><script>*/</style>",
            ),
        ):
            with self.subTest(expected):
                newsletter = self._read({"a.html": html.format(attributes), **files})
                self.assertEqual(newsletter.html, f"{expected}<p>x")
                self.assertFalse(find_missing_styles(newsletter.html))

    def test_images_of_style_sheets_are_hosted(self):
        newsletter = self._read(
            {
                "n/a.html": '<link rel="stylesheet" href="css/a.css">',
                "n/css/a.css": "p{background:url(../i/a.png)}",
                "n/i/a.png": PNG,
            }
        )
        html, missing = host_images(
            newsletter, lambda path, *_image: f"https://h/{path}"
        )
        self.assertEqual(html, "<style>p{background:url(https://h/n/i/a.png)}</style>")
        self.assertFalse(missing)

    def test_style_sheets_that_are_not_there_stay_and_are_named(self):
        html = (
            '<link rel=stylesheet href="gone.css"><link rel=icon href="a.css">'
            '<link rel="alternate stylesheet" href=a.css><!-- <link rel=stylesheet '
            'href=x.css> --><link rel=stylesheet href="https://example.com/b.css">'
            '<link rel=stylesheet href=no.css><style>@import "within.css";</style>'
        )
        newsletter = self._read({"a.html": html, "a.css": "p{}", "no.css": b"\0" * 99})
        self.assertEqual(newsletter.html, html)
        self.assertEqual(
            find_missing_styles(html), ["gone.css", "no.css", "within.css"]
        )

    def test_style_sheets_that_take_in_each_other(self):
        newsletter = self._read(
            {
                "a.html": "<link rel=stylesheet href=a.css>",
                "a.css": "@import 'b.css';",
                "b.css": "@import 'a.css';",
            }
        )
        self.assertIn("<style>", newsletter.html)
        for css, count in (("x" * 1_000_000, 6), ("@import 'a.css';" * 100, 1)):
            with self.assertRaises(NewsletterFileError) as caught:
                self._read(
                    {"a.html": "<link rel=stylesheet href=a.css>" * count, "a.css": css}
                )
            self.assertEqual(caught.exception.reason, "html_too_large")

    def test_large_style_sheets(self):
        for piece in ("@import ", "@import url(", "@import 'a", "url(", "@import x "):
            with self.subTest(piece):
                css = (piece * 1_000_000)[:1_000_000]
                newsletter = self._read(
                    {"a.html": "<link rel=stylesheet href=a.css>", "a.css": css}
                )
                self.assertIn(css[:100], newsletter.html)

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

    def test_only_what_mailboxes_show_is_an_image(self):
        for start, expected in (
            (PNG, "image/png"),
            (GIF, "image/gif"),
            (b"\xff\xd8\xff\xe0", "image/jpeg"),
            (b"RIFF\0\0\0\0WEBPVP8 ", "image/webp"),
            (b"<svg onload='x'>", None),
            (b"<script>", None),
            (b"", None),
        ):
            with self.subTest(start):
                self.assertEqual(image_type(start), expected)

    def test_every_way_to_name_an_image(self):
        for html in (
            '<IMG alt="x" src="{}">\r\n<p>a</P>',
            "<img src='{}'>",
            '<td background="{}">',
            "<td style=\"background:url('{}') no-repeat\">",
            "<td style='background:url({})'>",
            '<td style="background-image: url(&quot;{}&quot;)">',
            "<style>.a { background: url({}) }</style>",
            '<!--[if gte mso 9]><v:fill type="tile" src="{}"/><![endif]-->',
            '<img srcset="{} 1x, {} 2x">',
            '<a href="{}">large</a>',
        ):
            with self.subTest(html):
                result = self._host(
                    html.replace("{}", "images/a.png"), paths=["images/a.png"]
                )
                new = html.replace("{}", "https://h/images/a.png")
                self.assertEqual(result, (new, []))

    def test_an_address_without_quotation_marks_gets_them(self):
        self.assertEqual(
            self._host("<img src=a.png width=1>", paths=["a.png"])[0],
            '<img src="https://h/a.png" width=1>',
        )

    def test_addresses_as_programs_write_them(self):
        for reference in (
            "./images/a b.png",
            "images/a%20b.png",
            "images\\a b.png",
            "/images/a b.png",
            "IMAGES/A B.PNG",
            "x/../images/a b.png",
            "images/a b.png?v=2#x",
        ):
            with self.subTest(reference):
                html, missing = self._host(
                    f'<img src="{reference}">', paths=["images/a b.png"]
                )
                self.assertEqual(html, '<img src="https://h/images/a b.png">')
                self.assertFalse(missing)

    def test_letters_that_are_written_in_two_ways(self):
        html, _missing = self._host(
            '<img src="caf\u00e9.png">', paths=["cafe\u0301.png"]
        )
        self.assertIn("https://h/", html)

    def test_images_lie_beside_their_html(self):
        newsletter = self._read(
            {
                "n/mail.html": '<img src="../top.png"><img src="a.png">',
                "n/a.png": PNG,
                "top.png": GIF,
            }
        )
        html, missing = host_images(newsletter, lambda path, kind, data: f"{path}!")
        self.assertEqual(html, '<img src="top.png!"><img src="n/a.png!">')
        self.assertFalse(missing)

    def test_what_is_not_in_the_zip_stays_and_is_named(self):
        html = (
            '<img src="a.png"><img src="gone.png"><IMG SRC="https://example.com/b.png">'
            '<a href="page.html">x</a><img src="cid:1"><img src="[[data:x]]">'
            '<img src="data:image/png;base64,AAA="><a href="#top">t</a><img src="">'
            '<p style="background:url(gone.png)">$contacts-name$'
            '<img srcset="data:image/png;base64,AA 1x">'
        )
        result, missing = self._host(html, paths=[])
        self.assertEqual(result, html)
        self.assertEqual(missing, ["a.png", "gone.png"])

    def test_each_image_is_hosted_once_and_only_if_it_is_shown(self):
        newsletter = self._read(
            {"a.html": '<img src="a.png">' * 3, "a.png": PNG, "unused.png": PNG}
        )
        hosted = []
        host_images(newsletter, lambda path, *_image: hosted.append(path) or "x")
        self.assertEqual(hosted, ["a.png"])

    def test_hostile_html_comes_back_as_it_was(self):
        for piece in (
            'src="',
            "src='\"",
            "url( ",
            "url('",
            "srcset=",
            "url(&quot;",
            "src=\n",
            "url(\n\n",
        ):
            with self.subTest(piece):
                html = piece * 250_000
                newsletter = newsletter_file.Newsletter(html)
                self.assertEqual(host_images(newsletter, None)[0], html)

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
