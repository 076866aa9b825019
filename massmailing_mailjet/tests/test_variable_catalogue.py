from odoo.exceptions import AccessError, ValidationError
from odoo.tests import new_test_user, tagged

from ..tools.variables import find_variables
from .common import MailjetCase


@tagged("post_install", "-at_install")
class TestVariableCatalogue(MailjetCase):
    """What can be a variable, and what the catalogue offers."""

    def test_only_open_stored_texts_can_be_variables(self):
        values = {"name": "X", "kind": "contact", "code": "x"}
        for path in (
            "display_name",
            "user_ids",
            "parent_id",
            "nothing",
            "country_id.nothing",
            "user_id.password",
            "image_1920",
            "signup_type",
            "name.name",
        ):
            with self.subTest(path), self.assertRaises(ValidationError):
                self.env["mailjet.variable"].create({**values, "field_path": path})

    def test_the_catalogue_begins_with_what_the_recipients_have(self):
        variables = self.env["mailjet.variable"].with_user(self.user)
        for recipient_type, filled, empty in (
            ("contact", ["Contacts", "Accounts", "Salesperson"], ["Leads"]),
            ("account", ["Accounts", "Salesperson"], ["Contacts", "Leads"]),
            ("lead", ["Leads", "Contacts", "Accounts", "Salesperson"], []),
            ("target", ["Contacts", "Accounts", "Leads", "Salesperson"], []),
            (False, ["Contacts", "Accounts", "Leads", "Salesperson"], []),
        ):
            with self.subTest(recipient_type):
                groups = variables.get_picker_groups(recipient_type)
                for expected, is_empty in ((filled, False), (empty, True)):
                    labels = [
                        group["label"]
                        for group in groups
                        if group["is_empty"] == is_empty
                    ]
                    self.assertEqual(labels, expected)
                self.assertEqual([group["label"] for group in groups], filled + empty)

    def test_the_catalogue_names_every_active_variable(self):
        variables = self.env["mailjet.variable"].search([])
        variables[0].fallback = "Madam, Sir"
        variables[1].active = False
        listed = {
            variable["token"]: variable
            for group in self.env["mailjet.variable"].get_picker_groups("target")
            for variable in group["variables"]
        }
        self.assertEqual(listed.keys(), set((variables - variables[1]).mapped("token")))
        self.assertEqual(
            listed[variables[0].token],
            {
                "token": variables[0].token,
                "label": variables[0].name,
                "fallback": "Madam, Sir",
            },
        )

    def test_the_catalogue_is_for_users_of_mass_mailing(self):
        outsider = new_test_user(self.env, "outsider", "sales_team.group_sale_salesman")
        with self.assertRaises(AccessError):
            self.env["mailjet.variable"].with_user(outsider).get_picker_groups(
                "contact"
            )

    def test_codes_are_simple_words(self):
        for code in ("First", "1st", "a-b", "a b", "é"):
            with self.subTest(code), self.assertRaises(ValidationError):
                self.env["mailjet.variable"].create(
                    {"name": "X", "kind": "contact", "code": code, "field_path": "name"}
                )

    def test_examples_exist_and_suit_the_recipients(self):
        known = self.env["mailjet.variable"]._get_by_name()
        for recipient_type, token in (
            ("contact", "$contacts-firstname$"),
            ("account", "$accounts-name$"),
            ("lead", "$leads-contact$"),
            ("target", "$contacts-firstname$"),
        ):
            with self.subTest(recipient_type):
                mailing = self.env["mailjet.mailing"].new(
                    {"recipient_type": recipient_type}
                )
                for example in (mailing.subject_example, mailing.variable_hint):
                    (found,) = find_variables(example)
                    self.assertEqual(found.token, token)
                    self.assertIn(found, known)
