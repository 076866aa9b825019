from odoo.tests import BaseCase

from ..tools.personalization import Variable, clean_value, find_variables, to_mailjet

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
