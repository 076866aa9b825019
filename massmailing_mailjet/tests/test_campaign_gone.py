from unittest.mock import patch

from odoo.tests import tagged

from ..models.delivery.outcome import WAIT
from .common import DeliveryCase


@tagged("post_install", "-at_install")
class TestCampaignGone(DeliveryCase):
    """A campaign that its user cancels while the scheduled action runs: the others are
    sent in the same run."""

    def setUp(self):
        super().setUp()
        self.mailings = [self._make_mailing(self.people) for _number in range(3)]
        for mailing in self.mailings:
            mailing.action_send()
        self.engine = type(self.env["mailjet.delivery"])

    def assertOneCanceled(self):
        states = [mailing.state for mailing in self.mailings]
        self.assertCountEqual(states, ["done", "done", "draft"])

    def test_before_its_turn(self):
        process = self.engine._process

        def cancel_another(delivery, campaign, *args):
            if self.mailings[1].state == "in_queue":
                self.mailings[1].action_cancel()
            return process(delivery, campaign, *args)

        with patch.object(self.engine, "_process", cancel_another):
            self._run_cron()
        self.assertOneCanceled()

    def test_between_two_steps(self):
        take_step = self.engine._take_step

        def cancel_one(delivery, campaign, *args):
            if campaign.mailing_id == self.mailings[1]:
                campaign.mailing_id.action_cancel()
                return WAIT
            return take_step(delivery, campaign, *args)

        with patch.object(self.engine, "_take_step", cancel_one):
            self._run_cron()
        self.assertOneCanceled()
