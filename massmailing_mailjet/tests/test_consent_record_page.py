from lxml import html

from odoo.tests import HttpCase, tagged

from .consent_record_common import REPORT, ConsentRecordCase

LONG = "<p>" + "One more line. " * 300 + "</p>"


@tagged("post_install", "-at_install")
class TestConsentRecordPage(HttpCase, ConsentRecordCase):
    """The page and the PDF of a consent record, and the email that it shows."""

    def setUp(self):
        super().setUp()
        self.row = self._recipients().filtered(lambda row: row.partner_id == self.ann)
        self.path = f"/mailjet/recipient/{self.row.id}/email"

    def test_the_page_shows_the_email_in_a_frame_without_rights(self):
        page = html.fromstring(self._render(self._ask()))
        (frame,) = page.iter("iframe")
        self.assertEqual(frame.get("src"), self.path)
        self.assertEqual(frame.get("sandbox"), "")

    def test_the_pdf_has_the_start_of_the_text(self):
        self.assertIn("Dear Ann", self._open(kind="pdf"))
        self.assertNotIn("The text is shortened", self._open(kind="pdf"))
        self.mailing.body_code = LONG
        self.campaign.frozen_values = False
        text = self._open(kind="pdf")
        self.assertIn("The text is shortened", text)
        self.assertLess(text.count("One more line."), 200)
        self.assertNotIn("<iframe", self._render(self._ask(), "pdf"))

    def test_nothing_from_outside_becomes_code(self):
        self.ann.name = "<script>alert(1)</script>"
        self._choose(everything=True, reason="<img src=x onerror=alert(1)>")
        self.mailing.name = "<b>News</b>"
        for kind in ("html", "pdf"):
            shown = self._render(self._ask(), kind)
            for markup in ("<script>alert", "<img src=x", "<b>News"):
                self.assertNotIn(markup, shown)
            self.assertIn("&lt;img src=x", shown)

    def test_it_is_in_the_language_that_was_chosen(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        page = html.fromstring(self._render(self._ask(lang="fr_FR")))
        self.assertIn("Chargé par", page.text_content())
        self.assertEqual(page.get("lang"), "fr-FR")

    def test_a_manager_is_sent_the_page_and_the_email(self):
        wizard = self._ask()
        action = wizard.action_open()
        self.assertEqual(
            (action["report_type"], action["report_name"]), ("qweb-html", REPORT)
        )
        self.authenticate("mail_manager", "mail_manager")
        answer = self.url_open(f"/report/html/{REPORT}/{wizard.id}")
        self.assertIn("Hello Ann", answer.text)
        self.assertEqual(self._find_acts().mapped("kind"), ["opened"])
        email = self.url_open(self.path)
        self.assertEqual(email.status_code, 200)
        self.assertIn("Dear Ann", email.text)
        policy = email.headers["Content-Security-Policy"]
        self.assertIn("sandbox;", policy)
        self.assertNotIn("allow-", policy)

    def test_others_are_not_shown_the_email(self):
        self._make_stranger()
        for login in ("mailer", "stranger"):
            with self.subTest(login):
                self.authenticate(login, login)
                answer = self.url_open(self.path)
                self.assertNotEqual(answer.status_code, 200)
                self.assertNotIn("Dear Ann", answer.text)

    def test_an_email_that_was_not_sent_is_not_there(self):
        self.authenticate("mail_manager", "mail_manager")
        self.row.status = "failed"
        for path in (self.path, "/mailjet/recipient/0/email"):
            self.assertEqual(self.url_open(path).status_code, 404)

    # === ERASING === #

    def _erase(self):
        self.env["mailjet.personal.data"].with_user(self.manager).create(
            {"partner_ids": self.ann.ids}
        ).action_erase()
        self.env.invalidate_all()

    def test_an_erased_address_shows_what_remains(self):
        self._leave(self.offers, reason="Too many")
        self._open()
        self._erase()
        self.ann.unlink()
        text = self._open()
        self.assertIn("Mass mailing data of this address was erased.", text)
        self.assertIn("Unsubscribed from the topic “Offers”", text)
        self.assertNotIn("Too many", text)
        self.assertFalse(self._get_part("Mailings"))
        acts, by = self._get_acts(), f", by {self.manager.name}"
        self.assertEqual(acts.count(f"Consent record opened{by}"), 2)
        self.assertIn(f"Mass mailing data erased{by}", acts)
        self.assertFalse(any(self._find_acts().mapped("email")))

    def test_erasing_in_one_company_is_not_told_in_another(self):
        stranger = self._make_stranger()
        self._erase()
        self.assertNotIn("was erased", self._open(user=stranger))
