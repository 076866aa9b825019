from odoo.tests import new_test_user, tagged

from .common import MailjetCase

GERMAN = "[('category_id.name', '=', 'Tischler')]"


@tagged("post_install", "-at_install")
class TestConditionLanguage(MailjetCase):
    """A condition finds the same records for everyone: Odoo compares the names of tags
    in the language of whoever searches, but it was written in one."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for lang in ("de_DE", "fr_FR"):
            cls.env["res.lang"]._activate_lang(lang)
        cls.tag = cls.env["res.partner.category"].create({"name": "Carpenters"})
        cls.tag.with_context(lang="de_DE").name = "Tischler"
        cls.ann.category_id = cls.tag
        cls.german, cls.french = (
            new_test_user(
                cls.env, lang, "massmailing_mailjet.mailjet_group_user", lang=lang
            )
            for lang in ("de_DE", "fr_FR")
        )
        cls.user.lang = "en_US"

    def _as(self, user, record):
        """Return a record as a user has it on the screen."""
        return record.with_user(user).with_context(lang=user.lang)

    def _make_target(self, user, condition):
        return self._as(user, self.env["mailjet.target"]).create(
            {"name": "Tagged", "contact_domain": condition, "company_id": False}
        )

    def _count_loaded(self, user, action, record, recipient_type):
        """Load as a user, and return how many recipients that finds."""
        mailing = self._make_mailing(user=user, recipient_type=recipient_type)
        getattr(self._as(user, mailing), action)(record.id)
        return mailing.recipient_count

    def test_a_target_has_the_same_members_in_every_language(self):
        target = self._make_target(self.german, GERMAN)
        for user in (self.german, self.french, self.user):
            with self.subTest(user.lang):
                self.assertEqual(self._as(user, target).contact_count, 1)
                loaded = self._count_loaded(
                    user, "action_load_target", target, "target"
                )
                self.assertEqual(loaded, 1)

    def test_the_members_that_are_listed_are_those_that_are_counted(self):
        target = self._make_target(self.german, GERMAN)
        for user in (self.german, self.french):
            with self.subTest(user.lang):
                domain = self._as(user, target).action_view_members()["domain"]
                people = self._as(user, self.env["res.partner"]).search(domain)
                self.assertEqual(people, self.ann)

    def test_whoever_writes_the_condition_again_writes_it_in_another_language(self):
        target = self._make_target(self.german, GERMAN)
        carpenters = GERMAN.replace("Tischler", "Carpenters")
        self._as(self.user, target).contact_domain = carpenters
        self._as(self.german, target).description = "Alle Tischler"
        self.assertEqual(self._as(self.german, target).contact_count, 1)

    def test_a_language_that_is_no_longer_active(self):
        carpenters = GERMAN.replace("Tischler", "Carpenters")
        target = self._make_target(self.user, carpenters)
        target.sudo().domain_lang = "de_CH"
        self.assertEqual(self._as(self.user, target).contact_count, 1)

    def test_a_filter_finds_the_same_in_every_language(self):
        shared = self._as(self.german, self.env["ir.filters"]).create(
            {
                "name": "Tischler",
                "model_id": "res.partner",
                "domain": GERMAN,
                "user_ids": False,
            }
        )
        for user in (self.german, self.french):
            with self.subTest(user.lang):
                loaded = self._count_loaded(
                    user, "action_load_filter", shared, "contact"
                )
                self.assertEqual(loaded, 1)

    def test_a_colleague_refreshes_what_was_loaded_by_a_condition(self):
        mailing = self._make_mailing(user=self.german)
        self._as(self.german, mailing).action_load_domain(GERMAN)
        self.bob.category_id = self.tag
        load = self._as(self.french, mailing.load_ids)
        wizards = self._as(self.french, self.env["mailjet.recipient.load.refresh"])
        wizards.create({"load_id": load.id}).action_refresh()
        self.assertEqual(mailing.recipient_count, 2)
