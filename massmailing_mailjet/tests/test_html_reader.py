from hypothesis import given
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from ..tools.checks_email import check_leftovers, check_text
from ..tools.css_urls import replace_css_urls
from ..tools.email_html import add_preview, complete_links
from ..tools.email_reader import Link, read_email
from ..tools.html_open_elements import MAX_CROSSED, MAX_DEPTH, MAX_REOPENED
from ..tools.html_reader import Visitor, read
from ..tools.html_tree import normalize
from ..tools.inline_images import replace_inline_images
from ..tools.links import complete_addresses
from ..tools.personalization import html_to_mailjet
from ..tools.plain_text import html_to_text
from ..tools.utm import add_utm_to_html
from ..tools.variables import Variable
from .test_html_tokenizer import documents, quick

LINKS = {
    "online_text": "See online",
    "unsubscribe_text": "Unsubscribe here",
    "unsubscribe_url": "[[UNSUB_LINK_EN]]",
}
NAMES = ("div", "section", "span", "b", "a", "em", "blockquote", "td", "article", "x-y")
words = st.integers(0, 99).map("w{}".format)
trees = st.recursive(
    words,
    lambda inner: st.tuples(st.sampled_from(NAMES), st.lists(inner, max_size=4)),
    max_leaves=20,
)


def write(tree):
    """Return a tree as HTML and its words."""
    if isinstance(tree, str):
        return f" {tree} ", [tree]
    name, inner = tree
    parts = [write(part) for part in inner]
    html = "".join(part for part, _words in parts)
    frame = (
        "<table><tr><{0}>{1}</{0}></tr></table>" if name == "td" else "<{0}>{1}</{0}>"
    )
    return frame.format(name, html), [word for _html, found in parts for word in found]


class Events(Visitor):
    """Notes what it takes, and that all that is opened is closed."""

    def __init__(self):
        self.events, self.stack, self.depth = [], [], 0

    def open(self, name, values):
        self.events.append(f"<{name}>")
        self.stack.append(name)
        self.depth = max(self.depth, len(self.stack))

    def close(self, name):
        self.events.append(f"</{name}>")
        assert self.stack.pop() == name

    def text(self, text, name):
        self.events.append(text)


def events(html):
    taken = Events()
    read(html, taken)
    assert not taken.stack
    return taken


