from typing import NamedTuple

from odoo import fields, models
from odoo.tools import SQL

from .mailjet_campaign import SHOWN
from .sentence import get_facts, join, recall


class Part(NamedTuple):
    """One of the parts that a division of a mailing's recipients has.

    :param str name: what people call it, a :class:`Sentence` if it is translated
    :param dict values: the values of its ``mailjet.campaign`` that differ from those of
        a mailing's only campaign
    :param SQL condition: which rows to send it gets, of those that no part before it
        gets; the last part gets all the rest, whatever its condition. It is part of the
        query of ``mailjet.variable.value``, with its rows ``r`` and their records
    :param bool is_drawn: whether the condition needs the ``position`` of the row in
        ``spot``, from 1 to the ``total``: the order is drawn by lot, so that any first
        ones are a fair share of each load and each mailbox provider
    """

    name: str
    values: dict
    condition: SQL = SQL("TRUE")
    is_drawn: bool = False


def combine(env, parts):
    """Return the :class:`Part` of the rows that are in each of the given ones: its name
    and its values."""
    values = {key: value for part in parts for key, value in part.values.items()}
    own = [part.values["own_values"] for part in parts if "own_values" in part.values]
    if own:
        values["own_values"] = {
            name: value for each in own for name, value in each.items()
        }
    return Part(join(env, [part.name for part in parts], " · ") or "", values)


class MailjetMailing(models.Model):
    """What a mailing is sent as, and what it shows of its campaigns."""

    _inherit = "mailjet.mailing"

    mailjet_campaign_ids = fields.One2many(
        "mailjet.campaign",
        "mailing_id",
        string="Mailjet campaigns",
        readonly=True,
    )

    def _get_divisions(self, people=None):
        """Return the divisions of the mailing's recipients, each a list of
        :class:`Part` in order: by language, by sender and so on. Each row gets into one
        part of every division, and rows that are in the same parts are sent as one
        campaign. None if the mailing is sent as one campaign.

        Parts are asked for when the recipients are finalized, and to show the mailing
        to a person.

        :param people: some of ``_get_people`` if only the parts that these may be in
            are of interest: then no other rows need to be read
        """
        return []

    def _say_wait(self, values):
        """Return what decides when a campaign is sent, in place of a date: empty if
        that is its date.

        :param values: of the campaign, or of the :class:`Part` that it will be
        """
        return ""

    def _count_planned_this_month(self, date=None):
        """Return how many emails the mailing needs of the quota of this month.

        :param datetime date: when it is to be sent; None for now
        """
        now = fields.Datetime.now()
        is_later = date and (date.year, date.month) > (now.year, now.month)
        return 0 if is_later else self.planned_count

    def _sum_campaigns(self):
        """Show the state and progress of the campaigns; a mailing without campaigns
        keeps its own."""
        for mailing in self:
            campaigns = mailing.mailjet_campaign_ids
            if not campaigns:
                continue
            shown = campaigns._get_most_urgent()
            values = {name: shown[name] for name in SHOWN}
            values["delivery_facts"] = get_facts(
                shown._say(recall(self.env, shown.delivery_facts))
            )
            values["state"] = shown.state
            sent_dates = [date for date in campaigns.mapped("sent_date") if date]
            if sent_dates:
                values["sent_date"] = min(sent_dates)
            # Not all of its columns, such as its body, after each step of a campaign.
            mailing.fetch(list(values))
            changed = {
                name: value for name, value in values.items() if mailing[name] != value
            }
            if changed:
                mailing.write(changed)
