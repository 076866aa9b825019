import json
from datetime import timedelta

from odoo.tests import tagged
from odoo.tools import mute_logger

from .feedback_common import DRAFT, FeedbackCase


@tagged("post_install", "-at_install")
class TestFeedbackEvents(FeedbackCase):
    """What becomes of the events themselves."""

    def test_an_event_that_cannot_be_applied_holds_nothing_up(self):
        self.env.cr.execute(
            """
            ALTER TABLE mailjet_link ADD CONSTRAINT no_poison
                  CHECK (url <> 'https://example.com/poison')
            """
        )
        self._receive(
            self._event("open"),
            self._event("click", url="https://example.com/poison"),
            *(self._event("open", "bob@example.com", minutes=n) for n in range(20)),
        )
        other = self.account.copy({"name": "Other"})
        self.env["mailjet.event"]._receive(
            other, json.dumps([self._event("open")]).encode()
        )
        with (
            self.enter_registry_test_mode(),
            self.assertLogs("odoo.addons.massmailing_mailjet", "WARNING") as logs,
            mute_logger("odoo.sql_db"),
        ):
            self.env.ref("massmailing_mailjet.ir_cron_feedback").method_direct_trigger()
        self.env.invalidate_all()
        self.assertEqual(len(logs.output), 1)
        self.assertNotIn("Traceback", logs.output[0])
        self.assertEqual(self.mailing.opened_count, 2)
        failed = self.env["mailjet.event"].search([("reason", "=", "failed")])
        self.assertEqual(failed.url, "https://example.com/poison")
        self.assertFalse(self.env["mailjet.event"].search([("state", "=", "pending")]))

    def test_events_of_others_are_set_aside(self):
        self._tell(
            self._event("open", customcampaign="mj.nl=1"),
            self._event("open", customcampaign="spring", minutes=2),
            self._event("open", "stranger@example.com", minutes=3),
        )
        events = self.env["mailjet.event"].search([], order="id")
        self.assertEqual(
            events.mapped("reason"),
            ["unknown_mailing", "unknown_mailing", "unknown_recipient"],
        )
        self.assertEqual(self.mailing.opened_count, 0)

    def test_what_was_set_aside_can_be_applied_again(self):
        self.campaign.mailjet_draft_id = "1"
        self._tell(self._event("open"))
        event = self.env["mailjet.event"].search([])
        self.assertEqual(event.state, "unmatched")
        self.campaign.mailjet_draft_id = str(DRAFT)
        event.with_user(self.manager).action_apply_again()
        self._apply()
        self.assertEqual((event.state, event.mailing_id), ("done", self.mailing))
        self.assertEqual(self.mailing.opened_count, 1)

    def test_the_cron_applies_and_notes_the_heartbeat(self):
        self._receive(self._event("open"))
        with self.enter_registry_test_mode():
            self.env.ref("massmailing_mailjet.ir_cron_feedback").method_direct_trigger()
        self.env.invalidate_all()
        self.assertEqual(self.mailing.opened_count, 1)
        self.assertTrue(self.account.last_event_date)

    def test_raw_events_go_after_their_time_and_statistics_stay(self):
        self._tell(self._event("open"), self._event("click", minutes=2))
        self._receive(self._event("open", minutes=3))
        let_pass = "UPDATE mailjet_event SET received_date = received_date - %s"
        self.env["ir.config_parameter"].set_param(
            "massmailing_mailjet.event_days", "30"
        )
        Event = self.env["mailjet.event"]
        for age, left in ((29, 3), (2, 1)):
            self.env.cr.execute(let_pass, [timedelta(days=age)])
            Event._gc_events()
            self.env.invalidate_all()
            self.assertEqual(Event.search_count([]), left)
        self.assertEqual(Event.search([]).state, "pending")
        self.assertEqual(
            (self.mailing.opened_count, self.mailing.clicked_count), (1, 1)
        )
