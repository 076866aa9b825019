import re

from lxml import etree

from odoo.tests import TransactionCase, new_test_user, tagged

MODULE = "massmailing_mailjet"
PATH = re.compile(r"mass-mailing(-[a-z]+)*")


@tagged("post_install", "-at_install")
class TestScreens(TransactionCase):
    """What all pages of the add-on have in common."""

    def _find_pages(self):
        """Return the actions of the add-on that open a page, not a dialog."""
        for model in ("ir.actions.act_window", "ir.actions.client"):
            ours = self.env["ir.model.data"].search(
                [("module", "=", MODULE), ("model", "=", model)]
            )
            for action in self.env[model].browse(ours.mapped("res_id")):
                if action.target != "new":
                    yield action

    def test_every_page_has_a_readable_address(self):
        """One that a person can read, keep and pass on: /odoo/mass-mailing-targets."""
        pages = list(self._find_pages())
        self.assertGreater(len(pages), 10)
        for page in pages:
            with self.subTest(page.xml_id):
                self.assertRegex(page.path or "", f"^{PATH.pattern}$")

    def test_configuration_is_one_short_menu(self):
        menus = self.env.ref(f"{MODULE}.mailjet_configuration_menu").child_id
        self.assertEqual(menus[0], self.env.ref(f"{MODULE}.mailjet_health_menu"))
        self.assertLessEqual(len(menus), 7)
        self.assertFalse(menus.child_id)

    def test_managers_find_prospects_without_contact_in_the_menu(self):
        menu = self.env.ref(f"{MODULE}.mailjet_retention_menu")
        action = self.env.ref(f"{MODULE}.mailjet_retention_action")
        self.assertEqual(menu.action, action)
        for group, seen in (("user", False), ("manager", True)):
            with self.subTest(group):
                user = new_test_user(
                    self.env, f"menu_{group}", f"{MODULE}.mailjet_group_{group}"
                )
                visible = menu.with_user(user)._visible_menu_ids()
                self.assertEqual(menu.id in visible, seen)

    def test_what_has_no_menu_opens_from_a_mailjet_account(self):
        arch = self.env["mailjet.account"].get_view(view_type="form")["arch"]
        buttons = {
            button.get("name")
            for button in etree.fromstring(arch).iter("button")
            if button.get("type") == "action"
        }
        for name in ("sender", "template", "signup", "suppression_report", "event"):
            with self.subTest(name):
                action = self.env.ref(f"{MODULE}.mailjet_{name}_action")
                self.assertIn(str(action.id), buttons)

    def test_technical_fields_of_variables_are_in_their_form(self):
        """The list shows them when asked to: it has no room for them otherwise."""
        views = self.env["mailjet.variable"].get_views(
            [(False, "list"), (False, "form")]
        )
        columns = {
            field.get("name"): field.get("optional")
            for field in etree.fromstring(views["views"]["list"]["arch"]).iter("field")
        }
        form = etree.fromstring(views["views"]["form"]["arch"])
        inputs = {field.get("name") for field in form.iter("field")}
        for name in ("code", "field_path", "lead_field_path", "part"):
            with self.subTest(name):
                self.assertEqual(columns[name], "hide")
                self.assertIn(name, inputs)
        self.assertFalse(columns["token"])

    def test_what_users_look_up_on_a_phone_is_a_card(self):
        """There Odoo opens the cards of an action that has some, else its table."""
        for name in (
            "target_action",
            "consent_action",
            "topic_action",
            "template_action",
            "sender_action",
            "variable_action",
            "recipient_action_people",
        ):
            with self.subTest(name):
                action = self.env.ref(f"{MODULE}.mailjet_{name}")
                self.assertEqual(action.mobile_view_mode, "kanban")
                self.assertIn("kanban", dict(map(reversed, action.views)))
                self.assertEqual(action.views[0][1], "list")
