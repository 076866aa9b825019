from unittest.mock import patch

from odoo.tools import SQL

from ..models.mailjet_mailing_campaigns import Part
from .common import DeliveryCase

NOTICE = "odoo.addons.massmailing_mailjet.models.delivery.mailjet_mailing_notice"


class PartitionCase(DeliveryCase):
    """Mailings to three people that are sent as several campaigns: what divides them
    is decided by the test."""

    def setUp(self):
        super().setUp()
        # From now on every mailing is divided into these.
        self.parts = self._by_city()
        self.startPatcher(
            patch.object(
                self.registry["mailjet.mailing"],
                "_get_divisions",
                lambda mailing, person=None: [self.parts] if self.parts else [],
            )
        )

    def _by_city(self, oslo=None, rest=None):
        """Return a campaign to Ann and Cat, and another to Bob.

        :param oslo: values of the first campaign
        :param rest: values of the second
        """
        condition = SQL(
            "EXISTS (SELECT FROM res_partner p"
            " WHERE p.id = r.partner_id AND p.city = 'Oslo')"
        )
        return [Part("Oslo", oslo or {}, condition), Part("Rest", rest or {})]

    def _start(self, mailing):
        """Send a mailing up to its division; return its campaigns."""
        mailing.action_send()
        with self._one_step_at_a_time():
            self._run_later(minutes=1)
        return mailing.sudo().mailjet_campaign_ids.sorted("sequence")

    def _one_step_at_a_time(self):
        from ..models.delivery import mailjet_delivery

        return patch.object(mailjet_delivery, "RUN_SECONDS", 0)

    def _send(self, mailing):
        """Send a mailing as far as it gets; return its campaigns."""
        campaigns = self._start(mailing)
        self._go_on()
        return campaigns.exists()

    def _go_on(self):
        for _run in range(3):
            self._run_later(minutes=1)

    def _get_rows(self, mailing):
        return self.env["mailjet.recipient"].search([("mailing_id", "=", mailing.id)])

    def assertSentTo(self, *groups):
        """Check the addresses of each campaign that Mailjet has sent."""
        expected = [{f"{name}@example.com" for name in group} for group in groups]
        self.assertEqual(
            sorted(map(sorted, self.mailjet.sent)), sorted(map(sorted, expected))
        )
