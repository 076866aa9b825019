import base64
import json

from odoo.exceptions import AccessError
from odoo.tests import tagged, users

from ..models.recipients.counts import RESULT_COUNTS
from .feedback_common import FeedbackCase
from .roles import make_roles


@tagged("post_install", "-at_install")
class TestPersonalData(FeedbackCase):
    """What mass mailing knows of a contact is handed out and erased."""

    def setUp(self):
        super().setUp()
        self._tell(
            self._event("click", ip="192.0.2.7"),
            self._event("unsub", minutes=2),
            self._event("open", "bob@example.com"),
        )

    def _open(self):
        return (
            self.env["mailjet.personal.data"]
            .with_context(active_model="res.partner", active_ids=self.ann.ids)
            .create({})
        )

    @users("mail_manager")
    def test_everything_is_handed_out(self):
        wizard = self._open()
        self.assertEqual((wizard.recipient_count, wizard.event_count), (1, 2))
        wizard.action_export()
        data = json.loads(base64.b64decode(wizard.export_file))
        self.assertEqual(data["addresses"], ["ann@example.com"])
        self.assertTrue(data["unsubscribed"][0]["unsubscribed"])
        (row,) = data["mailings"]
        self.assertEqual(row["status"], "unsubscribed")
        self.assertEqual(row["clicks"][0]["link"], "https://example.com/a")
        self.assertIn("192.0.2.7", str(data["events"]))
        self.assertNotIn("bob@example.com", str(data))

    @users("mail_manager")
    def test_erasing_keeps_the_counts_and_the_opt_out(self):
        waiting = self._make_mailing(self.people, self.env.user)
        names = [*RESULT_COUNTS]
        before = self.mailing.read(names)
        self._open().action_erase()
        self.env.invalidate_all()
        self.assertEqual(self.mailing.read(names), before)
        self.assertFiguresAreRight()
        self.assertTrue(self.ann.massmailing_unsubscribed)
        self.assertNotIn("ann@example.com", self._rows(waiting))
        self.assertEqual(waiting.recipient_count, 2)
        self.assertCountsAddUp(waiting)
        wizard = self._open()
        self.assertEqual((wizard.recipient_count, wizard.event_count), (0, 0))
        self.assertEqual(self.env["mailjet.event"].search_count([]), 1)

    def test_managers_of_other_companies_reach_nothing_of_this_one(self):
        elsewhere = make_roles(self.env)["elsewhere"]
        self.assertFalse(self.ann.company_id)
        before = self._read_trace()
        wizard = self._open().with_user(elsewhere)
        wizard = wizard.create({"partner_ids": self.ann.ids})
        self.assertEqual((wizard.recipient_count, wizard.event_count), (0, 0))
        wizard.action_export()
        data = json.loads(base64.b64decode(wizard.export_file))
        self.assertEqual((data["mailings"], data["events"]), ([], []))
        wizard.action_erase()
        self.env.invalidate_all()
        self.assertEqual(self._read_trace(), before)
        self.assertEqual(self.env["mailjet.event"].search_count([]), 3)
        self.assertEqual(
            self._recipients().filtered("email_normalized").mapped("name"),
            ["Ann Ash", "Bob Birch", "Cat Cedar"],
        )

    @users("mailer")
    def test_users_cannot(self):
        with self.assertRaises(AccessError):
            self._open()
