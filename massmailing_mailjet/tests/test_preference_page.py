import re

from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from ..tools.preference_links import PATH
from .preference_common import PageCase


@tagged("post_install", "-at_install")
class TestPreferencePage(PageCase):
    """What the page shows, and to whom."""

    def test_opening_it_changes_nothing(self):
        before = self._snapshot()
        for method in ("GET", "HEAD", "OPTIONS"):
            with self.subTest(method):
                self.url_open(self.path, method=method)
                self.assertEqual(self._snapshot(), before)
        answer = self._open(f"{self.path}?lang=en_US&leave=1&mode=nothing")
        self.assertEqual(answer.status_code, 200)
        self.assertEqual(self._snapshot(), before)

    def test_it_says_what_and_why(self):
        text = self._open().text
        for words in (
            "Ash &amp; Co",
            "ann@example.com",
            "You received it as a contact of Ash &amp; Co.",
            "Hello",
            "Offers",
            "One a month",
            "Unsubscribe from everything",
            "mailto:us@example.com",
            self.env["mailjet.measuring"]._get_text(self.env.company).body,
        ):
            with self.subTest(words):
                self.assertIn(words, text)
        # How colleagues call it is nobody else's business.
        self.assertNotIn(self.mailing.name, text)
        self.assertNotIn(self.filter.name, text)

    def test_it_says_what_was_measured(self):
        self.assertIn("In no email", self._open().text)
        self.row.clicked_date = "2026-03-02 08:01:00"
        self.assertIn("In 1 email", self._open().text)
        bob = f"{PATH}/{self._get_token(self._row(self.mailing, self.bob))}"
        self.assertIn("In no email", self._open(bob).text)
        question = self.env["mailjet.measuring"]._get_text(self.env.company)
        self._post(question=question._get_version(), click="refused")
        self.assertIn("In no email", self._open().text)

    def test_it_is_about_one_company(self):
        elsewhere = self._make_stranger().company_id
        values = {"name": "Elsewhere's news", "company_id": elsewhere.id}
        self.env["mailjet.topic"].create(values)
        self.topic.active = False
        text = self._open().text
        self.assertNotIn("Elsewhere", text)
        self.assertNotIn("Offers", text)
        self.assertIn("Events", text)

    def test_nobody_else_may_use_or_keep_it(self):
        for path in (self.path, f"{PATH}/1-{'0' * 32}"):
            headers = self._open(path).headers
            self.assertEqual(headers["Cache-Control"], "no-store")
            self.assertEqual(headers["Referrer-Policy"], "no-referrer")
            self.assertIn("noindex", headers["X-Robots-Tag"])
            self.assertIn("frame-ancestors 'none'", headers["Content-Security-Policy"])
            self.assertIn("default-src 'none'", headers["Content-Security-Policy"])
            self.assertNotIn("Set-Cookie", headers)

    def test_text_from_outside_is_text(self):
        nasty = "<script>x()</script>"
        self.topic.write({"name": nasty, "description": nasty})
        self.env.company.write(
            {"name": nasty, "street": nasty, "mailjet_privacy_contact": nasty}
        )
        self.campaign.frozen_subject = nasty
        self._post(mode="nothing", reason=nasty, comment=nasty)
        for text in (self._open().text, self._post(mode="receive").text):
            self.assertNotIn("<script", text)
            self.assertIn("&lt;script&gt;", text)
        opt_out = self._find_opt_outs(("topic_id", "=", False))
        self.assertEqual(opt_out.reason, False)
        self.assertEqual(opt_out.comment, nasty)

    # === LINKS THAT ARE NOT VALID === #

    def test_forged_links(self):
        bob = self._get_token(self._row(self.mailing, self.bob)).partition("-")
        own, signature = self.path.rpartition("/")[2].split("-")
        pages = set()
        for wrong in (
            f"{bob[0]}-{signature}",
            f"{own}-{bob[2]}",
            f"{own}-{signature[:-1]}",
            f"{own}-{signature.upper()}x",
            f"0{own}-{signature}",
            f"99999999999999-{signature}",
            "-",
            "é",
            "%00",
            "x" * 500,
        ):
            with self.subTest(wrong):
                before = self._snapshot()
                for data in (None, {"List-Unsubscribe": "One-Click"}):
                    answer = self.url_open(f"{PATH}/{wrong}", data=data)
                    self.assertEqual(answer.status_code, 404)
                    pages.add(answer.text)
                self.assertEqual(self._snapshot(), before)
        self.assertEqual(len(pages), 1)
        self.assertIn("This link is no longer valid", pages.pop())

    def test_links_of_other_databases(self):
        self.env.cr.execute("DELETE FROM mailjet_preference_key")
        self.assertEqual(self._open().status_code, 404)
        self.env["mailjet.preference.key"]._ensure()
        self.assertEqual(self._open().status_code, 404)

    def test_a_link_ends_with_the_address_and_not_with_the_record(self):
        self.ann.email = "ann.new@example.com"
        self.assertIn("ann@example.com", self._open().text)
        self.ann.unlink()
        self.assertEqual(self._open().status_code, 200)
        self.env["mailjet.erasure"]._erase([self.ann], ["ann@example.com"])
        self.assertEqual(self._open().status_code, 404)

    # === LANGUAGES === #

    def test_languages(self):
        languages = ("fr_FR", "ar_001")
        for code in languages:
            self.env["res.lang"]._activate_lang(code)
        self.topic.with_context(lang="fr_FR").name = "Offres"
        text = self._open().text
        self.assertIn('lang="en-US" dir="ltr"', text)
        self.ann.lang = "fr_FR"
        text = self._open().text
        self.assertIn('lang="fr-FR" dir="ltr"', text)
        self.assertIn("Offres", text)
        self.assertIn('href="?lang=ar_001"', text)
        self.assertIn('dir="rtl"', self._open(f"{self.path}?lang=ar_001").text)
        answer = self._open(f"{self.path}?lang=xx_XX")
        self.assertIn('lang="fr-FR"', answer.text)

    def test_the_language_of_the_browser_where_nobody_is_known(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        for wanted, lang in (("fr-CA", "fr-FR"), ("de", "en-US"), ("", "en-US")):
            answer = self._open(f"{PATH}/x", headers={"Accept-Language": wanted})
            self.assertIn(f'lang="{lang}"', answer.text)


@tagged("post_install", "-at_install")
class TestOwnPreferences(PageCase):
    """The page of a user of the portal."""

    PATH = "/my/mailing-preferences"

    def setUp(self):
        super().setUp()
        self.portal = new_test_user(
            self.env,
            "Ann@example.com",
            "base.group_portal",
            name="Ann",
        )
        self._log_in()

    def _log_in(self):
        self.authenticate(self.portal.login, "Ann@example.com")

    def _post_own(self, **values):
        page = self._open(self.PATH)
        token = re.search(r'name="csrf_token" value="([^"]*)"', page.text)[1]
        return self.url_open(self.PATH, data={"csrf_token": token, **values})

    def test_it_is_that_of_the_users_address(self):
        text = self._open(self.PATH).text
        self.assertIn("ann@example.com", text)
        self.assertNotIn("Why you receive this", text)
        answer = self._post_own(mode="nothing")
        self.assertIn("You no longer receive any mailing", answer.text)
        self.assertEqual(self._read()[0], "unsubscribed")
        self.assertEqual(
            self._find_opt_outs(("topic_id", "=", False)).source, "recipient"
        )
        self.assertIn(self.PATH, self._open("/my").text)

    @mute_logger("odoo.http")
    def test_other_sites_cannot_post_to_it(self):
        before = self._snapshot()
        answer = self.url_open(self.PATH, data={"mode": "nothing"})
        self.assertEqual(answer.status_code, 400)
        self.assertEqual(self._snapshot(), before)

    def test_nobody_sees_it_without_a_login(self):
        self.authenticate(None, None)
        answer = self._open(self.PATH, allow_redirects=False)
        self.assertEqual(answer.status_code, 303)
        self.assertIn("/web/login", answer.headers["Location"])

    def test_who_types_the_address_of_another_does_not_get_their_page(self):
        self.portal.login = "eve@example.com"
        self.portal.partner_id.email = "ann@example.com"
        self._log_in()
        text = self._open(self.PATH).text
        self.assertIn("eve@example.com", text)
        self.assertNotIn("ann@example.com", text)

    def test_who_logs_in_with_a_name_has_no_page(self):
        """The address in the account may be anyone's: all users can change it."""
        self.portal.login = "ann"
        employee = new_test_user(self.env, "employee", "base.group_user")
        for user, password in (
            (self.portal, "Ann@example.com"),
            (employee, "employee"),
        ):
            user.with_user(user).email = "ann@example.com"
            self.authenticate(user.login, password)
            self.assertEqual(self._open(self.PATH).status_code, 404)
        employee.login = "ann@example.com"
        self.authenticate(employee.login, "employee")
        self.assertIn("ann@example.com", self._open(self.PATH).text)


@tagged("post_install", "-at_install")
class TestPreferencesOfTest(PageCase):
    """The page that a test email links to."""

    def test_it_is_nobodys(self):
        test = self.env["mailjet.test.message"].create({"mailing_id": self.mailing.id})
        path = "/mailjet/test/" + test._get_url().rpartition("/")[2]
        before = self._snapshot()
        answer = self._open(f"{path}/preferences")
        self.assertEqual(answer.status_code, 200)
        for words in ("belongs to a test email", "Ash &amp; Co", "Offers", "disabled"):
            self.assertIn(words, answer.text)
        self.assertNotIn("ann@example.com", answer.text)
        form = {"mode": "nothing", "List-Unsubscribe": "One-Click"}
        answer = self.url_open(f"{path}/preferences", data=form)
        self.assertEqual(answer.status_code, 405)
        self.assertEqual(self._snapshot(), before)
        self.assertEqual(self._open("/mailjet/test/x/preferences").status_code, 404)
