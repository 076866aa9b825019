from typing import NamedTuple

from odoo import fields, models
from odoo.tools import SQL

from .mailjet_campaign import SHOWN


class Part(NamedTuple):
    """One of the campaigns that a mailing is divided into.

    :param str name: what people call it
    :param dict values: the values of its ``mailjet.campaign`` that differ from those of
        a mailing's only campaign
    :param SQL condition: which rows ``r`` to send it gets, of those that no part before
        it gets; the last part gets all the rest, whatever its condition
    """

    name: str
    values: dict
    condition: SQL = SQL("TRUE")


class MailjetMailing(models.Model):
    """What a mailing is sent as, and what it shows of its campaigns."""

    _inherit = "mailjet.mailing"

    mailjet_campaign_ids = fields.One2many(
        "mailjet.campaign",
        "mailing_id",
        string="Mailjet campaigns",
        readonly=True,
    )

    def _get_partition(self):
        """Return the :class:`Part` of each campaign that the mailing is divided into,
        in order; none if it is sent as one campaign. It is asked when the recipients
        are finalized; a part without recipients has no campaign."""
        return []

    def _sum_campaigns(self):
        """Show the state and progress of the campaigns; a mailing without campaigns
        keeps its own."""
        for mailing in self:
            campaigns = mailing.mailjet_campaign_ids
            if not campaigns:
                continue
            shown = campaigns._get_most_urgent()
            values = {name: shown[name] for name in SHOWN}
            values["delivery_message"] = shown._say(shown.delivery_message)
            values["state"] = shown.state
            sent_dates = [date for date in campaigns.mapped("sent_date") if date]
            if sent_dates:
                values["sent_date"] = min(sent_dates)
            changed = {
                name: value for name, value in values.items() if mailing[name] != value
            }
            if changed:
                mailing.write(changed)
