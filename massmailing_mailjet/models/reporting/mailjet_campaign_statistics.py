from odoo import fields, models

from .rates import RATES

# The figures of a campaign in the table, each with its share of another.
SHOWN = {
    "delivered_count": "delivered_ratio",
    "opened_count": "opened_ratio",
    "clicked_count": "clicked_ratio",
    "bounced_count": "bounced_ratio",
    "optout_count": "optout_ratio",
}


class MailjetCampaign(models.Model):
    """The counts of a campaign of a divided mailing: each counts recipients, once each.

    Like those of the mailing, they are stored, and updated whenever events are applied
    (``mailjet.recipient.tracking``): no view counts rows.
    """

    _name = "mailjet.campaign"
    _inherit = ["mailjet.campaign", "mailjet.rate.mixin"]

    delivered_count = fields.Integer(string="Delivered", copy=False)
    unmeasured_count = fields.Integer(string="Recipients not measured", copy=False)
    opened_count = fields.Integer(string="Opened", copy=False)
    clicked_count = fields.Integer(string="Clicked", copy=False)
    bounced_count = fields.Integer(string="Bounced", copy=False)
    optout_count = fields.Integer(string="Unsubscribed", copy=False)

    def _get_table_figures(self):
        """Return the figures of a campaign that was sent, as dicts of ``name``,
        ``label``, ``help``, ``count`` and ``rate``, a share of 1; False where it is a
        share of nobody."""
        if self.state != "done":
            return super()._get_table_figures()
        info = self.mailing_id.fields_get([*SHOWN, *RATES], ["string", "help"])
        return [
            {
                "name": name,
                "label": info[name]["string"],
                "help": info[ratio]["help"],
                "count": self[name],
                "rate": bool(self[RATES[ratio][1]]) and self[ratio],
            }
            for name, ratio in SHOWN.items()
        ]
