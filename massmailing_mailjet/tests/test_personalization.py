from odoo.tests import BaseCase

from ..tools.personalization import (
    Variable,
    clean_value,
    find_properties,
    find_variables,
    html_to_mailjet,
    render,
    repair_tokens,
    to_mailjet,
)

FIRSTNAME = Variable("contacts", "firstname")
COMPANY = Variable("accounts", "name")


class TestPersonalization(BaseCase):
    """The pure rules of variables."""

    def test_finds_variables_in_every_text(self):
        texts = [
            "Dear $contacts-firstname$,",
            None,
            "$accounts-name|all$ $contacts-firstname$",
        ]
        self.assertEqual(find_variables(*texts), {FIRSTNAME, COMPANY})

    def test_prices_are_no_variables(self):
        for text in (
            "$5 - $10",
            "US$-99$",
            "$contacts$",
            "$Contacts-Name$",
            "a $-b$ c",
        ):
            with self.subTest(text):
                self.assertFalse(find_variables(text))

    def test_becomes_a_contact_property(self):
        for text, expected in (
            ("$contacts-firstname$", '[[data:odoo_contacts_firstname:"friend"]]'),
            ("$contacts-firstname|$", '[[data:odoo_contacts_firstname:""]]'),
            (
                "$contacts-firstname|Madam, Sir$!",
                '[[data:odoo_contacts_firstname:"Madam, Sir"]]!',
            ),
            ("$leads-city$ stays", "$leads-city$ stays"),
            ("", ""),
            (None, ""),
        ):
            with self.subTest(text):
                self.assertEqual(to_mailjet(text, {FIRSTNAME: "friend"}), expected)

    def test_fallbacks_cannot_break_out(self):
        result = to_mailjet('$contacts-firstname|"]]<b>x$', {FIRSTNAME: ""})
        self.assertEqual(result, '[[data:odoo_contacts_firstname:"b x"]]')

    def test_values_are_plain_text_on_one_line(self):
        for value, expected in (
            ("  Ann \n Ash ", "Ann Ash"),
            ('<b>"Ann"</b>', "b Ann /b"),
            ("[[data:x]] {{y}}", "data:x y"),
            (False, ""),
        ):
            with self.subTest(value):
                self.assertEqual(clean_value(value), expected)

    def test_tokens_are_whole_again(self):
        for html, expected in (
            ("<b>$contacts-</b>firstname$", "<b>$contacts-firstname$</b>"),
            ("$contacts-<i>firstname</i>$", "$contacts-firstname$<i></i>"),
            ("&#36;contacts&#45;firstname&dollar;", "$contacts-firstname$"),
            (
                "$contacts-firstname|Dear <b>you</b>$",
                "$contacts-firstname|Dear you$<b></b>",
            ),
            ("$contacts-firstname|A &amp; B$", "$contacts-firstname|A &amp; B$"),
            (
                "<a href='?n=%24contacts-firstname%24'>",
                "<a href='?n=$contacts-firstname$'>",
            ),
            (
                '<a href="?n=%24contacts-firstname%7CMadam%20Sir%24&amp;b=%20">',
                '<a href="?n=$contacts-firstname|Madam Sir$&amp;b=%20">',
            ),
            (
                "100%24 or %24contacts-firstname%24",
                "100%24 or %24contacts-firstname%24",
            ),
            ("$5 <b>and</b> $6, US$-<i>9</i>$", "$5 <b>and</b> $6, US$-<i>9</i>$"),
            ("$contacts-<b", "$contacts-<b"),
            (None, ""),
        ):
            with self.subTest(html):
                self.assertEqual(repair_tokens(html), expected)

    def test_attributes_keep_their_quotation_marks(self):
        fallbacks = {FIRSTNAME: "my friend"}
        for html, expected in (
            (
                '<img alt="Hi $contacts-firstname$">',
                "<img alt='Hi [[data:odoo_contacts_firstname:\"my friend\"]]'>",
            ),
            (
                '<img alt="It\'s $contacts-firstname$" width="9">',
                "<img alt='It&#39;s [[data:odoo_contacts_firstname:\"my friend\"]]' "
                'width="9">',
            ),
            ('<p title="$5">', '<p title="$5">'),
            ('<p title="$leads-city$">', '<p title="$leads-city$">'),
        ):
            with self.subTest(html):
                self.assertEqual(html_to_mailjet(html, fallbacks), expected)

    def test_values_within_an_address_are_encoded(self):
        fallbacks = {FIRSTNAME: "a & b"}
        encoded = '[[data:odoourl_contacts_firstname:"a%20%26%20b"]]'
        plain = '[[data:odoo_contacts_firstname:"a & b"]]'
        for html, expected in (
            (
                '<a href="https://example.com/?n=$contacts-firstname$&amp;m=1">'
                "$contacts-firstname$</a>",
                f"<a href='https://example.com/?n={encoded}&amp;m=1'>{plain}</a>",
            ),
            ("<a href='$contacts-firstname$'>", f"<a href='{plain}'>"),
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

    def test_hostile_html_comes_back_as_it_was(self):
        for piece in (
            "$a<b>",
            "<a $",
            "%24",
            "$a-b|",
            "<a x='$",
            "$" + "<b>" * 9,
            "[[$",
        ):
            with self.subTest(piece):
                html = piece * 100_000
                self.assertEqual(html_to_mailjet(html, {FIRSTNAME: "x"}), html)
