from odoo.tests import new_test_user, tagged

from .consent_record_common import ConsentRecordCase

ANN = "ann@example.com"


@tagged("post_install", "-at_install")
class TestProofKept(ConsentRecordCase):
    """What is proof outlives what it belongs to, or keeps it from being deleted, in a
    sentence that says what to do."""

    def setUp(self):
        super().setUp()
        self.gone = self.env["res.company"].create({"name": "Gone"})
        self.choices = self.env["mailjet.measuring"].sudo()
        self.administrator = new_test_user(self.env, "boss", "base.group_system")

    def _delete(self, records):
        records.with_user(self.administrator).unlink()
        self.env.flush_all()
        self.env.invalidate_all()

    # === COMPANIES === #

    def _make_text(self, body, company=None):
        values = {"body": body, "company_id": company and company.id}
        return self.env["mailjet.measuring.text"].create(values)

    def test_the_text_that_was_answered_outlives_its_company(self):
        common = self._make_text("May we?")
        unanswered = self._make_text("May Gone?", self.gone)
        text = self._make_text("May Gone measure it?", self.gone)
        self.choices._choose(
            self.gone, [ANN], {"open": "refused"}, "recipient", {"text_id": text.id}
        )
        self._delete(self.gone)
        self.assertFalse(unanswered.exists())
        self.assertEqual(self.choices.search([("email", "=", ANN)]).text_id, text)
        self.assertEqual(self.choices._get_text(self.env.company), common)
        self.assertNotIn(text, self.env["mailjet.measuring.text"].search([]))
        ((_title, facts),) = self._get_part("may be measured")
        self.assertEqual(facts["Text shown"], "May Gone measure it?")

    def test_topics_that_nobody_has_left_go_with_their_company(self):
        topic = self.env["mailjet.topic"].create(
            {"name": "News", "company_id": self.gone.id}
        )
        self._delete(self.gone)
        self.assertFalse(topic.exists())

    def test_a_company_with_proof_is_kept(self):
        topic = self.env["mailjet.topic"].create(
            {"name": "News", "company_id": self.gone.id}
        )
        for kind, make in (
            ("mailing", lambda: self._make_mailing_of(self.gone)),
            ("account", lambda: self.account.copy({"company_id": self.gone.id})),
            ("topic", lambda: self._leave(topic)),
        ):
            with self._case(kind=kind):
                make()
                with self.assertRefused("kept as proof: Gone. Archive"):
                    self._delete(self.gone)
                self.gone.action_archive()

    def _make_mailing_of(self, company):
        self.account.company_id = False
        values = {"name": "News", "company_id": company.id, "active": False}
        return self.env["mailjet.mailing"].create(values)

    # === USERS === #

    def test_a_user_whose_name_is_proof_is_kept(self):
        colleague = self._make_user("colleague", "manager")
        stored = self.env["mailjet.measuring"].with_user(colleague)
        values = {"email": ANN, "kind": "open", "source_text": "Paper form"}
        opt_out = {"email": ANN, "cause": "unsubscribed", "date": "2026-03-01"}
        consent = self.env["mailjet.consent"].with_user(colleague)
        for kind, act in (
            ("choice", lambda: stored.create({**values, "choice": "granted"})),
            ("opt-out", lambda: consent._opt_out([opt_out], "user")),
            ("consent record", lambda: self._open(user=colleague)),
            ("load", lambda: self._make_mailing(self.people, colleague)),
        ):
            with self._case(kind=kind):
                act()
                with self.assertRefused("with their names: colleague .*Archive"):
                    self._delete(colleague)
        self._delete(colleague)
        self.assertFalse(colleague.exists())

    def test_a_user_of_the_portal_is_no_proof(self):
        portal = new_test_user(self.env, ANN, "base.group_portal")
        opt_out = {"email": ANN, "cause": "unsubscribed", "date": "2026-03-01"}
        self.env["mailjet.consent"].with_user(portal).sudo()._opt_out(
            [opt_out], "recipient"
        )
        self._delete(portal)
        self.assertFalse(portal.exists())
