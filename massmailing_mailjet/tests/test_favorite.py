from datetime import datetime

from freezegun import freeze_time

from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common import MailjetCase


@tagged("post_install", "-at_install")
class TestFavorite(MailjetCase):
    """Mailings kept as templates by a star."""

    def _make_favorite(self, name, **values):
        return self._make_mailing(
            **{
                "name": name,
                "subject": name,
                "composition": "blank",
                "body_arch": f"<p>{name}</p>",
                "body_html": f"<p>{name}</p>",
                "favorite": True,
                **values,
            }
        )

    def test_a_mailing_is_saved_as_a_template_and_removed_again(self):
        mailing = self._make_favorite("Model", favorite=False)
        colleague = mailing.with_user(self.manager)
        answer = colleague.action_save_as_template()
        self.assertTrue(mailing.favorite)
        self.assertIn("Saved as a template", answer["params"]["message"])
        self.assertEqual(self._themes(), ["Model"])
        answer = colleague.action_remove_template()
        self.assertFalse(mailing.favorite)
        self.assertIn("no longer a template", answer["params"]["message"])
        self.assertEqual(self._themes(), [])

    def test_a_stranger_saves_no_template(self):
        mailing = self._make_favorite("Model", favorite=False)
        for method in ("action_save_as_template", "action_remove_template"):
            with self.subTest(method), self.assertRaises(AccessError):
                getattr(mailing.with_user(self._make_stranger(method)), method)()

    def _themes(self):
        themes = self.env["mailjet.mailing"].with_user(self.user).get_favorite_themes()
        return [theme["subject"] for theme in themes]

    def test_themes_are_the_favourites_of_the_visual_editor(self):
        with freeze_time("2030-01-01"):
            self._make_favorite("First")
            self.env.flush_all()
        with freeze_time("2030-01-02"):
            self._make_favorite("Second", composition="template")
            self._make_favorite("Put away", active=False)
            self.env.flush_all()
        self._make_favorite("Plain", favorite=False)
        self._make_favorite("Code", composition="html", body_code="<p>x</p>")
        self._make_favorite("Empty", body_arch="<p><br></p>")
        self.assertEqual(self._themes()[:3], ["Put away", "Second", "First"])
        self.assertFalse({"Plain", "Code", "Empty"} & set(self._themes()))

    def test_the_star_can_be_set_on_what_was_sent(self):
        mailing = self._make_favorite("Sent", favorite=False)
        mailing.sudo().state = "done"
        with freeze_time("2030-01-01 10:00:00"):
            mailing.favorite = True
            self.assertEqual(mailing.favorite_date, datetime(2030, 1, 1, 10))
        mailing.favorite = False
        self.assertFalse(mailing.favorite_date)

    def test_a_copy_has_no_star(self):
        copy = self._make_favorite("Original").copy()
        self.assertFalse(copy.favorite or copy.favorite_date)

    def test_other_companies_favourites_are_not_seen(self):
        favorite = self._make_favorite("Theirs")
        company = self.env["res.company"].create({"name": "Elsewhere"})
        account = self.account.copy(
            {"company_id": company.id, "api_key": "e", "api_secret": "e"}
        )
        favorite.sudo().write(
            {
                "account_id": account.id,
                "company_id": company.id,
                "sender_id": False,
                "sender_email": False,
            }
        )
        self.assertNotIn("Theirs", self._themes())
