from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from ..tools.html_entities import decode_attribute
from ..tools.html_tokenizer import tokenize
from ..tools.text_edits import rewrite

# What decides how HTML is read, to be put together in any order.
PIECES = (
    *("<", ">", "</", "<!", "<?", "<!--", "-->", "--!>", "<!-->", "<![CDATA[", "]]>"),
    *('"', "'", "=", "/", " ", "\n", "a", "é", "&amp;", "&lt", "$", "[[", "<a ", "<p>"),
    *("<title>", "</title>", "<style>", "</style ", "<script>", "</script>", "<svg>"),
    *(
        "</svg>",
        "<!--[if mso]>",
        "<![endif]-->",
        "<!--[if !mso]><!-->",
        "href=",
        "<br/>",
    ),
    *(
        "<![if !mso]>",
        "<![endif]>",
        "<!doctype html>",
        "<textarea>",
        "<plaintext>",
        "İ",
    ),
)
documents = st.lists(st.sampled_from(PIECES), max_size=40).map("".join)

quick = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])


def kinds(html):
    return [(token.kind, token.source) for token in tokenize(html)]


def attributes(html):
    return [(found.name, found.value) for found in next(tokenize(html)).attributes]


@tagged("post_install", "-at_install")
class TestHtmlTokenizer(BaseCase):
    @quick
    @given(documents)
    def test_tokens_joined_are_the_text(self, html):
        self.assertEqual("".join(token.source for token in tokenize(html)), html)

    @quick
    @given(documents)
    def test_places_of_attributes(self, html):
        for token in tokenize(html):
            for found in token.attributes:
                start, stop = found.value_start, found.end - len(found.quote)
                self.assertEqual(html[start:stop], found.value or "")
                begin = html[found.start : found.start + len(found.name)]
                if begin.isascii():
                    self.assertEqual(begin.lower(), found.name)

    @quick
    @given(documents)
    def test_rewriting_a_value_changes_it_and_nothing_else(self, html):
        found = next((a for token in tokenize(html) for a in token.attributes), None)
        if found:
            changed = rewrite(html, [found.edit('it\'s "new"')])
            self.assertTrue(changed.startswith(html[: found.start]))
            self.assertTrue(changed.endswith(html[found.end :]))
            again = [a for token in tokenize(changed) for a in token.attributes]
            self.assertIn('it\'s "new"', [a.decoded for a in again])

    def test_a_sign_within_quotation_marks_ends_no_tag(self):
        html = "<a title=\"a > b\" alt='>' href=x>y</a>"
        self.assertEqual(
            kinds(html), [("start", html[:-5]), ("text", "y"), ("end", "</a>")]
        )
        expected = [("title", "a > b"), ("alt", ">"), ("href", "x")]
        self.assertEqual(attributes(html), expected)

    def test_attributes_as_browsers_take_them(self):
        for tag, expected in (
            ("<a b>", [("b", None)]),
            ("<a b=>", [("b", "")]),
            ("<a/b/c=d/>", [("b", None), ("c", "d/")]),
            ("<a ='>'>", [("='", None)]),
            ('<a b="c"d=e>', [("b", "c"), ("d", "e")]),
            ("<a b = \n 'c'>", [("b", "c")]),
            ("<a B=1 b=2>", [("b", "1"), ("b", "2")]),
            ('<a b"c=d>', [('b"c', "d")]),
        ):
            with self.subTest(tag=tag):
                self.assertEqual(attributes(tag), expected)
        token = next(tokenize("<a href=1 HREF=2>"))
        self.assertEqual([a.is_repeated for a in token.attributes], [False, True])
        self.assertEqual(token.get("href").value, "1")

    def test_references_within_attributes(self):
        for value, expected in (
            ("?a=1&copy=2", "?a=1&copy=2"),
            ("?a=1&amp;copy=2", "?a=1&copy=2"),
            ("&copy;&copy &#x41;&#65", "©© AA"),
            ("&notit;&amp&&unknown;", "&notit;&&&unknown;"),
        ):
            self.assertEqual(decode_attribute(value), expected)

    def test_raw_text(self):
        html = "<title><b></title><style>a>b{}</style ><svg><style><b></style></svg>"
        self.assertEqual(
            [source for kind, source in kinds(html) if kind == "raw"], ["<b>", "a>b{}"]
        )
        html = "<script><!--<script></script>--></script>x"
        self.assertEqual(kinds(html)[-1], ("text", "x"))

    def test_comments(self):
        for html, kind in (
            ("<!-- a > b -->", "comment"),
            ("<!-->", "comment"),
            ("<!x>", "comment"),
            ("</3>", "comment"),
            ("<!-- never closed <p>", "comment"),
            ("<?xml version='1.0'?>", "declaration"),
            ("<!DOCTYPE html>", "doctype"),
            ("<![if !mso]>", "revealed"),
            ("<!--[if !mso]><!-->", "revealed"),
            ("<!--[if !mso]><!-- -->", "revealed"),
            ("<!--<![endif]-->", "revealed"),
            ("<a href='never closed>", "broken"),
        ):
            with self.subTest(html=html):
                self.assertEqual(kinds(html), [(kind, html)])

    def test_what_outlook_reads(self):
        html = "<!--[if gte mso 9]><v:rect href='x'><![endif]--><p>"
        tokens = list(tokenize(html))
        self.assertEqual(
            [(token.kind, token.in_outlook) for token in tokens],
            [
                ("outlook start", False),
                ("start", True),
                ("outlook end", False),
                ("start", False),
            ],
        )
        self.assertEqual(tokens[1].get("href").value, "x")
