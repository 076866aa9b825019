from html import escape, unescape
from html.parser import HTMLParser
from urllib.parse import parse_qs, quote, urlsplit

from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from ..tools.personalization import html_to_mailjet, render, to_mailjet
from ..tools.property_values import HTML, PREFIXES, TEXT, clean_value, encode, get_cell
from .common import find_properties
from .personalization_common import COMPANY, FIRSTNAME


def _attributes(html):
    """Return the attributes of the only tag, as a browser reads them."""
    found = []
    parser = HTMLParser()
    parser.handle_starttag = lambda _tag, attributes: found.append(attributes)
    parser.feed(html)
    (attributes,) = found
    return attributes


@tagged("post_install", "-at_install")
class TestPersonalizationValues(BaseCase):
    """What stands in the place of variables."""

    def test_values_are_plain_text_on_one_line(self):
        for value, expected in (
            ("  Ann \n Ash ", "Ann Ash"),
            ('<b>"Ann"</b>', '<b>"Ann"</b>'),
            ("[[data:x]] {{y}}", "[[data:x]] {{y}}"),
            ("1\u00a0000\u202f000", "1\u00a0000\u202f000"),
            ("a\x00\x85\u2028b", "a b"),
            (False, ""),
        ):
            with self.subTest(value):
                self.assertEqual(clean_value(value), expected)

    def test_values_within_an_address_are_encoded(self):
        fallbacks = {FIRSTNAME: "a & b"}
        encoded = '[[data:odoourl_contacts_firstname:"a%20%26%20b"]]'
        other = '[[data:odoourl_contacts_firstname:"c%20%26%20d"]]'
        plain = whole = '[[data:odoohtml_contacts_firstname:"a &amp; b"]]'
        for html, expected in (
            (
                '<a href="https://example.com/?n=$contacts-firstname$&amp;m=1">'
                "$contacts-firstname$</a>",
                f"<a href='https://example.com/?n={encoded}&amp;m=1'>{plain}</a>",
            ),
            ("<a href='$contacts-firstname$'>", f"<a href='{whole}'>"),
            ("<a href=$contacts-firstname$>", f"<a href='{whole}'>"),
            (
                "<a href=/?n=$contacts-firstname$ id=a>",
                f"<a href='/?n={encoded}' id=a>",
            ),
            (
                '<a href="/?n=$contacts-firstname|c &amp; d$">',
                f"<a href='/?n={other}'>",
            ),
            (
                '<a href="/?n=$contacts-firstname%7Cc%20%26%20d$">',
                f"<a href='/?n={other}'>",
            ),
            ('<IMG SRC="/$contacts-firstname$.png">', f"<IMG SRC='/{encoded}.png'>"),
        ):
            with self.subTest(html):
                self.assertEqual(html_to_mailjet(html, fallbacks), expected)

    def test_rendering_takes_values_then_fallbacks(self):
        text = to_mailjet(
            "$contacts-firstname|you$ $accounts-name$", {FIRSTNAME: "", COMPANY: "-"}
        )
        name, company = FIRSTNAME.property_name, COMPANY.property_name
        self.assertEqual(find_properties(text), {name, company})
        for values, expected in (
            ({name: "Ann", company: "Ash"}, "Ann Ash"),
            ({name: "", company: r"\1 [[x]]"}, r"you \1 [[x]]"),
            ({}, "you -"),
        ):
            with self.subTest(values):
                self.assertEqual(render(text, values), expected)

    @settings(deadline=None)
    @given(
        before=st.text(st.sampled_from("ab '\"<>&;= ")),
        after=st.text(st.sampled_from("ab '\"<>&;= ")),
        value=st.text(st.sampled_from("ab '\"&;=#3 /<>[]{}%$"), min_size=1),
        mark=st.sampled_from("'\""),
        name=st.sampled_from(["alt", "title", "content", "style"]),
    )
    def test_values_never_leave_their_attribute(self, before, after, value, mark, name):
        html = f"<img {name}={mark}{escape(before)}{FIRSTNAME.token}{escape(after)}"
        composed = html_to_mailjet(f"{html}{mark} id=x>", {FIRSTNAME: ""})
        written = encode(value, HTML)
        seen = render(composed, dict.fromkeys(find_properties(composed), written))
        self.assertEqual(
            _attributes(seen), [(name, f"{before}{value}{after}"), ("id", "x")]
        )

    @settings(deadline=None)
    @given(value=st.text(min_size=1), separator=st.sampled_from(["&amp;", "&", "#"]))
    def test_values_never_leave_their_address(self, value, separator):
        html = f'<a href="https://example.com/?n={FIRSTNAME.token}{separator}m=1">'
        composed = html_to_mailjet(html, {FIRSTNAME: ""})
        (name,) = find_properties(composed)
        seen = render(composed, {name: quote(value, safe="")})
        ((_href, address),) = _attributes(seen)
        self.assertEqual(parse_qs(urlsplit(address).query)["n"], [value])

    @settings(deadline=None)
    @given(st.text(st.sampled_from("ab '\"&;#3<>[]{}%$|\u00a0\u200f\U0001f600")))
    def test_values_are_text_in_html(self, value):
        value = clean_value(value)
        seen = render(
            html_to_mailjet(f"<p>[[{FIRSTNAME.token}]]</p>", {FIRSTNAME: ""}),
            {"odoohtml_contacts_firstname": get_cell(value, HTML)},
        )
        inner = seen.removeprefix("<p>[[").removesuffix("]]</p>")
        self.assertNotRegex(inner, r"[\[\]{}<>]")
        self.assertEqual(unescape(inner), value or " ")

    @settings(deadline=None)
    @given(
        st.text(st.sampled_from("a[]{}%")),
        st.sampled_from(["", "[", "{"]),
        st.sampled_from(["", "[", "{", "%"]),
    )
    def test_values_open_no_variable_in_plain_text(self, value, before, after):
        written = encode(clean_value(value), TEXT)
        self.assertEqual(written.replace("\u200b", ""), value)
        if written:
            text = f"{before}{written}{after}"
            self.assertNotRegex(text, r"\[\[|\{\{|\{%")

    def test_no_cell_is_empty(self):
        for place in PREFIXES:
            with self.subTest(place):
                self.assertTrue(get_cell("", place).strip())
