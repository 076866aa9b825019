from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from ..tools.personalization import html_to_mailjet, render, to_mailjet
from ..tools.property_values import ADDRESS, HTML, PREFIXES, get_default
from ..tools.variable_repair import repair_tokens
from ..tools.variables import PropertyNames, Use, find_variables
from .personalization_common import COMPANY, FIRSTNAME


@tagged("post_install", "-at_install")
class TestPersonalization(BaseCase):
    """Which variables a text holds, and how Mailjet gets them."""

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
            ("$contacts-firstname|$", '[[data:odoo_contacts_firstname:" "]]'),
            ("$contacts-firstname|a\nb$", '[[data:odoo_contacts_firstname:"a b"]]'),
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
        text = '$contacts-firstname|"]]<b>[[x$'
        names = PropertyNames()
        result = to_mailjet(text, {FIRSTNAME: ""}, names)
        self.assertEqual(result, '[[data:odoo_contacts_firstname:"<b> x"]]')
        self.assertEqual(list(names.uses.values())[0].fallback, '"]]<b>[[x')
        for place in PREFIXES:
            with self.subTest(place):
                default = get_default('a"]]&amp;<b>[[{{%x', place)
                self.assertNotRegex(default, r'["\[\]{}]')

    def test_each_text_for_empty_values_has_a_property(self):
        names = PropertyNames("ab12", 3)
        html = (
            '<p title="$contacts-firstname|A &amp; B$">$contacts-firstname$ '
            '$contacts-firstname|A &amp; B$<a href="/?n=$contacts-firstname$">'
        )
        html_to_mailjet(html, {FIRSTNAME: "x"}, names)
        self.assertEqual(
            names.uses,
            {
                "odoohtml3_ab12_contacts_firstname": Use(FIRSTNAME, HTML, "A & B"),
                "odoohtml3_ab12_2_contacts_firstname": Use(FIRSTNAME, HTML, "x"),
                "odoourl3_ab12_contacts_firstname": Use(FIRSTNAME, ADDRESS, "x"),
            },
        )

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
            ("$contacts-\ufefffirst\u200bname$", "$contacts-firstname$"),
            ("$con&shy;tacts\u2011first&#8203;name$", "$contacts-firstname$"),
            ("$leads-expected&lowbar;revenue$", "$leads-expected_revenue$"),
            ("&#x24;contacts&#x2D;name&#124;you&#036;", "$contacts-name|you$"),
            ("$contacts-<!-- x -->name$", "$contacts-name$<!-- x -->"),
            ("<a href=%24contacts-name%24>", '<a href="$contacts-name$">'),
            (
                "<a href='?n=$contacts-name%7CMadam%20Sir$'>",
                "<a href='?n=$contacts-name|Madam Sir$'>",
            ),
            (
                '<a href="?n=%24Contacts-Name%24&a=%24">',
                '<a href="?n=%24Contacts-Name%24&a=%24">',
            ),
            (
                '<img alt="$contacts-name|5%25 off$" title="">',
                '<img alt="$contacts-name|5%25 off$" title="">',
            ),
            (None, ""),
        ):
            with self.subTest(html):
                self.assertEqual(repair_tokens(html), expected)

    def test_attributes_keep_their_quotation_marks(self):
        fallbacks = {FIRSTNAME: "my friend"}
        for html, expected in (
            (
                '<img alt="Hi $contacts-firstname$">',
                "<img alt='Hi [[data:odoohtml_contacts_firstname:\"my friend\"]]'>",
            ),
            (
                '<img alt="It\'s $contacts-firstname$" width="9">',
                "<img alt='It&#39;s "
                '[[data:odoohtml_contacts_firstname:"my friend"]]\' width="9">',
            ),
            (
                '<img alt="" title="a > b, $contacts-firstname$">',
                '<img alt="" title=\'a > b, '
                '[[data:odoohtml_contacts_firstname:"my friend"]]\'>',
            ),
            (
                '<!-- <p id="x --><img alt="$contacts-firstname$">',
                '<!-- <p id="x --><img alt='
                "'[[data:odoohtml_contacts_firstname:\"my friend\"]]'>",
            ),
            (
                "<img alt=$contacts-firstname|dear you$ id=1>",
                "<img alt='[[data:odoohtml_contacts_firstname:\"dear you\"]]' id=1>",
            ),
            ('<p title="$5">', '<p title="$5">'),
            ('<p title="$leads-city$">', '<p title="$leads-city$">'),
        ):
            with self.subTest(html):
                self.assertEqual(html_to_mailjet(html, fallbacks), expected)

    @settings(deadline=None)
    @given(
        pieces=st.lists(
            st.sampled_from(["<b>", "</b>", "<br/>", "\ufeff", "&shy;", "\u200b"])
        ),
        cuts=st.lists(st.integers(1, len(FIRSTNAME.token) - 1), min_size=1),
        dollar=st.sampled_from(["$", "&#36;", "&dollar;", "&#x24;"]),
    )
    def test_whatever_an_editor_puts_into_a_token(self, pieces, cuts, dollar):
        token = FIRSTNAME.token
        for piece, cut in zip(pieces, sorted(cuts, reverse=True), strict=False):
            token = token[:cut] + piece + token[cut:]
        html = f"<p>5$ {token.replace('$', dollar)} 6$</p>"
        self.assertEqual(find_variables(repair_tokens(html)), {FIRSTNAME})
        rendered = render(html_to_mailjet(html, {FIRSTNAME: "you"}), {})
        self.assertTrue(rendered.startswith("<p>5$ you"))

    @settings(deadline=None)
    @given(st.text(st.sampled_from("<>\"'=/ ab-$%|&;!\n[]{}"), max_size=60))
    def test_nothing_changes_where_no_variable_is_meant(self, html):
        self.assertEqual(html_to_mailjet(html, {FIRSTNAME: "x"}), html)

    def test_hostile_html_comes_back_as_it_was(self):
        for piece in (
            "$a<b>",
            "<a $",
            "%24",
            "$a-b|",
            "<a x='$",
            "$" + "<b>" * 9,
            "[[$",
            "<a href='%24a-b%7C",
            "<a b=$a-b|",
            '<a b="',
            "<a b= ",
            "<a 'b",
            "$a-b|<",
            "$a&shy;",
            "$a-&#",
            "&#36",
            "=\"'",
            '[[data:a:"',
            "$a-b|\n",
        ):
            with self.subTest(piece):
                html = piece * (2_000_000 // len(piece))
                self.assertEqual(html_to_mailjet(html, {FIRSTNAME: "x"}), html)
                self.assertEqual(render(html, {}), html)
