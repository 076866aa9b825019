from odoo.tests import tagged

from .feedback_common import FeedbackCase


@tagged("post_install", "-at_install")
class TestPreferenceCost(FeedbackCase):
    """How often a preference page asks the database: nothing is read twice."""

    def setUp(self):
        super().setUp()
        self.campaign._freeze_message()
        self.env["mailjet.topic"].create([{"name": "Offers"}, {"name": "Events"}])
        row = self._row(self.mailing, self.ann).sudo()
        self.preferences = self.env["mailjet.preferences"].sudo()
        self.owner = type(self.preferences._get_example(self.mailing.sudo()))(
            row.email_normalized, row.mailing_id.company_id, row
        )

    def _forget(self):
        self.env.flush_all()
        self.env.invalidate_all()

    def test_showing_it(self):
        self.preferences._describe(self.owner)
        self._forget()
        with self.assertQueryCount(16):
            shown = self.preferences._describe(self.owner)
            shown["topics"].mapped("description")
            self.assertTrue(shown["question"].body)

    def test_leaving_at_one_click(self):
        visit = {"ip": "192.0.2.1", "agent": "Browser"}
        self.preferences._leave(self.owner, visit)
        self._forget()
        with self.assertQueryCount(7):
            self.preferences._leave(self.owner, visit)
