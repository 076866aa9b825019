from odoo.tests import BaseCase, tagged

from ..tools.plain_text import html_to_text

CASES = {
    "paragraphs": ("<p>One</p><p>Two\n  lines</p>", "One\n\nTwo lines"),
    "line breaks": ("<div>One<br/>Two</div><div>Three</div>", "One\nTwo\n\nThree"),
    "a link": (
        '<p>See <a href="https://example.com/a?b=1&amp;c=2">our site</a>.</p>',
        "See our site <https://example.com/a?b=1&c=2>.",
    ),
    "a link that is its own text": (
        '<a href="https://example.com">https://example.com</a>',
        "https://example.com",
    ),
    "an address that is its own text": (
        '<a href="mailto:ann@example.com">ann@example.com</a>',
        "ann@example.com",
    ),
    "an anchor": ('<a href="#top">Top</a>', "Top"),
    "an image in a link": (
        '<a href="https://example.com"><img src="x.png" alt="Our shop"></a>',
        "Our shop <https://example.com>",
    ),
    "an image without words": ('<p>A<img src="x.png">B</p>', "AB"),
    "lists": ("<ul><li>One</li><li>Two</li></ul>After", "- One\n\n- Two\n\nAfter"),
    "cells": ("<table><tr><td>A</td><td>B</td></tr></table>", "A B"),
    "a rule": ("A<hr>B", "A\n\n---\n\nB"),
    "what is not shown": (
        "<head><title>T</title><style>p{}</style></head><body><script>x()</script>"
        '<div style="display: none">hidden</div>shown<!-- note --> too</body>',
        "shown too",
    ),
    "invisible signs": ("<p>A\u200b\u034f&nbsp;&zwnj;B\u00ad</p>", "A B"),
    "conditional comments": ("<!--[if mso]><table><![endif]--><p>A</p>", "A"),
    "variables": (
        '<p>Dear $contacts-firstname|reader$</p><a href="https://example.com/'
        '?n=$contacts-firstname$">x</a>',
        "Dear $contacts-firstname|reader$\n\n"
        "x <https://example.com/?n=$contacts-firstname$>",
    ),
    "nothing": ("", ""),
    "no text": ("<!-- -->", ""),
    "unclosed": ("<p>A <b>B<p>C", "A B\n\nC"),
}


@tagged("post_install", "-at_install")
class TestPlainText(BaseCase):
    """The plain text that an e-mail's HTML becomes."""

    def test_cases(self):
        for name, (html, text) in CASES.items():
            with self.subTest(name):
                self.assertEqual(html_to_text(html), text)

    def test_deep_and_large_newsletters(self):
        deep = "<table><tr><td>" * 400 + "core" + "</td></tr></table>" * 400
        self.assertEqual(html_to_text(deep), "core")
        large = "<p>A line of text.</p>" * 100_000
        self.assertEqual(html_to_text(large).count("A line of text."), 100_000)
