from odoo.exceptions import AccessError
from odoo.tests import Form, tagged

from .statistics_common import BEHIND, StatisticsCase


@tagged("post_install", "-at_install")
class TestOpening(StatisticsCase):
    """The buttons that open something: what they open, read with the user's rights."""

    def _find(self, action):
        """Return the records that an action lists, as the user sees them."""
        model = self.env[action["res_model"]].with_user(self.user)
        return model.search(action["domain"])

    def test_a_count_opens_its_recipients(self):
        for name in ("opened_count", "bounced_count"):
            with self.subTest(name):
                action = self.seen.with_context(count=name).action_view_people()
                self.assertEqual(self._people(action), sorted(BEHIND[name]))
        self.assertEqual(
            self._people(self.seen.action_view_people()), sorted(BEHIND["sent_count"])
        )

    def test_the_statistics_are_those_of_the_mailing(self):
        action = self.seen.action_view_statistics()
        self.assertEqual(action["tag"], "mailjet_statistics")
        self.assertEqual(action["context"]["active_id"], self.seen.id)

    def test_the_limit_is_that_of_the_account(self):
        mailing = self.mailing.with_user(self.manager)
        action = mailing.action_set_limit()
        self.assertEqual(action["res_model"], "mailjet.account")
        self.assertEqual(action["res_id"], mailing.account_id.id)
        with Form(mailing.account_id, view=action["views"][0][0]) as account:
            account.monthly_limit = 6000
        self.assertEqual(self.seen.monthly_limit, 6000)
        with self.assertRaises(AccessError):
            self.seen.action_set_limit()

    def test_the_preview_is_that_of_the_mailing(self):
        action = self.seen.action_preview()
        self.assertEqual(action["tag"], "mailjet_preview")
        self.assertEqual(action["params"], {"mailing_id": self.seen.id})
        self.assertIn(self.seen.name, action["name"])

    def test_follow_ups_and_their_origin_open_each_other(self):
        reminder_id = self.seen.action_resend()["res_id"]
        reminder = self.env["mailjet.mailing"].with_user(self.user).browse(reminder_id)
        self.assertEqual(self._find(self.seen.action_view_follow_ups()), reminder)
        self.assertEqual(reminder.action_view_origin()["res_id"], self.seen.id)

    def test_a_target_opens_its_members_of_a_kind(self):
        lead = self._make_lead("lead@example.com")
        target = (
            self.env["mailjet.target"]
            .with_user(self.user)
            .create(
                {
                    "name": "People",
                    "contact_ids": self.people.ids,
                    "lead_ids": lead.ids,
                }
            )
        )
        for kind, members in (("contact", self.people), ("lead", lead)):
            with self.subTest(kind):
                action = target.with_context(kind=kind).action_view_members()
                self.assertEqual(set(self._find(action)), set(members))
        self.assertEqual(
            target.with_context(kind="res.users").action_view_members()["res_model"],
            "res.partner",
        )

    def test_a_row_opens_its_record(self):
        row = self._row(self.seen, self.ann)
        action = row.action_open_record()
        self.assertEqual(
            (action["res_model"], action["res_id"]), ("res.partner", self.ann.id)
        )

    def test_a_line_of_the_report_opens_its_recipient(self):
        self.env.flush_all()
        line = self.env["mailjet.recipient.report"].with_user(self.manager)
        line = line.search([("mailing_id", "=", self.mailing.id)], limit=1)
        action = line.action_open_recipient()
        self.assertEqual(action["res_model"], "mailjet.recipient")
        row = self.env["mailjet.recipient"].browse(action["res_id"])
        self.assertEqual(
            (row.mailing_id, row.partner_id), (self.mailing, line.partner_id)
        )
