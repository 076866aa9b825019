import re

from odoo import fields
from odoo.tests import tagged

from ..tools.preference_links import PATH
from .preference_common import PageCase


@tagged("post_install", "-at_install")
class TestPreferenceChoices(PageCase):
    """What is stored of what somebody has chosen there."""

    UNKNOWN = {"open": "unknown", "click": "unknown"}

    def test_choosing_and_taking_back(self):
        every = [self.topic.id, self.other_topic.id]
        for form, expected, words in (
            (
                {"mode": "receive", "topic": self.topic.id},
                (None, {"Events"}, False, self.UNKNOWN),
                "You no longer receive “Events”.",
            ),
            (
                {"mode": "pause", "topic": every},
                (None, set(), True, self.UNKNOWN),
                "You receive no mailing of Ash &amp; Co until",
            ),
            (
                {"mode": "nothing", "topic": every},
                ("unsubscribed", set(), True, self.UNKNOWN),
                "You no longer receive any mailing of Ash &amp; Co.",
            ),
            (
                {"mode": "receive", "topic": every},
                (None, set(), False, self.UNKNOWN),
                "You receive the mailings of Ash &amp; Co again.",
            ),
            (
                {"mode": "receive", "topic": every},
                (None, set(), False, self.UNKNOWN),
                "Nothing was changed.",
            ),
        ):
            with self.subTest(**form):
                answer = self._post(**form)
                self.assertIn(words, answer.text)
                self.assertEqual(self._read(), expected)

    def test_measuring(self):
        question = self.env["mailjet.measuring"]._get_text(self.env.company)
        asked = {"mode": "receive", "question": question._get_version()}
        topics = {"topic": [self.topic.id, self.other_topic.id]}
        answer = self._post(**asked, **topics, open="granted", click="refused")
        self.assertIn("You agree that your openings are measured.", answer.text)
        self.assertIn("Your clicks are not measured.", answer.text)
        chosen = {"open": "granted", "click": "refused"}
        self.assertEqual(self._read(), (None, set(), False, chosen))
        stored = self.env["mailjet.measuring"].search([("kind", "=", "open")])
        self.assertEqual(
            (stored.source, stored.text_id, stored.lang, stored.company_id),
            ("recipient", question, "en_US", self.env.company),
        )
        self.assertTrue(stored.ip)
        # An answer to another text is none, and nor is anything else.
        for form in ({**asked, "question": 0}, asked):
            self._post(**form, **topics, open="refused" if form is not asked else "x")
            self.assertEqual(self._read()[3], chosen)

    def test_a_text_that_was_changed_meanwhile_is_not_what_was_answered(self):
        question = self.env["mailjet.measuring"]._get_text(self.env.company)
        page = self._open()
        question.body = "May we also sell it?"
        self._post(answer=page, question=self._get_question(page), open="granted")
        self.assertEqual(self._read()[3], self.UNKNOWN)
        page = self._open()
        self.assertIn("sell", page.text)
        self._post(answer=page, question=self._get_question(page), open="granted")
        self.assertEqual(self._read()[3]["open"], "granted")

    def test_a_text_in_another_language_is_answered_as_it_was_shown(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        question = self.env["mailjet.measuring"]._get_text(self.env.company)
        question.with_context(lang="fr_FR").body = "Pouvons-nous ?"
        path = f"{self.path}?lang=fr_FR"
        page = self._open(path)
        self._post(path, page, question=self._get_question(page), open="granted")
        self.assertEqual(self._read()[3]["open"], "granted")
        self.assertEqual(self.env["mailjet.measuring"].search([]).lang, "fr_FR")

    def _get_question(self, page):
        """Return what names the text that a page shows."""
        return re.search(r'name="question" value="([^"]*)"', page.text)[1]

    def test_measuring_by_another_company(self):
        other = self.env["res.company"].create({"name": "Elsewhere"})
        store = self.env["mailjet.measuring"]
        question = store._get_text(self.env.company)
        granted = {"open": "granted", "click": "granted"}
        emails, proof = ["ann@example.com"], {"text_id": question.id}
        store._choose(other, emails, granted, "recipient", proof)
        page = self._open()
        self.assertNotIn("checked", page.text[page.text.index('id="measuring"') :])
        self._post(answer=page, question=self._get_question(page), open="refused")
        refused = {"open": "refused", "click": "unknown"}
        self.assertEqual(self._read()[3], refused)
        self.assertEqual(store._get_choices(other, emails)[emails[0]], granted)

    def test_one_click(self):
        self._post(mode="receive", topic=self.topic.id)
        # Mail programs may post either kind of form.
        one_click = {"List-Unsubscribe": (None, "One-Click")}
        for form in (
            {"data": {"List-Unsubscribe": "One-Click"}},
            {"files": one_click},
        ):
            answer = self.url_open(self.path, **form)
            self.assertEqual((answer.status_code, answer.text), (200, ""))
            self.assertEqual(
                self._read(), ("unsubscribed", {"Events"}, False, self.UNKNOWN)
            )
        self.assertTrue(self.ann.massmailing_unsubscribed)
        self.assertEqual(len(self._find_opt_outs(("topic_id", "=", False))), 1)

    def test_leaving_with_a_reason(self):
        self._post(leave=1, mode="receive", reason="many", comment=" a\x00\n b " * 200)
        opt_out = self._find_opt_outs(("topic_id", "=", False))
        self.assertEqual(opt_out.reason, "Too many emails")
        self.assertEqual(len(opt_out.comment), 500)
        self.assertTrue(opt_out.comment.startswith("a b a b"))
        self.assertEqual(
            (opt_out.source, opt_out.mailing_id), ("recipient", self.mailing)
        )

    def test_a_post_that_is_not_of_the_page_changes_nothing(self):
        before = self._snapshot()
        bob = f"{PATH}/{self._get_token(self._row(self.mailing, self.bob))}"
        page = self._open(bob)
        foreign = re.search(r'name="signature" value="([^"]*)"', page.text)[1]
        for signature in ("", "é", foreign):
            answer = self.url_open(
                self.path, data={"mode": "nothing", "signature": signature}
            )
            self.assertEqual(answer.status_code, 400)
        self.assertEqual(self._post(mode="everything", topic="x").status_code, 200)
        self.assertEqual(self._snapshot(), before)

    def test_what_recipients_cannot_take_back(self):
        now = fields.Datetime.now()
        for cause, words in (
            ("complained", "marked one of our emails as spam"),
            ("bounced", "came back"),
            ("blacklisted", "We were asked"),
        ):
            with self._case(cause=cause):
                opt_out = {"email": "ann@example.com", "cause": cause, "date": now}
                self.env["mailjet.consent"]._opt_out([opt_out], "webhook")
                answer = self._post(mode="receive")
                self.assertIn(words, answer.text)
                self.assertIn("us@example.com", answer.text)
                self.assertIn("Nothing was changed.", answer.text)
                self.assertEqual(self._read()[0], cause)

    # === LIMITS === #

    def test_changes_are_limited_for_each_link(self):
        answer = self._open()
        for _time in range(30):
            self.assertEqual(self._post(answer=answer).status_code, 200)
        before = self._snapshot()
        answer = self._post(answer=answer, mode="nothing")
        self.assertEqual(answer.status_code, 429)
        self.assertIn("Please try again later", answer.text)
        self.assertEqual(self._snapshot(), before)
        bob = f"{PATH}/{self._get_token(self._row(self.mailing, self.bob))}"
        self.assertEqual(self._post(bob, mode="nothing").status_code, 200)
        # Leaving is always possible.
        self.url_open(self.path, data={"List-Unsubscribe": "One-Click"})
        self.assertEqual(self._read()[0], "unsubscribed")

    def test_guesses_are_limited_and_lock_nobody_out(self):
        wrong = f"{PATH}/1-{'0' * 32}"
        for _time in range(60):
            self.assertEqual(self._open(wrong).status_code, 404)
        self.assertEqual(self._open(wrong).status_code, 429)
        self.assertEqual(self._post(mode="nothing").status_code, 200)
        self.assertEqual(self._read()[0], "unsubscribed")
        acts = self.env["mailjet.rate.limit"].search([])
        self.assertNotIn("127.0.0.1", acts.mapped("actor"))
        acts.date = fields.Datetime.subtract(fields.Datetime.now(), hours=2)
        self.assertEqual(self._open(wrong).status_code, 404)
        self.env["mailjet.rate.limit"]._gc_acts()
        self.assertEqual(len(self.env["mailjet.rate.limit"].search([])), 1)
