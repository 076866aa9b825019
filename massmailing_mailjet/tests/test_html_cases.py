import base64
import io
import os

from PIL import Image

from odoo.exceptions import UserError
from odoo.tests import BaseCase, tagged, users

from ..tools.email_html import add_preview, complete_links
from ..tools.email_reader import read_email
from ..tools.inline_images import MAX_IMAGE
from ..tools.links import complete_addresses
from ..tools.personalization import html_to_mailjet
from ..tools.plain_text import html_to_text
from ..tools.utm import add_utm_to_html
from ..tools.variables import Variable
from ..tools.visual_html import to_visual
from .common import MailjetCase

LINKS = {
    "online_text": "See online",
    "unsubscribe_text": "Unsubscribe here",
    "unsubscribe_url": "[[UNSUB_LINK_EN]]",
}
XHTML = (
    '<?xml version="1.0" encoding="UTF-8"?>\n<html xmlns="http://www.w3.org/1999/xhtml">'
    "<head><title>t</title></head><body><p>Dear $contacts-firstname|reader$</p></body>"
    "</html>"
)
TWO_BODIES = (
    '<html><head><title>t</title>\n<!--[if mso]>\n<body class="o">\n<![endif]-->\n'
    "<!--[if !mso]><!-->\n<body>\n<!--<![endif]-->\n<p>Hello</p></body></html>"
)
END_IN_COMMENT = "<html><body><p>Hello</p></body></html>\n<!-- end of </body> -->"
STYLE_FIRST = (
    "<style>p{color:red}</style><section><p>Lost words</p></section><p>Kept words</p>"
)
WRAPPED = "<p>Dear $contacts-function|Madam,\nSir$, welcome</p>"
BASE = (
    '<html><head><base href="https://www.example.net/news/"></head><body><a '
    'href="/contact">c</a> <a href="next">n</a><a href="#x">x</a> <img src="/logo.png" '
    'alt="l"></body></html>'
)
HTML_5 = ("section", "header", "main", "article", "figure", "nav", "aside", "footer")


@tagged("post_install", "-at_install")
class TestHtmlCases(BaseCase):
    """Emails that were read wrongly once."""

    def test_links_and_preview_go_where_mailboxes_show_them(self):
        for html, start, end in (
            (TWO_BODIES, "\n<body>", "</body>"),
            (END_IN_COMMENT, "<body>", "</body></html>\n"),
            ("<p>Hi</p><!-- open", "", "<!-- open"),
            ("<p>Hi</p><style>p{", "", "<style>p{"),
            ("<p>Hi</p><a href='x", "", "<a href='x"),
            ("<p title='</body>'>Hi</p></body>", "", "</body>"),
            ("<style>/*<body>*/</style><p>Hi</p>", "</style>", ""),
            ("<!doctype html><title><body></title><p>x", "</title>", ""),
            ("<body><p>a</p></body><p>b</p><!-- </body> -->", "<body>", ""),
            ("<body title='a>b'><p>Hi</p></body>", "'a>b'>", "</body>"),
        ):
            with self.subTest(html):
                whole = add_preview(complete_links(html, **LINKS), "Inside")
                at_start = whole.index('<div style="display:none')
                self.assertTrue(whole[:at_start].endswith(start))
                self.assertLess(at_start, whole.index("[[PERMALINK]]"))
                link = whole.index('<div style="padding', whole.index("[[PERMALINK]]"))
                behind = whole[whole.index("</div>", link) + len("</div>") :]
                self.assertTrue(behind.startswith(end))
                email = read_email(whole)
                self.assertTrue(email.words.startswith("See online"))
                self.assertTrue(email.words.endswith("Unsubscribe here"))

    def test_a_link_in_a_comment_or_for_outlook_is_none(self):
        for html in (
            "<p>Hi</p><!-- [[UNSUB_LINK_EN]] -->",
            "<p>Hi</p><!--[if mso]><a href='[[UNSUB_LINK_EN]]'>x</a><![endif]-->",
            "<style>/* [[UNSUB_LINK_EN]] */</style><p>Hi</p>",
        ):
            with self.subTest(html):
                email = read_email(complete_links(html, **LINKS))
                urls = [link.url for link in email.links]
                self.assertEqual(urls.count("[[UNSUB_LINK_EN]]"), 1)

    def test_words_of_html_5(self):
        for name in HTML_5:
            for first in (
                "<style>p{}</style>",
                "<meta charset=utf-8>",
                "<title>t</title>",
            ):
                html = f"{first}<{name}><p>Lost words</p></{name}><p>Kept words</p>"
                with self.subTest(html):
                    self.assertEqual(html_to_text(html), "Lost words\n\nKept words")
                    self.assertIn("Lost words", to_visual(html))
                    self.assertEqual(read_email(html).words, "Lost wordsKept words")

    def test_a_base_of_its_own(self):
        self.assertEqual(complete_addresses(BASE, "https://odoo.example.com"), BASE)
        added = add_utm_to_html(BASE, {"utm_source": "x"})
        for url in ("/contact?utm_source=x", "next?utm_source=x"):
            self.assertIn(f'href="{url}"', added)
        self.assertIn('href="#x"', added)

    def test_local_addresses_lead_to_this_site(self):
        site = "https://odoo.example.com"
        for html, expected in (
            ('<a href="/x?a=1&amp;b">', f'<a href="{site}/x?a=1&amp;b">'),
            ("<img src=/x.png>", f'<img src="{site}/x.png">'),
            ('<td background="/x.png">', f'<td background="{site}/x.png">'),
            (
                "<td style=\"background:url('/x.png')\">",
                f"<td style=\"background:url('{site}/x.png')\">",
            ),
            (
                '<td style="background:url(&quot;/x.png&quot;)">',
                f'<td style="background:url(&quot;{site}/x.png&quot;)">',
            ),
            ("<style>a{b:url(/x)}</style>", f"<style>a{{b:url({site}/x)}}</style>"),
            (
                '<!--[if mso]><v:fill src="/x.png"/><![endif]-->',
                f'<!--[if mso]><v:fill src="{site}/x.png"/><![endif]-->',
            ),
            ('<a href="//example.net/x">', '<a href="//example.net/x">'),
            (
                "<!-- <a href='/x'> --><a title='/x'>",
                "<!-- <a href='/x'> --><a title='/x'>",
            ),
            ('<base href="#"><a href="/x">', f'<base href="#"><a href="{site}/x">'),
        ):
            with self.subTest(html):
                self.assertEqual(complete_addresses(html, site), expected)

    def test_variables_stand_where_values_are_read(self):
        known = {Variable("contacts", "function"): ""}
        for html in (WRAPPED, WRAPPED.replace("\n", "\r\n")):
            self.assertNotIn("$", html_to_mailjet(html, known))
        for html in (
            "<!-- $contacts-function$ -->",
            "<style>/* $contacts-function$ */</style>",
            "<p>$contacts-function|a</p><p>b$</p>",
            "<p>1 $contacts-function|</p><td>$</td>",
        ):
            with self.subTest(html):
                self.assertEqual(html_to_mailjet(html, known), html)
        for html in (
            "<title>$contacts-function$</title>",
            "<!--[if mso]><p>$contacts-function$</p><![endif]-->",
            "<p>$contacts-function|Madam,<br>\nSir$</p>",
        ):
            with self.subTest(html):
                self.assertIn("[[data:", html_to_mailjet(html, known))


