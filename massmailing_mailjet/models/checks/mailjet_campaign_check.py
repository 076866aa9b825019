from odoo import models

from ...tools.checks_mailing import check_quota


class MailjetCampaign(models.Model):
    """What is checked of a campaign right before it is sent."""

    _inherit = "mailjet.campaign"

    def _assert_quota(self):
        """Raise if the campaign exceeds what is left of the quota in the month of its
        send.

        :raise UserError: saying how many emails are left
        """
        account = self.account_id
        self.env["mailjet.check"]._refuse(
            check_quota(
                self._get_planned_count(),
                account.monthly_limit,
                account._get_remaining(self.schedule_date, self),
            )
        )
