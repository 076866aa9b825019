from datetime import datetime

from odoo.tests import tagged

from .feedback_common import FeedbackCase


@tagged("post_install", "-at_install")
class TestLateReports(FeedbackCase):
    """What Mailjet reports of an erased address is dropped, but for its refusals."""

    def setUp(self):
        super().setUp()
        wizard = (
            self.env["mailjet.personal.data"]
            .with_context(active_model="res.partner", active_ids=self.ann.ids)
            .create({})
        )
        wizard.action_erase()

    def _events_of(self, email):
        return self.env["mailjet.event"].search_count([("email", "=", email)])

    def test_an_opening_is_dropped(self):
        self._tell(self._event("open"), self._event("open", "bob@example.com"))
        self.assertEqual(self._events_of("ann@example.com"), 0)
        self.assertEqual(self._events_of("bob@example.com"), 1)

    def test_an_unsubscription_holds_without_the_address(self):
        self._tell(self._event("unsub"))
        self.assertEqual(self._events_of("ann@example.com"), 0)
        Consent = self.env["mailjet.consent"]
        self.assertFalse(Consent.search([("email", "=", "ann@example.com")]))
        self.assertTrue(self.ann.massmailing_unsubscribed)

    def test_what_mailjet_excludes_does_not_bring_the_address_back(self):
        self.ann.email = False
        Suppression = self.env["mailjet.suppression"]
        Suppression._take_over(
            self.account, [("ann@example.com", None)], datetime(2026, 3, 1)
        )
        self.env["mailjet.erasure"]._drop_suppressions(self.account)
        self.assertFalse(Suppression.search([("email", "=", "ann@example.com")]))
