from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from ..tools.preference_links import PREFERENCES
from .common import MailjetCase


@tagged("post_install", "-at_install")
class TestReadyMailing(MailjetCase):
    """Mailings that begin with a purpose and with an email in place."""

    def _make_ready(self, user=None, **context):
        """Return the ready-made mailing that asks for permission to measure."""
        Mailing = self.env["mailjet.mailing"].with_user(user or self.user)
        maker = Mailing.with_context(**context)
        action = maker._make_ready_mailing("measuring", account_id=self.account.id)
        return Mailing.browse(action["res_id"])

    def test_it_has_a_purpose_and_an_email(self):
        mailing = self._make_ready()
        self.assertEqual(mailing.purpose, "measuring")
        self.assertEqual(mailing.step, "details")
        self.assertEqual(mailing.state, "draft")
        self.assertEqual(mailing.user_id, self.user)
        self.assertEqual(mailing.name, "Permission to measure")
        self.assertTrue(mailing.subject and mailing.preview)
        self.assertIn("o_layout", mailing.body_arch)
        for body in (mailing.body_arch, mailing.body_html):
            self.assertIn(f'href="{PREFERENCES}#measuring"', str(body))

    def test_it_shows_the_text_of_the_company(self):
        self.env["mailjet.measuring.text"].create(
            {"body": "First.\n\n<b>Second</b>.", "company_id": self.env.company.id}
        )
        body = str(self._make_ready().body_html)
        self.assertIn("<p>First.</p>", body)
        self.assertIn("<p>&lt;b&gt;Second&lt;/b&gt;.</p>", body)

    def test_its_button_can_be_read_in_the_colors_of_the_company(self):
        self.env.company.email_primary_color = "#112233"
        self.env.company.email_secondary_color = "#ffee00"
        body = str(self._make_ready().body_html)
        self.assertRegex(body, "background-color: ?#ffee00")
        self.assertRegex(body, "[^-]color: ?#112233")

    def test_its_link_leads_to_the_page_of_each_recipient(self):
        mailing = self._make_ready()
        html = mailing._compose().html
        self.assertNotIn(PREFERENCES, html)
        link = r"href='http[^']*/mailjet/preferences/\[\[[^']*#measuring'"
        self.assertRegex(html, link)
        self.assertEqual(html.count("/mailjet/preferences/"), 1)

    def test_it_is_in_the_language_of_the_user_and_so_are_its_versions(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        question = self.env["mailjet.measuring"]._get_text(self.env.company)
        question.with_context(lang="fr_FR").body = "Pouvons-nous mesurer ?"
        mailing = self._make_ready(lang="fr_FR")
        self.assertEqual(mailing.lang, "fr_FR")
        self.assertIn("Pouvons-nous mesurer ?", mailing.body_html)
        english = self._make_ready()
        english.action_add_version("fr_FR")
        version = english.version_ids
        self.assertIn("Pouvons-nous mesurer ?", version.body_html)
        self.assertNotIn("Pouvons-nous mesurer ?", english.body_html)

    def test_a_copy_has_the_same_purpose(self):
        mailing = self._make_ready()
        copied = mailing.copy()
        self.assertEqual(copied.purpose, "measuring")
        self.assertEqual(copied.body_html, mailing.body_html)
        self.assertFalse(self._make_mailing().copy().purpose)

    def test_users_do_not_choose_the_purpose(self):
        mailing = self._make_mailing()
        with self.assertRaises(AccessError):
            mailing.purpose = "measuring"
        with self.assertRaises(AccessError):
            self._make_mailing(purpose="measuring")
        ready = self._make_ready()
        with self.assertRaises(AccessError):
            ready.purpose = False

    def test_only_those_who_may_create_mailings_make_one(self):
        employee = new_test_user(self.env, "employee", "base.group_user")
        with self.assertRaises(AccessError):
            self._make_ready(employee)
        with self.assertRaises(UserError):
            self._make_ready(self._make_stranger())
