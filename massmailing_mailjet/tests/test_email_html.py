from odoo.tests import BaseCase, tagged

from ..tools.email_html import (
    add_preview,
    complete_links,
    replace_links,
    translate_links,
    unsubscribe_variable,
)

TEXTS = {
    "online_text": "Online",
    "unsubscribe_text": "Leave & go",
    "unsubscribe_url": "[[UNSUB_LINK_FR]]",
}


@tagged("post_install", "-at_install")
class TestEmailHtml(BaseCase):
    """The links that every mailing carries."""

    def test_adds_both_links_inside_the_body(self):
        before, after = "<html><body class='x'>", "</body></html>"
        html = complete_links(f"{before}<p>Hi</p>{after}", **TEXTS)
        self.assertTrue(html.startswith(before) and html.endswith(after))
        online, unsubscribe = (
            html.index("[[PERMALINK]]"),
            html.index("[[UNSUB_LINK_FR]]"),
        )
        self.assertLess(online, html.index("<p>Hi</p>"))
        self.assertLess(html.index("<p>Hi</p>"), unsubscribe)
        self.assertIn("Leave &amp; go", html)

    def test_a_fragment_gets_them_around_it(self):
        html = complete_links("<p>Hi</p>", **TEXTS)
        self.assertRegex(html, r"^<div .*PERMALINK.*<p>Hi</p><div .*UNSUB_LINK_FR")

    def test_keeps_what_is_there_to_the_byte(self):
        html = (
            '<BODY><a href="[[PERMALINK]]">x</a>\r\n\t<IMG src=a>'
            '<a href="[[UNSUB_LINK_EN]]">bye</a></BODY>'
        )
        self.assertEqual(complete_links(html, **TEXTS), html)

    def test_the_links_keep_their_order_where_the_end_comes_before_the_start(self):
        html = complete_links("</html><!doctype html>", **TEXTS)
        self.assertRegex(html, r"^</html><!doctype html><div .*PERMALINK.*UNSUB_LINK")

    def test_translates_the_links_of_odoos_blocks(self):
        html = translate_links(
            '<a class="a" href="/unsubscribe_from_list">u</a><a href="/view">v</a>'
            '<a href="https://example.com/file/view">w</a>',
            "[[UNSUB_LINK_FR]]",
        )
        self.assertEqual(
            html,
            '<a class="a" href="[[UNSUB_LINK_FR]]">u</a><a href="[[PERMALINK]]">v</a>'
            '<a href="https://example.com/file/view">w</a>',
        )

    def test_the_preview_is_the_first_text(self):
        html = add_preview("<body><p>Hi</p></body>", " News & <b>more</b> ")
        self.assertRegex(
            html,
            r"^<body><div style=.display:none[^>]*>"
            r"News &amp; &lt;b&gt;more&lt;/b&gt;</div><p>",
        )
        self.assertEqual(add_preview("<p>Hi</p>", "  "), "<p>Hi</p>")

    def test_a_test_has_no_live_links(self):
        addresses = ("/view", "/bye", "/choose")
        html = complete_links("<p>Hi</p>", **TEXTS, preferences_text="Choose")
        html = replace_links(html, *addresses)
        self.assertNotIn("[[", html)
        for address in addresses:
            self.assertEqual(html.count(f'href="{address}"'), 1)

    def test_language_of_the_unsubscribe_page(self):
        languages = ("EN", "FR")
        for language, expected in (
            ("fr_BE", "FR"),
            ("en_US", "EN"),
            ("pt_PT", "EN"),
            (None, "EN"),
        ):
            with self.subTest(language):
                self.assertEqual(
                    unsubscribe_variable(language, languages),
                    f"[[UNSUB_LINK_{expected}]]",
                )
