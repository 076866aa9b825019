from psycopg2.errors import RestrictViolation

from odoo.exceptions import AccessError
from odoo.tests import tagged, users
from odoo.tools import mute_logger

from .common import DeliveryCase


@tagged("post_install", "-at_install")
class TestCampaign(DeliveryCase):
    """The campaign that a mailing is sent as: when there is one, what the mailing shows
    of it, and who may do what with it."""

    # === ITS LIFE === #

    def test_a_mailing_has_a_campaign_while_it_is_sent_and_afterwards(self):
        mailing = self._make_mailing(self.people)
        self.assertFalse(mailing.mailjet_campaign_ids)
        mailing.action_send()
        campaign = mailing.mailjet_campaign_ids
        self.assertEqual(len(campaign), 1)
        self.assertEqual(campaign.account_id, mailing.account_id)
        self._run_cron()
        self.assertEqual(mailing.mailjet_campaign_ids, campaign)
        self.assertEqual((mailing.state, campaign.state), ("done", "done"))
        self.assertEqual(mailing.sent_date, campaign.sent_date)
        self.assertEqual(campaign.sent_count, 3)

    def test_a_canceled_mailing_has_none(self):
        mailing = self._make_mailing(self.people)
        mailing.action_send()
        mailing.action_cancel()
        self.assertFalse(mailing.mailjet_campaign_ids)
        self.assertEqual((mailing.state, mailing.attempt), ("draft", 2))
        self.assertFalse(mailing.delivery_step)

    def test_it_is_deleted_with_its_mailing(self):
        mailing = self._make_mailing(self.people)
        campaign = self._make_campaign(mailing)
        mailing.sudo().state = "draft"
        mailing.unlink()
        self.assertFalse(campaign.exists())

    @mute_logger("odoo.sql_db")
    def test_its_account_is_not_deleted(self):
        other = self.account.copy({"name": "Another"})
        self._make_campaign(self._make_mailing(), account_id=other.id)
        with self.assertRaises(RestrictViolation):
            other.unlink()

    # === WHAT THE MAILING SHOWS === #

    def test_a_mailing_shows_how_far_its_campaign_is(self):
        mailing = self._make_mailing(self.people)
        for values in (
            {"state": "preparing", "delivery_step": "draft"},
            {"delivery_facts": "Busy", "is_stalled": True},
            {"state": "failed"},
            {"needs_confirmation": True},
            {"send_requested_date": self.clock, "mailjet_schedule_date": self.clock},
        ):
            with self.subTest(**values):
                campaign = self._make_campaign(mailing, **values)
                for name in values:
                    self.assertEqual(mailing[name], campaign[name], name)

    def test_a_mailing_shows_the_most_urgent_of_its_campaigns(self):
        mailing = self._make_mailing(self.people)
        first = self._make_campaign(mailing, state="done")
        second = first.copy({"sequence": 2})
        for values, state in (
            ({"state": "in_queue"}, "in_queue"),
            ({"state": "sending"}, "sending"),
            ({"state": "failed"}, "failed"),
            ({"state": "done"}, "done"),
        ):
            with self.subTest(**values):
                second.write(values)
                self.assertEqual(mailing.state, state)

    # === RIGHTS === #

    @users("mailer", "mail_manager")
    def test_users_read_it_and_change_nothing(self):
        campaign = self._make_campaign(self._make_mailing(self.people))
        campaign = campaign.with_user(self.env.user)
        self.assertEqual(campaign.state, "in_queue")
        for change in (
            lambda: campaign.write({"state": "done"}),
            lambda: campaign.mailing_id.write(
                {"mailjet_campaign_ids": [(1, campaign.id, {"state": "done"})]}
            ),
            campaign.unlink,
            campaign.copy,
        ):
            with self.assertRaises(AccessError):
                change()

    def test_other_companies_do_not_see_it(self):
        campaign = self._make_campaign(self._make_mailing(self.people))
        stranger = self._make_stranger()
        with self.assertRaises(AccessError):
            campaign.with_user(stranger).read(["state"])
