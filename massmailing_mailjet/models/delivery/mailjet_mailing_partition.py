from math import prod

from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import SQL
from odoo.tools.translate import LazyTranslate

from ...const import EDITABLE_STATES
from ..sentence import get_facts, join, say

_lt = LazyTranslate(__name__)

# Each campaign is a list, a draft and an import at Mailjet.
MAX_CAMPAIGNS = 50


class MailjetMailing(models.Model):
    """How a mailing is divided into the campaigns that ``_get_divisions`` describes:
    each row to send gets into exactly one."""

    _inherit = "mailjet.mailing"

    def _get_campaign_values(self):
        """Return the values of the mailing's only campaign."""
        return {
            "mailing_id": self.id,
            "account_id": self.account_id.id,
            "is_unmeasured": self.account_id.measures == "off",
            "attempt": self.attempt,
            "schedule_date": self.schedule_date,
        }

    def _create_campaign(self):
        """Create the campaign that the mailing is sent as, unless its recipients are
        divided between several once they are finalized."""
        return self.env["mailjet.campaign"].create(self._get_campaign_values())

    def _divide(self, campaign):
        """Divide the rows to send between the campaigns of the mailing, and return
        these; the given one becomes the first of them.

        :raise UserError: if there are too many
        """
        divisions = self._get_divisions()
        if not divisions:
            return campaign
        planned = self._count_parts(divisions)
        self._refuse_campaign_excess(self._say_campaign_excess(len(planned)))
        values = self._get_campaign_values()
        first, *others = [
            {
                **values,
                **part.values,
                "name_facts": get_facts(part.name),
                "sequence": sequence,
                "is_part": True,
                "planned_count": count,
            }
            for sequence, (number, count) in enumerate(planned.items(), 1)
            for part in [self._get_part(divisions, number)]
        ]
        campaign.write(first)
        campaigns = campaign | campaign.create(others)
        self._assign_rows(divisions, dict(zip(planned, campaigns.ids, strict=True)))
        return campaigns

    def _assign_rows(self, divisions, campaign_ids):
        """Assign each row to send to the campaign of its part.

        :param dict campaign_ids: the id of each campaign by the number of its part
        """
        rows = SQL("r.mailing_id = %s AND r.verdict = 'send'", self.id)
        self.env["mailjet.campaign"]._assign_rows(
            SQL(
                """
                SELECT campaign.id AS campaign_id, part.id
                  FROM (%s) part
                  JOIN unnest(%s, %s) campaign (number, id)
                    ON campaign.number = part.number
                """,
                self._select_parts(divisions, rows),
                list(campaign_ids),
                list(campaign_ids.values()),
            )
        )

    def _mark_unmeasured(self, campaigns):
        """Mark the recipients of the campaigns that are not measured."""
        rows = [
            campaign._get_rows() for campaign in campaigns if campaign.is_unmeasured
        ]
        condition = SQL(" OR ").join(rows) if rows else SQL("FALSE")
        self.env["mailjet.recipient"]._mark_unmeasured(self, condition)

    def _assert_partition(self):
        """Raise if the mailing would be sent as too many campaigns.

        :raise UserError: saying so
        """
        self._refuse_campaign_excess(self._find_campaign_excess())

    @api.model
    def _refuse_campaign_excess(self, excess):
        if excess:
            nothing = say(self.env, _lt("Nothing was sent."))
            raise UserError(join(self.env, [excess, nothing]))

    def _find_campaign_excess(self):
        """Return :meth:`_say_campaign_excess` of the mailing as it is. Its recipients
        are only counted if there could be too many campaigns."""
        divisions = self._get_divisions()
        if prod(map(len, divisions)) <= MAX_CAMPAIGNS:
            return ""
        return self._say_campaign_excess(len(self._count_parts(divisions)))

    def _say_campaign_excess(self, count):
        """Return what to do if the mailing would be sent as too many campaigns, else an
        empty text.

        :param int count: as how many it would be sent
        """
        if count <= MAX_CAMPAIGNS:
            return ""
        excess = _lt(
            "This mailing would be sent as %(count)s campaigns, and at most %(limit)s "
            "are possible. Divide its recipients into fewer parts, or between several "
            "mailings.",
            count=count,
            limit=MAX_CAMPAIGNS,
        )
        sentences = [say(self.env, excess)]
        if self.from_salesperson:
            advice = _lt(
                "Each salesperson has a campaign of their own, unless you switch off "
                "“Send from the salesperson”."
            )
            sentences.append(say(self.env, advice))
        return join(self.env, sentences)

    def _explain_senders(self, senders):
        """Say before sending, too, that there are too many salespersons."""
        notes = super()._explain_senders(senders)
        excess = self.state in EDITABLE_STATES and self.sudo()._find_campaign_excess()
        return [str(excess), *notes] if excess else notes
