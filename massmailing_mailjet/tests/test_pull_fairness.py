from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..models.feedback import mailjet_sync
from .test_sync import SyncCase


@tagged("post_install", "-at_install")
class TestPullFairness(SyncCase):
    """One mailing or account that Mailjet does not answer for holds up no other."""

    def setUp(self):
        super().setUp()
        self.newer = self.mailing.copy({"name": "Newer"})
        self.newer_campaign = self._make_campaign(
            self.newer,
            state="done",
            sent_date=self.campaign.sent_date,
            mailjet_draft_id="4000000002",
            mailjet_campaign_id="4000000003",
            mailjet_list_id="4000000004",
        )

    def test_a_mailing_that_fails_holds_up_no_other(self):
        for status in (404, 500, 400):
            with self.subTest(status=status):
                self.mailjet.reply("GET message", status, {"ErrorMessage": "No"})
                (self.campaign | self.newer_campaign).write(
                    {"synchronized_date": False, "sync_requested_date": False}
                )
                self._sync()
                self.assertFalse(self.newer_campaign.synchronized_date)
                self.assertTrue(self.campaign.synchronized_date)

    @mute_logger("odoo.addons.massmailing_mailjet.models.attempt")
    def test_an_answer_that_nobody_expects_holds_up_no_other(self):
        self.mailjet.reply("GET message", 200, {"Data": [7]})
        self._sync()
        self.assertFalse(self.newer_campaign.synchronized_date)
        self.assertTrue(self.campaign.synchronized_date)

    def test_the_one_that_waits_the_longest_is_asked_about_first(self):
        now = fields.Datetime.now()
        for first, second in (
            (self.campaign, self.newer_campaign),
            (self.newer_campaign, self.campaign),
        ):
            first.sync_requested_date = now - timedelta(hours=4)
            second.sync_requested_date = now - timedelta(hours=3)
            due = self.env["mailjet.sync"]._get_due_campaigns(self.account)
            self.assertEqual(due.ids, [first.id, second.id])

    def test_a_list_that_is_gone_is_not_asked(self):
        self.env["mailjet.list"].create(
            {
                "name": "gone",
                "account_id": self.account.id,
                "mailing_id": self.mailing.id,
                "mailjet_id": self.campaign.mailjet_list_id,
                "deleted_date": fields.Datetime.now(),
            }
        )
        # That of the newer one was deleted at Mailjet, by somebody.
        self.mailjet.reply("GET listrecipient", 404, "", count=2)
        self._sync()
        self.assertTrue(self.campaign.synchronized_date)
        self.assertTrue(self.newer_campaign.synchronized_date)
        self.assertEqual(self.mailjet.count("GET listrecipient"), 1)

    def test_past_its_time_it_asks_for_no_further_account(self):
        with patch.object(mailjet_sync, "RUN_SECONDS", -1):
            self._sync()
        self.assertFalse(self.mailjet.calls)
        self._sync()
        self.assertTrue(self.campaign.synchronized_date)
        self.assertTrue(self.account.sync_requested_date)
