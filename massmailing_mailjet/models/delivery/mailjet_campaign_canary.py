from odoo import fields, models

from .outcome import look_again


class MailjetCampaign(models.Model):
    """A campaign to the first share of a mailing, or to the rest, which is prepared
    meanwhile and waits for its result."""

    _inherit = "mailjet.campaign"

    is_canary = fields.Boolean(string="First share")

    def _delivery_step_schedule(self, client):
        mailing = self.mailing_id
        date = mailing.canary_date
        if self.awaits_decision and date and not mailing.canary_excess:
            if date > fields.Datetime.now():
                return look_again(date)
            mailing._judge_canary()
        return super()._delivery_step_schedule(client)
