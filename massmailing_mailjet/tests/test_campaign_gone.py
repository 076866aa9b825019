from odoo.tests import tagged

from .common import DeliveryCase


@tagged("post_install", "-at_install")
class TestCampaignGone(DeliveryCase):
    """A campaign that its user cancels while the scheduled action is at work."""

    # What is canceled at the next call to Mailjet.
    canceled = None

    @classmethod
    def _request_handler(cls, session, request, /, **kwargs):
        mailing, cls.canceled = cls.canceled, None
        if mailing:
            mailing.action_cancel()
            mailing.env.flush_all()
        return super()._request_handler(session, request, **kwargs)

    def test_before_its_turn(self):
        """Those after it are sent in the same run."""
        mailings = [self._make_mailing(self.people) for _number in range(3)]
        for mailing in mailings:
            mailing.action_send()
        type(self).canceled = mailings[1]
        self._run_cron()
        self.env.invalidate_all()
        states = [mailing.state for mailing in mailings]
        self.assertEqual(states, ["done", "draft", "done"])

    def test_between_two_steps(self):
        mailing = self._make_mailing(self.people)
        mailing.action_send()
        campaign = mailing.sudo().mailjet_campaign_ids
        delivery = self.env["mailjet.delivery"]
        self.assertTrue(delivery._is_due(campaign))
        mailing.action_cancel()
        self.assertFalse(delivery._is_due(campaign))
        self.assertFalse(delivery._lock(campaign))