@tagged("post_install", "-at_install")
class TestHtmlReader(BaseCase):
    """What browsers make of HTML."""

    def test_elements(self):
        for html, expected in (
            ("<p>a<p>b", "<p>a</p><p>b</p>"),
            ("<p>a<div>b</div>", "<p>a</p><div>b</div>"),
            ("<ul><li>a<li>b</ul>c", "<ul><li>a</li><li>b</li></ul>c"),
            ("<li>a<ul><li>b</ul><li>c", "<li>a<ul><li>b</li></ul></li><li>c</li>"),
            ("<dl><dt>a<dd>b</dl>", "<dl><dt>a</dt><dd>b</dd></dl>"),
            (
                "<table><tr><td>a<td>b<tr><td>c</table>",
                "<table><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></table>",
            ),
            ("<b>a<i>b</b>c</i>", "<b>a<i>b</i></b><i>c</i>"),
            ("<p><b>a<p>b", "<p><b>a</b></p><p><b>b</b></p>"),
            ("<a>a<a>b", "<a>a</a><a>b</a>"),
            ("<a><div>a</a>b</div>", "<a><div>a</div></a><div>b</div>"),
            ("a</p></div></x>b</br>", "ab<br></br>"),
            ("<div/>a", "<div>a</div>"),
            ("<svg><path/>a</svg>b", "<svg><path></path>a</svg>b"),
            ("<h1>a<h2>b</h1>", "<h1>a</h1><h2>b</h2>"),
            ("<body><body><p>a</body>b", "<p>ab</p>"),
            ("<textarea><b>&amp;</textarea>", "<textarea><b>&</textarea>"),
            ("<!--[if mso]><p>a<![endif]-->b", "b"),
            ("a&nbsp;&lt;&copy&#128;", "a\xa0<©€"),
        ):
            with self.subTest(html):
                seen = "".join(events(html).events)
                self.assertEqual(seen, f"<body>{expected}</body>")

    @quick
    @given(documents)
    def test_whatever_stands_there(self, html):
        taken = events(html)
        self.assertLessEqual(taken.depth, MAX_DEPTH + 1)
        again = normalize(html)
        self.assertEqual(normalize(again), again)

    @quick
    @given(st.lists(trees, max_size=5))
    def test_the_words_of_a_document_in_their_order(self, parts):
        written = [write(part) for part in parts]
        html = "".join(part for part, _words in written)
        expected = [word for _html, found in written for word in found]
        self.assertEqual(html_to_text(html).split(), expected)
        self.assertEqual(read_email(html).words.split(), expected)

    def test_deep_elements_keep_their_words(self):
        html = "<div>" * 100_000 + "core" + "</div>" * 100_000 + "after"
        self.assertEqual(html_to_text(html).split(), ["core", "after"])
        self.assertLessEqual(events(html).depth, MAX_DEPTH + 1)

    def test_crossed_formats_are_opened_again_so_many_times_and_no_more(self):
        piece = f"<p>{'<b>' * MAX_CROSSED}x</p>"
        times = 2 * MAX_REOPENED // MAX_CROSSED
        opened = events(piece * times + "<p>end").events
        tags = times * (MAX_CROSSED + 1) + 1
        elements = sum(event in ("<p>", "<b>", "<body>") for event in opened)
        self.assertGreater(elements, tags)
        self.assertLessEqual(elements, tags + MAX_REOPENED + len(("body",)))
        self.assertEqual(html_to_text(piece * times).split(), ["x"] * times)

    def test_links_and_hidden_elements_that_are_too_deep(self):
        deep = "<div>" * 300
        inner = "<a href='u'>in</a><p style='display:none'>no</p><b>more</b> "
        email = read_email(f"{deep}{inner}{'</div>' * 300}<a href='v'>after</a>")
        self.assertEqual(email.links, [Link("u", "in"), Link("v", "after")])
        self.assertEqual(email.words, "inmore after")
        self.assertEqual(html_to_text(deep + inner), "in <u>more")

    def test_a_script_that_nothing_ends(self):
        once = normalize("<script><!--<script>")
        self.assertEqual(normalize(once), once)

    def test_hostile_emails_end(self):
        """Each takes a fraction of a second; a quadratic one takes minutes."""
        variables = {Variable("contacts", "firstname"): "x"}
        for piece in (
            *("<", "[", "$", "&", "{{", "<!--", "<!-->", "<a href='", "</", "<!", "&#"),
            *(
                "url(",
                "url(a ",
                "[[data:",
                "$a-b|",
                "<p>",
                "<b>",
                "<a>",
                "<td>",
                "<svg>",
            ),
            *(
                "<b></p>",
                "<a><div>",
                "<i><b></i>",
                "<title>",
                "<!--[if mso]>",
                "  \n",
                "é",
            ),
        ):
            text = piece * (150_000 // len(piece))
            for html in (text, f"<p style='{text}'>", f"<style>{text}"):
                with self.subTest(html[:40]):
                    html_to_text(html)
                    read_email(html)
                    add_preview(complete_links(html, **LINKS), "x")
                    add_utm_to_html(html, {"utm_source": "x"})
                    html_to_mailjet(html, variables)
                    complete_addresses(html, "https://example.com")
                    replace_inline_images(f"{html};base64,", self.fail)
                    replace_css_urls(html, lambda url: None)
                    list(check_leftovers(html))
                    list(check_text(html))

    def test_a_number_of_many_digits(self):
        for html in ("&#" + "9" * 10_000 + ";", "<p title='&#x" + "f" * 10_000 + "'>"):
            read_email(html)
            html_to_text(html)
