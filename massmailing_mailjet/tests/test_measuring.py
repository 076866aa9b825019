from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, tagged, users
from odoo.tools import mute_logger

from .erasure_common import ADDRESS, ErasureCase

GRANTED = {"open": "granted", "click": "granted"}
REFUSED = {"open": "refused", "click": "refused"}
UNKNOWN = {"open": "unknown", "click": "unknown"}


@tagged("post_install", "-at_install")
class TestMeasuring(ErasureCase):
    """What the owners of addresses choose about measuring, and its proof."""

    def setUp(self):
        super().setUp()
        self.store = self.env["mailjet.measuring"]
        self.text = self.store._get_text(self.env.company)

    def _answer(self, choices, email=ADDRESS, **proof):
        company = self.env.company
        proof = {"text_id": self.text.id, "ip": "192.0.2.7", **proof}
        self.store._choose(company, [email], choices, "recipient", proof)

    def _get_choices(self, email=ADDRESS):
        return self.store._get_choices(self.env.company, [email])[email]

    def test_what_nobody_has_chosen_is_unknown(self):
        self.assertEqual(self._get_choices(), UNKNOWN)

    def test_openings_and_clicks_are_chosen_apart(self):
        self._answer({"open": "refused"})
        self.assertEqual(self._get_choices(), {"open": "refused", "click": "unknown"})
        self._answer({"click": "granted"})
        self.assertEqual(self._get_choices(), {"open": "refused", "click": "granted"})

    def test_a_choice_keeps_its_proof(self):
        self._answer({"open": "granted"}, "Ann <ANN@example.com>", agent="Firefox")
        choice = self.store.search([("email", "=", ADDRESS)])
        self.assertEqual(choice.source, "recipient")
        self.assertEqual(choice.text_id, self.text)
        self.assertEqual((choice.ip, choice.agent), ("192.0.2.7", "Firefox"))
        self.assertFalse(choice.user_id)

    def test_a_new_choice_ends_the_one_before(self):
        self._answer(GRANTED)
        self._answer({"open": "refused"})
        rows = self.store.search([("email", "=", ADDRESS), ("kind", "=", "open")])
        self.assertEqual(rows.mapped("choice"), ["refused", "granted"])
        self.assertEqual([bool(row.ended_date) for row in rows], [False, True])

    def test_the_same_again_is_kept_once_for_each_text(self):
        self._answer({"open": "granted"})
        self._answer({"open": "granted"})
        self.assertEqual(self.store.search_count([("email", "=", ADDRESS)]), 1)
        self.text = self.env["mailjet.measuring.text"].create({"body": "May we?"})
        self._answer({"open": "granted"})
        rows = self.store.search([("email", "=", ADDRESS)])
        self.assertEqual(len(rows), 2)
        self.assertEqual(rows[0].text_id, self.text)

    @users("mail_manager")
    def test_a_manager_enters_a_choice_and_says_where_it_comes_from(self):
        entered = self.env["mailjet.measuring"].create(
            {
                "email": "Ann@Example.com",
                "kind": "open",
                "choice": "granted",
                "source_text": "Paper form, May 2026",
            }
        )
        self.assertEqual(entered.source, "user")
        self.assertEqual(entered.user_id, self.env.user)
        self.assertEqual(self._get_choices(), {"open": "granted", "click": "unknown"})

    @users("mail_manager")
    def test_the_form_asks_for_what_is_needed(self):
        form = Form(self.env["mailjet.measuring"])
        form.email, form.kind, form.choice = ADDRESS, "click", "refused"
        with self.assertRaisesRegex(AssertionError, "source_text"):
            form.save()
        form.source_text = "Phone call"
        self.assertEqual(form.save().display_name, ADDRESS)
        self.assertEqual(self._get_choices(), {"open": "unknown", "click": "refused"})

    @users("mailer")
    def test_nobody_else_does(self):
        values = {"email": ADDRESS, "kind": "open", "choice": "granted"}
        with self.assertRaises(AccessError):
            self.env["mailjet.measuring"].create({**values, "source_text": "Paper"})
        self.assertEqual(self._get_choices(), UNKNOWN)

    @users("mail_manager")
    def test_a_choice_without_a_source_is_refused(self):
        values = {"email": ADDRESS, "kind": "open", "choice": "granted"}
        for source_text in (False, " "):
            with self.assertRaisesRegex(ValidationError, "where the choice"):
                self.env["mailjet.measuring"].create(
                    {**values, "source_text": source_text}
                )
        with self.assertRaisesRegex(ValidationError, "not an email address"):
            self.env["mailjet.measuring"].create(
                {**values, "email": "ann", "source_text": "x"}
            )

    @users("mail_manager")
    def test_a_file_is_imported_and_overrides_no_refusal(self):
        self._answer({"open": "refused"})
        names = ["email", "kind", "choice", "source_text"]
        result = (
            self.env["mailjet.measuring"]
            .with_context(import_file=True)
            .load(
                names,
                [
                    [ADDRESS, "open", "granted", "Old system"],
                    ["bob@example.com", "click", "granted", "Old system"],
                ],
            )
        )
        self.assertEqual(result["messages"], [])
        self.assertEqual(self._get_choices()["open"], "refused")
        self.assertEqual(self._get_choices("bob@example.com")["click"], "granted")
        imported = self.store.search([("email", "=", "bob@example.com")])
        self.assertEqual(imported.source, "import")

    @users("mail_manager")
    def test_a_file_without_a_source_is_refused(self):
        result = (
            self.env["mailjet.measuring"]
            .with_context(import_file=True)
            .load(["email", "kind", "choice"], [[ADDRESS, "open", "granted"]])
        )
        self.assertIn("where the choice", result["messages"][0]["message"])
        self.assertEqual(self._get_choices(), UNKNOWN)

    def test_no_program_gives_permission(self):
        with self.assertRaisesRegex(ValidationError, "Only a user"):
            self.store.with_user(self.env.ref("base.user_root"))._choose(
                self.env.company,
                [ADDRESS],
                GRANTED,
                "import",
                {"source_text": "Somewhere"},
            )

    def test_no_action_gives_permission_in_the_name_of_who_runs_it(self):
        with self.assertRefused("Only a user"):
            self._run_action("granted")
        self.assertEqual(self._get_choices(), UNKNOWN)
        self._run_action("refused")
        self.assertEqual(self._get_choices()["open"], "refused")

    def _run_action(self, choice):
        """Let a server action of a manager enter a choice."""
        values = {"email": ADDRESS, "kind": "open", "source_text": "Paper form"}
        action = self.env["ir.actions.server"].create(
            {
                "name": "Enter",
                "model_id": self.env["ir.model"]._get_id("mailjet.measuring"),
                "state": "code",
                "code": f"env['mailjet.measuring'].create("
                f"{values | {'choice': choice}})",
            }
        )
        action.with_user(self.manager).run()

    def test_the_database_itself_wants_the_proof(self):
        with (
            self.assertRaises(IntegrityError),
            mute_logger("odoo.sql_db"),
            self.env.cr.savepoint(),
        ):
            self.store._choose(self.env.company, [ADDRESS], GRANTED, "recipient")

    @users("mail_manager")
    def test_choices_are_neither_changed_nor_deleted(self):
        self._answer(GRANTED)
        choices = self.env["mailjet.measuring"].search([("email", "=", ADDRESS)])
        with self.assertRaises(AccessError):
            choices.write({"choice": "refused"})
        with self.assertRaises(AccessError):
            choices.unlink()

    # === TEXTS === #

    @users("mail_manager")
    def test_a_text_that_was_answered_is_never_changed(self):
        self._answer(GRANTED)
        text = self.text.with_env(self.env)
        with self.assertRaisesRegex(UserError, "Create a new text"):
            text.body = "We may"
        with self.assertRaisesRegex(UserError, "Create a new text"):
            text.update_field_translations("body", {"en_US": "We may"})

    @users("mail_manager")
    def test_the_newest_text_of_the_company_is_shown(self):
        texts = self.env["mailjet.measuring.text"]
        common = texts.create({"body": "May we?"})
        self.assertEqual(self.store._get_text(self.env.company), common)
        own = texts.create({"body": "May our company?", "company_id": 1})
        texts.create({"body": "May anybody?"})
        self.assertEqual(self.store._get_text(own.company_id), own)

    # === ERASING === #

    def test_a_refusal_outlives_the_erasure_of_the_address(self):
        self._answer({"open": "granted"})
        self._answer(REFUSED)
        self._erase()
        self.assertEqual(self._find_address(), [])
        rows = self.store.search([("email", "=", False)])
        self.assertEqual(rows.mapped("choice"), ["refused", "refused"])
        self.assertFalse(any(rows.mapped("ip")))
        self.assertEqual(self._get_choices(), REFUSED)

    def test_a_permission_does_not(self):
        self._answer(GRANTED)
        self._erase()
        self.assertFalse(self.store.search([]))
        self.assertEqual(self._get_choices(), UNKNOWN)

    def test_an_erased_refusal_is_recalled_with_the_address(self):
        self._answer(REFUSED)
        self._erase()
        self.env["res.partner"].create({"name": "Ann", "email": ADDRESS})
        self.env.flush_all()
        rows = self.store.search([("email", "=", ADDRESS)])
        self.assertEqual(set(rows.mapped("choice")), {"refused"})

    def test_an_erased_refusal_is_replaced_by_a_new_choice(self):
        self._answer(REFUSED)
        self._erase()
        self._answer({"open": "granted"})
        self.assertEqual(self._get_choices(), {"open": "granted", "click": "refused"})

    def test_an_address_is_given_what_it_has_chosen(self):
        self._answer({"open": "granted"})
        found = self.env["mailjet.erasure"]._export([self.ann], [ADDRESS])
        (exported,) = found["measuring"]
        self.assertEqual(exported["choice"], "granted")
        self.assertEqual(exported["ip"], "192.0.2.7")
