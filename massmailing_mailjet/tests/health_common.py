from odoo.tests import new_test_user

from .common import MailjetCase


class HealthCase(MailjetCase):
    """The page of health, as an administrator sees it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.administrator = new_test_user(
            cls.env,
            "administrator",
            "massmailing_mailjet.mailjet_group_manager,base.group_system",
            email="admin@example.com",
        )

    def setUp(self):
        super().setUp()
        self.account = self.account.with_user(self.administrator)

    def _cards(self, account=None, user=None):
        """Return the checks of an account by name, as a user sees them."""
        Health = self.env["mailjet.health"].with_user(user or self.administrator)
        report = Health.get_report((account or self.account).id)
        return {card["name"]: card for card in report["setup"] + report["running"]}

    def assertCard(self, name, state, words):
        card = self._cards()[name]
        self.assertEqual(card["state"], state, card["sentence"])
        self.assertRegex(card["sentence"], words)
        return card
