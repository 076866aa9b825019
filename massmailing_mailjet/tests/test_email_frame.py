from odoo.tests import BaseCase, tagged

from ..tools.colors import choose_text_color, get_contrast, parse_color
from ..tools.email_frame import find_frame, find_layout_color
from ..tools.email_html import complete_links
from ..tools.email_reader import read_email

LINKS = {
    "online_text": "See online",
    "unsubscribe_text": "Unsubscribe here",
    "unsubscribe_url": "[[UNSUB_LINK_EN]]",
}
# As the editor writes it: Outlook has a cell of its own.
FRAME = (
    '<table class="o_layout" style="background-color: #f8f9fa;"><tbody><tr><td>'
    '<style>td{}</style><table class="o_mail_wrapper"><tbody><tr>'
    '<!--[if mso]><td class="o_mail_wrapper_td" style="width:720px"><![endif]-->'
    '<!--[if !mso]><!-- --><td class="oe_structure o_mail_wrapper_td" '
    "style=\"font-family: Arial, 'Some Font'; background-color: #ffffff;\">"
    "<!--<![endif]-->\n%s\n</td></tr></tbody></table></td></tr></tbody></table>"
)
START, END = "<!--<![endif]-->", "</td></tr></tbody></table></td></tr></tbody></table>"
DARK = '<table style="background-color: rgb(26, 36, 54);"><tr><td>%s</td></tr></table>'


def blocks(html):
    """Return the two lines that are added to an email."""
    added = complete_links(html, **LINKS)
    return [
        added[at : added.index("</div>", at)]
        for at in (added.index('<div style="padding'), added.rindex('<div style="padd'))
    ]


@tagged("post_install", "-at_install")
class TestEmailFrame(BaseCase):
    """The links of every email within the frame that Odoo's editor has made."""

    def test_the_links_are_first_and_last_in_it(self):
        html = FRAME % (DARK % "<p>Hi</p>")
        added = complete_links(html, **LINKS)
        self.assertIn(f"{START}<div", added)
        self.assertIn(f"</div>{END}", added)
        online, unsubscribe = blocks(html)
        self.assertEqual(
            added.replace(f"{online}</div>", "").replace(f"{unsubscribe}</div>", ""),
            html,
        )
        words = read_email(added).words
        self.assertEqual(words, "See online Hi Unsubscribe here")

    def test_they_look_like_what_they_stand_beside(self):
        html = FRAME % (DARK % '<p style="font-family:Georgia">Hi</p>' + "<p>Bye</p>")
        online, unsubscribe = blocks(html)
        self.assertIn("background-color:#1a2436;color:#ffffff;", online)
        self.assertNotIn("background", unsubscribe)
        self.assertIn("color:#666666;", unsubscribe)
        for block in (online, unsubscribe):
            self.assertIn("font-family:georgia;", block)
            self.assertIn("text-decoration:underline;", block)
        online, _unsubscribe = blocks(FRAME % "Hi")
        self.assertIn("font-family:arial, &#39;some font&#39;;", online)

    def test_the_frame_of_plain_text(self):
        html = FRAME % "Hi"
        plain = html.replace("o_mail_wrapper_td", "")
        plain = plain.replace("o_layout", "o_basic_theme")
        added = complete_links(plain, **LINKS)
        self.assertIn(f'{START}<div style="padding:12px 0;text-align:left;', added)
        self.assertIsNone(find_frame(html.replace("o_mail_wrapper_td", "")))

    def test_no_frame_where_something_is_outside_of_it(self):
        html = FRAME % "Hi"
        self.assertTrue(find_frame(html))
        for other in (
            f"<p>Hello</p>{html}",
            f"{html}<img src='x'>",
            html.removesuffix(END),
            html.replace('"oe_structure o_mail_wrapper_td"', '"other"'),
        ):
            with self.subTest(other):
                self.assertIsNone(find_frame(other))

    def test_cells_within_it_do_not_end_it(self):
        inner = "<p>a<br><table><tr><td>b</td></tr></table>"
        html = FRAME % f"{inner}<!--[if mso]></td><![endif]-->"
        self.assertIn(f"</div>{END}", complete_links(html, **LINKS))

    def test_the_color_behind_it(self):
        self.assertEqual(find_layout_color(FRAME % ""), "#f8f9fa")
        transparent = FRAME.replace("#f8f9fa", "transparent")
        self.assertEqual(find_layout_color(transparent % ""), "")
        self.assertEqual(find_layout_color("<p style='color:red'>o_layout</p>"), "")

    def test_without_a_frame_the_color_is_that_of_the_body(self):
        for body, color in (
            ("<body bgcolor=black>", "#ffffff"),
            ("<body style='background:#123 url(x)'>", "#ffffff"),
            ("<body style='background-color:gold'>", "#000000"),
            ("<body>", "#666666"),
            ("", "#666666"),
        ):
            with self.subTest(body):
                for block in blocks(f"{body}<p>Hi</p>"):
                    self.assertIn(f";color:{color};", block)
                    self.assertNotIn("background", block)


@tagged("post_install", "-at_install")
class TestColors(BaseCase):
    """Colors of small print."""

    def test_parse(self):
        for value, expected in (
            ("#FFF", "#ffffff"),
            ("rgb(26, 36, 54) !important", "#1a2436"),
            ("rgba(0,0,0,0)", ""),
            ("rgba(0,0,0,1)", "#000000"),
            ("Gold", "#ffd700"),
            ("transparent", ""),
            ("var(--x)", ""),
            ("", ""),
            ("x" * 5000, ""),
        ):
            with self.subTest(value):
                self.assertEqual(parse_color(value), expected)

    def test_every_background_has_a_readable_color(self):
        steps = range(0, 256, 15)
        for red in steps:
            for green in steps:
                background = f"#{red:02x}{green:02x}80"
                color = choose_text_color(background)
                self.assertGreaterEqual(get_contrast(color, background), 4.5)
