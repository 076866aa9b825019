from odoo import fields
from odoo.tests import tagged
from odoo.tools import SQL

from .common import DeliveryCase


@tagged("post_install", "-at_install")
class TestDeliveryLock(DeliveryCase):
    """One mailing, and somebody else who has it in hand: another worker, another
    server, or a user who presses a button."""

    def setUp(self):
        # The other one only sees what is committed, such as the demo's mailings.
        self.campaign = self.env["mailjet.campaign"].search(
            [("next_action_date", "=", False)], limit=1
        )
        self.mailing = self.campaign.mailing_id
        super().setUp()
        self.delivery = self.env["mailjet.delivery"]
        self.job = self.env.ref("massmailing_mailjet.ir_cron_delivery")

    def _lock_elsewhere(self, cursor):
        cursor.execute(
            SQL(
                "SELECT id FROM mailjet_mailing WHERE id = %s FOR NO KEY UPDATE NOWAIT",
                self.mailing.id,
            )
        )
        self.assertTrue(cursor.rowcount)

    def _alarms(self):
        return self.env["ir.cron.trigger"].search([("cron_id", "=", self.job.id)])

    def test_a_locked_campaign_is_checked_again_later(self):
        before = self._alarms()
        with self.registry.cursor() as other:
            self._lock_elsewhere(other)
            self.assertFalse(self.delivery._lock(self.campaign))
            other.rollback()
        (alarm,) = self._alarms() - before
        self.assertGreater(alarm.call_at, fields.Datetime.now())

    def test_a_campaign_that_is_gone_is_not_looked_for_again(self):
        mailing = self._make_mailing(self.people)
        mailing.action_send()
        campaign = mailing.sudo().mailjet_campaign_ids
        campaign.unlink()
        before = self._alarms()
        self.assertFalse(self.delivery._lock(campaign))
        self.assertEqual(self._alarms(), before)

    def test_what_is_free_but_not_due_is_let_alone(self):
        before = self._alarms()
        self.assertFalse(self.delivery._lock(self.campaign))
        self.assertEqual(self._alarms(), before)

    def test_what_is_free_and_due_is_ours(self):
        mailing = self._make_mailing(self.people)
        mailing.action_send()
        self.assertTrue(self.delivery._lock(mailing.sudo().mailjet_campaign_ids))
