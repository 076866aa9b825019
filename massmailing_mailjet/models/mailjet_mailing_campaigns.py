from odoo import fields, models

from .mailjet_campaign import SHOWN


class MailjetMailing(models.Model):
    """What a mailing shows of its campaigns."""

    _inherit = "mailjet.mailing"

    mailjet_campaign_ids = fields.One2many(
        "mailjet.campaign",
        "mailing_id",
        string="Mailjet campaigns",
        readonly=True,
    )

    def _sum_campaigns(self):
        """Show the state and progress of the campaigns; a mailing without campaigns
        keeps its own."""
        for mailing in self:
            campaigns = mailing.mailjet_campaign_ids
            if not campaigns:
                continue
            shown = campaigns._get_most_urgent()
            values = {name: shown[name] for name in SHOWN}
            values["state"] = shown.state
            if shown.state == "done":
                values["sent_date"] = min(
                    filter(None, campaigns.mapped("sent_date")), default=False
                )
            changed = {
                name: value for name, value in values.items() if mailing[name] != value
            }
            if changed:
                mailing.write(changed)
