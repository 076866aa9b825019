from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged, users

from .gallery_common import GalleryCase


@tagged("post_install", "-at_install")
class TestGallery(GalleryCase):
    """What holds for templates of every source."""

    def setUp(self):
        super().setUp()
        self.favorite = self._make_mailing(
            name="Model", composition="blank", body_html="<p>Model</p>", favorite=True
        )
        self.card = self._cards("mailing")["Model"]

    def test_work_is_never_replaced_without_asking(self):
        for values, editor in (
            ({"body_arch": "<p>Work</p>", "composition": "template"}, "visual"),
            ({"body_html": "<p>Work</p>", "composition": "blank"}, "visual"),
            ({"body_html": "<p>Work</p>", "composition": "html"}, "visual"),
            ({"body_text": "Work", "composition": "html"}, "visual"),
        ):
            self.mailing = self._make_mailing(**values)
            with self.subTest(values):
                (choice,) = self._preview("mailing", self.card)["editors"]
                self.assertEqual((choice["name"], choice["replaced"]), (editor, True))
                with self.assertRefused("would be lost"):
                    self._use("mailing", self.card)
                self._use("mailing", self.card, replace=True)
                self.assertEqual(self.mailing.body_html, "<p>Model</p>")
                self.assertFalse(self.mailing.body_text)

    def test_the_other_editor_keeps_what_it_holds(self):
        self.mailing = self._make_mailing(body_code="<p>Code</p>")
        self._use("mailing", self.card)
        self.assertEqual(self.mailing.composition, "template")
        self.assertEqual(self.mailing.body_code, "<p>Code</p>")
        self.mailing.composition = "html"
        self.favorite.write({"composition": "html", "body_code": "<p>Other</p>"})
        with self.assertRefused("would be lost"):
            self._use("mailing", self.card)

    def test_an_empty_template_is_none(self):
        for html in (False, "<p><br></p>"):
            self.favorite.body_html = html
            with self.subTest(html), self.assertRefused("template is empty"):
                self._use("mailing", self.card)

    def test_a_mailing_on_its_way_takes_no_template(self):
        mailing = self.mailing = self._make_mailing(self.people)
        mailing.action_send()
        with self.assertRefused("cannot be changed"):
            self._use("mailing", self.card)

    def test_an_unknown_editor_or_source(self):
        self._use("mailing", self.card, editor="anything")
        self.assertEqual(self.mailing.composition, "template")
        with self.assertRefused("no templates of this kind"):
            self._cards("res.users")

    @users("elsewhere")
    def test_companies_are_kept_apart(self):
        gallery = self.env["mailjet.gallery"]
        for call in (
            lambda: gallery.get_cards(self.mailing.id, "mailing"),
            lambda: gallery.get_preview(self.mailing.id, "mailing", self.favorite.id),
            lambda: gallery.action_use_template(
                self.mailing.id, "mailing", self.favorite.id
            ),
            lambda: gallery.action_refresh(self.mailing.id),
        ):
            with self.assertRaises(AccessError):
                call()
        template = {"account_id": self.account.id, "mailjet_id": "1", "name": "Theirs"}
        self.env["mailjet.template"].sudo().create(template)
        self.assertFalse(self.env["mailjet.template"].search([("name", "=", "Theirs")]))
        account = self.account.sudo().copy(
            {"company_id": self.env.company.id, "api_key": "e", "api_secret": "e"}
        )
        own = self.env["mailjet.mailing"].create(
            {"name": "Own", "account_id": account.id}
        )
        self.assertFalse(gallery.get_cards(own.id, "mailing")["cards"])
        with self.assertRaises(UserError):
            gallery.action_use_template(own.id, "mailing", self.favorite.id)

    @users("outsider")
    def test_only_users_of_mass_mailing(self):
        with self.assertRaises(AccessError):
            self.env["mailjet.gallery"].get_cards(self.mailing.id, "crm")

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._make_stranger("elsewhere")
        new_test_user(cls.env, "outsider", "sales_team.group_sale_salesman")