@tagged("post_install", "-at_install")
class TestHtmlCasesOfUsers(MailjetCase):
    """The same, as a user adds them: uploaded or pasted, then looked at and sent."""

    @users("mailer")
    def test_every_screen_shows_them(self):
        for html, words in (
            (XHTML, "Dear "),
            (TWO_BODIES, "Hello"),
            (END_IN_COMMENT, "Hello"),
            (STYLE_FIRST, "Lost words"),
            (WRAPPED, ", welcome"),
            (BASE, "c"),
        ):
            with self.subTest(html):
                mailing = self._make_mailing(self.people)
                data = base64.b64encode(html.encode()).decode()
                files = self.env["mailjet.html.import"]
                mailing.body_code = files.read_file(mailing.id, "a.html", data)["html"]
                preview = mailing.get_preview()
                self.assertIn(words, read_email(preview["html"]).words)
                self.assertIn(words, preview["text"])
                self.assertNotIn("$", preview["html"] + preview["text"])
                red = [
                    finding["name"]
                    for finding in mailing.get_checks()["findings"]
                    if finding["level"] == "red"
                ]
                self.assertEqual(red, [])
                row = mailing.env["mailjet.recipient"].search(
                    [("mailing_id", "=", mailing.id)], limit=1
                )
                test = mailing._compose_test(row, "https://example.com/v")
                self.assertIn(words, read_email(test[1]).words)
                self.assertIn(words, test[2])

    @users("mailer")
    def test_a_large_image_loses_nothing(self):
        """libxml2 drops an attribute of 10 MB, and whatever follows."""
        noise = Image.frombytes("RGB", (1700, 1700), os.urandom(3 * 1700 * 1700))
        noise.save(picture := io.BytesIO(), "PNG")
        image = base64.b64encode(picture.getvalue()).decode()
        html = f'<p>a</p><img alt="" src="data:image/png;base64,{image}"/><p>END</p>'
        mailing = self._make_mailing()
        mailing.write({"body_arch": html, "body_html": html, "body_code": html})
        for field in ("body_arch", "body_html", "body_code"):
            with self.subTest(field):
                self.assertRegex(str(mailing[field]), r'src="/web/image/\d+')
                self.assertIn("<p>END</p>", str(mailing[field]))

    @users("mailer")
    def test_an_image_that_is_too_large_is_refused(self):
        mailing = self._make_mailing()
        image = base64.b64encode(bytes(MAX_IMAGE + 1)).decode()
        with self.assertRaisesRegex(UserError, "larger than 25"):
            mailing.body_code = f'<img src="data:image/png;base64,{image}">'

    @users("mailer")
    def test_what_looks_like_a_variable_is_never_sent(self):
        for html in (
            "<p>$contacts-function|a</p><p>b</p>",
            "<p>$contacts-</p><p>function$</p>",
            "<p>$contacts-function|Sir\n\n$</p><p>$contacts_function$</p>",
        ):
            with self.subTest(html):
                mailing = self._make_mailing(body_code=html)
                found = mailing.get_checks()["findings"]
                levels = {finding["name"]: finding["level"] for finding in found}
                self.assertEqual(levels.get("variables_unknown"), "red")
