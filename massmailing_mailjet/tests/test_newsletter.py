import base64
import io
import re
import zipfile
from pathlib import Path

from odoo.exceptions import AccessError
from odoo.tests import HttpCase, new_test_user, tagged, users

from ..tools import newsletter_file
from ..tools.html_limits import MAX_BYTES, MAX_TAGS
from .common import MailjetCase
from .test_image_check import make_bomb, make_image

PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVQI12P4z8AAAAMBAQAY3Y2wAAAA"
    "AElFTkSuQmCC"
)


def encode(content):
    return base64.b64encode(content).decode()


def make_zip(files, way=zipfile.ZIP_STORED):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", way) as archive:
        for path, content in files.items():
            archive.writestr(path, content)
    return encode(buffer.getvalue())


@tagged("post_install", "-at_install")
class TestNewsletter(MailjetCase, HttpCase):
    """Files that a user adds to a mailing."""

    def setUp(self):
        super().setUp()
        self.mailing = self._make_mailing()
        self.files = self.env["mailjet.html.import"].with_user(self.user)

    def _read(self, files):
        return self.files.read_file(self.mailing.id, "news.zip", make_zip(files))

    def test_images_of_a_zip_are_public_and_hard_to_guess(self):
        answer = self._read(
            {"a.html": '<P><img src="img/a.png" alt="é">'.encode(), "img/a.png": PIXEL}
        )
        self.assertFalse(answer["warning"])
        (url,) = re.findall(r'^<P><img src="(.*)" alt="é">$', answer["html"])
        base_url = self.mailing.get_base_url()
        self.assertTrue(url.startswith(base_url))
        path = url.removeprefix(base_url)
        response = self.url_open(path)
        self.assertEqual(response.status_code, 200)
        self.assertEqual(response.headers["Content-Type"], "image/png")
        without_token = self.url_open(path.partition("?")[0])
        self.assertNotEqual(without_token.content, response.content)

    def test_the_mailing_itself_stays_as_it_is(self):
        before = self.mailing.body_code
        self._read({"a.html": "<p>new"})
        self.assertEqual(self.mailing.body_code, before)

    def test_what_arrives_is_what_was_uploaded(self):
        html = "<BODY>\r\n<P>Caf\u00e9  $contacts-name$</p>\r\n</BODY>"
        answer = self.files.read_file(
            self.mailing.id, "a.html", encode(html.encode("cp1252"))
        )
        self.assertEqual(answer, {"html": html, "warning": False})
        self.mailing.body_code = answer["html"]
        self.assertEqual(self.mailing.body_code, html)

    def test_files_of_any_charset_arrive_as_they_were_written(self):
        head = "<meta http-equiv='Content-Type' content='text/html;charset={}'><p>"
        for charset, content, text in (
            ("Shift_JIS", b"\x87\x8a\x83T \x87@", "㈱サ ①"),
            ("gb2312", "你好䶮".encode("gb18030"), "你好䶮"),
            ("ks_c_5601-1987", b"\x8cc \xbe\xc8", "똠 안"),
            ("euc-jp", b"\xad\xea\xa5\xb5 \xad\xa1", "㈱サ ①"),
            ("windows-1252", b"caf\xe9 \x81", "café \x81"),
            ("utf-8", b"caf\xc3\xa9 \xd0\x9f\xe9", "café П\ufffd"),
        ):
            with self.subTest(charset):
                data = encode(head.format(charset).encode() + content)
                answer = self.files.read_file(self.mailing.id, "a.html", data)
                self.assertEqual(answer["html"], head.format("utf-8") + text)

    def test_images_that_are_missing_are_named(self):
        images = "".join(f'<img src="{number}.png">' for number in range(7))
        warning = self._read({"a.html": images})["warning"]
        self.assertIn("0.png, 1.png, 2.png, 3.png, 4.png and 2 more", warning)

    def test_images_that_cannot_be_shown_are_named_and_nothing_is_lost(self):
        html = '<p>a</p><img src="a.png"><img src="b.png"><img src="c.png"><p>b</p>'
        answer = self._read(
            {
                "a.html": html,
                "a.png": PIXEL,
                "b.png": PIXEL[:-20],
                "c.png": make_bomb(60_000, 60_000),
            }
        )
        self.assertIn("50 million pixels: b.png, c.png", answer["warning"])
        self.assertTrue(
            answer["html"].endswith('<img src="b.png"><img src="c.png"><p>b</p>')
        )

    def test_style_sheets_are_taken_in_or_named(self):
        link = '<link rel="stylesheet" href="css/style.css"><p>x'
        answer = self._read({"a.html": link, "css/style.css": "p{color:red}"})
        self.assertEqual(
            answer, {"html": "<style>p{color:red}</style><p>x", "warning": False}
        )
        for files in ({"a.html": link}, {"a.html": link, "style.css": "p{}"}):
            answer = self._read(files)
            self.assertEqual(answer["html"], link)
            self.assertIn("style sheets are missing", answer["warning"])
            self.assertIn("css/style.css", answer["warning"])

    def test_a_linked_file_arrives_as_it_is(self):
        for content in (make_bomb(60_000, 60_000), make_image("JPEG")[:400]):
            file = self.files.host_file(self.mailing.id, "a.png", encode(content))
            path = file["url"].removeprefix(self.mailing.get_base_url())
            self.assertEqual(self.url_open(path).content, content)

    def test_an_inline_image_that_cannot_be_shown(self):
        mailing = self.mailing.with_user(self.user)
        before = mailing.body_code
        for words, content in (
            ("more than 50 million pixels", make_bomb(60_000, 60_000).ljust(2000)),
            ("is damaged", make_image("JPEG", (200, 200))[:2000]),
        ):
            html = f'<p>a</p><img src="data:image/png;base64,{encode(content)}"><p>b'
            with self.subTest(words), self.assertRefused(words):
                mailing.body_code = html
            mailing.invalidate_recordset()
            self.assertEqual(mailing.body_code, before)
        place = '<p>a</p><img src="data:image/gif;base64,AAAA"><p>b'
        mailing.body_code = place
        self.assertEqual(mailing.body_code, place)

    def test_an_inline_image_that_the_editor_would_lose(self):
        """Odoo's HTML fields drop an attribute of 10 MB, and whatever follows."""
        data = encode(bytes(range(256)) * 30_000)
        mailing = self._make_mailing(composition="blank").with_user(self.user)
        for words, uri in (
            ("larger than 9.5 MB", f"data:image/avif;base64,{data}"),
            ("larger than 9.5 MB", f"data:image/png,{data}"),
            ("is damaged", f"data:image/png;base64,{data[:-3]}"),
            ("is damaged", f"data:image/png;base64,{data[:5000]}!!{data}"),
        ):
            html = f'<p>a</p><img src="{uri}"><p>END</p>'
            for field in ("body_arch", "body_html"):
                with self.subTest(field=field, uri=uri[:20]), self.assertRefused(words):
                    mailing[field] = html

    def test_an_image_that_the_visual_editor_would_lose_is_refused(self):
        mailing = self._make_mailing(composition="blank").with_user(self.user)
        for uri in (
            "data:image/svg+xml;base64,PHN2Zz4=",
            "data:image/svg+xml,%3Csvg%3E",
            " DATA:image/SVG+xml,x",
            "data&colon;,x",
        ):
            html = f'<p>a</p><img alt="x" src="{uri}">'
            for field in ("body_arch", "body_html"):
                with self.subTest(uri, field=field), self.assertRefused("PNG or JPEG"):
                    mailing[field] = html
            mailing.body_code = html
            self.assertEqual(mailing.body_code, html)
        for uri in ("data:image/avif;base64,AAAA", "https://example.com/a.svg"):
            mailing.body_html = f'<img alt="data:" src="{uri}">'
            self.assertIn(uri, mailing.body_html)

    def test_a_large_inline_image_of_the_visual_editor_is_hosted(self):
        image = make_image("PNG", (3500, 3500))
        self.assertGreater(len(image), 8_000_000)
        mailing = self._make_mailing(composition="blank").with_user(self.user)
        for field in ("body_arch", "body_html"):
            mailing[field] = (
                f'<p>a</p><img src="data:image/png;base64,{encode(image)}"><p>END</p>'
            )
            with self.subTest(field):
                self.assertRegex(
                    str(mailing[field]), '<img src="/web/image/[^"]*"/?><p>END</p>'
                )

    def test_html_of_more_than_an_email_may_hold_is_refused(self):
        tags, size = "<b>" * (MAX_TAGS + 1), "é" * (MAX_BYTES // 2 + 1)
        mailing = self._make_mailing(composition="blank").with_user(self.user)
        for field in ("body_arch", "body_html", "body_code"):
            for words, html in (("250,000 tags", tags), ("larger than 5 MB", size)):
                with self.subTest(field, words=words), self.assertRefused(words):
                    mailing[field] = html
        with self.assertRefused("250,000 tags"):
            self._make_mailing(body_code=tags)
        mailing.body_code = "<b>" * MAX_TAGS

    def test_every_trouble_has_its_own_sentence(self):
        html = {"a.html": "x"}
        for words, name, data in (
            ("neither an HTML file nor a zip", "a.pdf", encode(b"%PDF")),
            ("upload was incomplete", "a.html", "no base64"),
            ("“a.html” is empty", "a.html", ""),
            ("cannot be read as text", "a.html", encode(b"\0")),
            ("cannot be opened", "a.zip", encode(b"x")),
            (
                "Compress it again as a standard zip file",
                "a.zip",
                make_zip(html, zipfile.ZIP_LZMA),
            ),
            ("no HTML file", "a.zip", make_zip({"a.png": PIXEL})),
            ("a.html, b.html", "a.zip", make_zip(html | {"b.html": "x"})),
            ("“../b.png”", "a.zip", make_zip(html | {"../b.png": PIXEL})),
            (
                "larger than 5 MB",
                "a.html",
                encode(b"x" * (newsletter_file.MAX_HTML + 1)),
            ),
            ("250,000 tags", "a.html", encode(b"<p>" * (MAX_TAGS + 1))),
        ):
            with self.subTest(words), self.assertRefused(words):
                self.files.read_file(self.mailing.id, name, data)

    def test_every_reason_has_a_sentence(self):
        source = Path(newsletter_file.__file__).read_text()
        reasons = re.findall(
            r'NewsletterFileError\(\s*"(\w+)"|"(\w+_too_large)"', source
        )
        reasons = {one or other for one, other in reasons} | {"too_many_tags"}
        self.assertGreater(len(reasons), 10)
        for reason in reasons:
            with self.subTest(reason):
                error = newsletter_file.NewsletterFileError(reason, 3)
                self.assertTrue(self.files._explain(error))

    def test_a_hosted_file_has_a_link_and_a_size(self):
        for size, expected in ((1, "1 kB"), (1500, "2 kB"), (1_500_000, "1.4 MB")):
            with self.subTest(size):
                content = b"%PDF-1.4".ljust(size)[:size]
                file = self.files.host_file(
                    self.mailing.id, "Prices & co.pdf", encode(content)
                )
                self.assertEqual(file["name"], "Prices & co.pdf")
                self.assertEqual(file["size"], expected)
        response = self.url_open(file["url"].removeprefix(self.mailing.get_base_url()))
        self.assertEqual(response.content, content)
        self.assertIn("attachment", response.headers["Content-Disposition"])

    def test_what_cannot_be_hosted(self):
        too_large = b"x" * (newsletter_file.MAX_FILE + 1)
        for words, content in (("is empty", b""), ("larger than 25 MB", too_large)):
            with self.subTest(words), self.assertRefused(words):
                self.files.host_file(self.mailing.id, "a.pdf", encode(content))

    def test_a_hosted_page_runs_nothing_on_this_site(self):
        page = encode(b"<script>alert(1)</script>")
        file = self.files.host_file(self.mailing.id, "a.html", page)
        response = self.url_open(file["url"].removeprefix(self.mailing.get_base_url()))
        self.assertEqual(response.status_code, 200)
        self.assertIn("attachment", response.headers["Content-Disposition"])
        self.assertNotIn("html", response.headers["Content-Type"])

    def test_only_for_those_who_may_change_the_mailing(self):
        outsider = new_test_user(self.env, "outsider", "sales_team.group_sale_salesman")
        files = self.env["mailjet.html.import"].with_user(outsider)
        for method in (files.read_file, files.host_file):
            with self.subTest(method.__name__), self.assertRaises(AccessError):
                method(self.mailing.id, "a.html", encode(b"x"))

    @users("mailer")
    def test_not_for_a_mailing_that_was_sent(self):
        self.mailing.sudo().state = "done"
        for method in (self.files.read_file, self.files.host_file):
            with self.subTest(method.__name__), self.assertRefused("cannot be changed"):
                method(self.mailing.id, "a.html", encode(b"x"))
