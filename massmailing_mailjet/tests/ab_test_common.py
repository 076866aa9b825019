from datetime import timedelta

from odoo import fields

from .crowd_common import CrowdCase


class AbTestCase(CrowdCase):
    """A mailing whose versions are tried on some of twenty people."""

    CROWD = 20

    def _make_test(self, versions=1, **values):
        """Return a mailing with an A/B test of 40 % of twenty people."""
        mailing = self._make_mailing(self.crowd, ab_share=40, **values)
        for _number in range(versions):
            action = mailing.action_add_letter()
            version = mailing.env["mailjet.version"].browse(action["res_id"])
            version.subject = f"Version {version.letter.upper()}"
        return mailing

    def _strike_at(self, **delta):
        """Let time pass, and the hour of what Mailjet holds come."""
        self.clock += timedelta(**delta)
        self._strike()
        self._go_on()

    def _click(self, campaign, count, name="clicked_date"):
        rows = self._get_rows(campaign)[:count]
        rows.sudo().write({name: fields.Datetime.now()})

    def _get_rows(self, campaign):
        return self.env["mailjet.recipient"].search([("campaign_id", "=", campaign.id)])
