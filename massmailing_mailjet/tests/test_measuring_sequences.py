from contextlib import suppress

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from odoo.exceptions import AccessError, ValidationError
from odoo.tests import tagged

from .common import MailjetCase

ADDRESSES = ["ann@example.com", "bob@example.com"]
MOVES = ["answer", "enter", "import", "program", "erase", "copy", "edit"]
moves = st.lists(
    st.tuples(
        st.sampled_from(MOVES),
        st.sampled_from(ADDRESSES),
        st.sampled_from(["open", "click"]),
        st.sampled_from(["granted", "refused"]),
        st.sampled_from(["Paper form", " ", False]),
        st.integers(0, 1),
    ),
    min_size=2,
    max_size=10,
)


@tagged("post_install", "-at_install")
class TestMeasuringSequences(MailjetCase):
    """Nothing leads from unknown to agreed without a proof, and nothing but a person's
    act takes a refusal back: random acts, against a dictionary. What is said to one
    company changes nothing for another one."""

    @settings(
        max_examples=40,
        deadline=None,
        derandomize=True,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(moves)
    def test_random_acts(self, acts):
        with self._undone():
            self.companies = self.env.company | self._make_stranger().company_id
            self.manager.company_ids = self.companies
            self.store = self.env["mailjet.measuring"].with_user(self.manager)
            self.text = self.store._get_text(self.env.company)
            known = {}
            for act, email, kind, choice, source_text, number in acts:
                self.company = self.companies[number]
                with suppress(ValidationError, AccessError), self.env.cr.savepoint():
                    getattr(self, f"_do_{act}")(email, kind, choice, source_text)
                    self._expect(known, act, email, kind, choice)
                self._check(known)

    def _do_answer(self, email, kind, choice, _source_text):
        proof = {"text_id": self.text.id}
        self.store._choose(self.company, [email], {kind: choice}, "recipient", proof)

    def _do_enter(self, email, kind, choice, source_text):
        self.store.create(
            {
                "company_id": self.company.id,
                "email": email,
                "kind": kind,
                "choice": choice,
                "source_text": source_text,
            }
        )

    def _do_import(self, *values):
        names = ["email", "kind", "choice", "source_text", "company_id/.id"]
        values = [*values, str(self.company.id)]
        result = self.store.with_context(import_file=True).load(names, [values])
        if result["messages"]:
            raise ValidationError(result["messages"][0]["message"])

    def _do_program(self, email, kind, _choice, source_text):
        self.store.with_user(self.env.ref("base.user_root"))._choose(
            self.company,
            [email],
            {kind: "granted"},
            "user",
            {"source_text": source_text},
        )

    def _do_erase(self, email, *_values):
        consent = self.env["mailjet.consent"]
        consent.with_context(allowed_company_ids=self.company.ids)._forget([email])

    def _do_copy(self, email, *_values):
        self.store.search([("email", "=", email)], limit=1).copy()

    def _do_edit(self, email, kind, choice, _source_text):
        self.store.search([("email", "=", email)]).write({"choice": choice})

    def _expect(self, known, act, email, kind, choice):
        """Note what an act that was allowed changes in what is known."""
        key = self.company, email, kind
        if act == "erase":
            for key in [(self.company, email, "open"), (self.company, email, "click")]:
                if known.get(key) == "granted":
                    del known[key]
        elif act == "import" and known.get(key) == "refused":
            return
        elif act in ("answer", "enter", "import"):
            known[key] = choice
        elif act == "program":
            self.fail("A program gave permission.")

    def _check(self, known):
        for company in self.companies:
            choices = self.store._get_choices(company, ADDRESSES)
            for email in ADDRESSES:
                for kind, choice in choices[email].items():
                    expected = known.get((company, email, kind), "unknown")
                    self.assertEqual(choice, expected)
        granted = self.env["mailjet.measuring"].search([("choice", "=", "granted")])
        for row in granted:
            by_recipient = row.source == "recipient" and row.text_id
            self.assertTrue(by_recipient or (row.user_id and row.source_text))
