from odoo.tests import BaseCase, tagged

from ..tools.email_background import find_background
from ..tools.email_html import add_details, complete_links

LINKS = {
    "online_text": "See online",
    "unsubscribe_text": "Unsubscribe here",
    "unsubscribe_url": "[[UNSUB_LINK_EN]]",
}
SAND = '<table width="100%%" bgcolor="#f7f3ee"><tr><td>%s</td></tr></table>'
PAGE = SAND % '<table width="560" bgcolor="#ffffff"><tr><td>Hi</td></tr></table>'
HIDDEN = '<div style="display: none;">Before all else</div>'


@tagged("post_install", "-at_install")
class TestEmailBackground(BaseCase):
    """The color that is behind the whole of an email."""

    def test_that_of_the_body_or_of_what_all_is_in(self):
        for html, color in (
            (PAGE, "#f7f3ee"),
            (f"<style>p{{}}</style>\n{PAGE}\n<!-- end -->", "#f7f3ee"),
            (f"{HIDDEN}{PAGE}", "#f7f3ee"),
            (f"{PAGE}\n{PAGE}", "#f7f3ee"),
            (f"<center>\n<div>{PAGE}</div></center>", "#f7f3ee"),
            ('<div style="background:gold">a<p>b</p>c</div>', "#ffd700"),
            (f"<body bgcolor=gold>{PAGE}", "#ffd700"),
            ("<table style='width:100%;background:gold'><td>x", "#ffd700"),
        ):
            with self.subTest(html):
                self.assertEqual(find_background(html), color)

    def test_none_where_something_is_beside_it_or_it_is_narrow(self):
        for html in (
            "",
            "<p>Hi</p>",
            f"Hi{PAGE}",
            f"{PAGE}Bye",
            PAGE + PAGE.replace("#f7f3ee", "gold"),
            f"<div>{PAGE}<img src=x></div>",
            PAGE.replace('"100%"', '"600"'),
            '<table bgcolor="gold"><tr><td>x</td></tr></table>',
            '<div style="max-width:600px;background:gold">x</div>',
            f'<div style="width:600px">{PAGE}</div>',
            '<p style="background:gold">x</p>',
            '<div style="background:url(x.png)">x</div>',
        ):
            with self.subTest(html):
                self.assertEqual(find_background(html), "")

    def test_lines_that_are_added_have_it_too(self):
        for html, color in ((PAGE, "#666666"), (SAND % "x", "#666666")):
            added = add_details(complete_links(html, **LINKS), ["Our company"])
            with self.subTest(html):
                self.assertEqual(added.count("background-color:#f7f3ee;"), 3)
                self.assertEqual(added.count(f";color:{color};"), 3)
        dark = complete_links(PAGE.replace("#f7f3ee", "#1a2436"), **LINKS)
        self.assertEqual(dark.count("background-color:#1a2436;color:#ffffff;"), 2)

    def test_the_body_has_its_own_behind_them(self):
        added = complete_links(f"<body bgcolor=gold>{PAGE}</body>", **LINKS)
        self.assertNotIn("background-color", added)
