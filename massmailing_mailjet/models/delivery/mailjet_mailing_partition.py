from odoo import models
from odoo.exceptions import UserError
from odoo.tools import SQL

# Each campaign is a list, a draft and an import at Mailjet.
MAX_CAMPAIGNS = 50


class MailjetMailing(models.Model):
    """How a mailing is divided into the campaigns that ``_get_partition`` describes:
    each row to send gets into exactly one."""

    _inherit = "mailjet.mailing"

    def _get_campaign_values(self):
        """Return the values of the mailing's only campaign."""
        return {
            "mailing_id": self.id,
            "account_id": self.account_id.id,
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
        parts = self._get_partition()
        if not parts:
            return campaign
        values = self._get_campaign_values()
        first, *others = [
            {
                **values,
                **part.values,
                "name": part.name,
                "sequence": number,
                "is_part": True,
            }
            for number, part in enumerate(parts, 1)
        ]
        campaign.write(first)
        campaigns = campaign | campaign.create(others)
        planned = self._assign_rows(parts, campaigns)
        self._check_campaign_count(len(planned))
        for each in campaigns:
            each.planned_count = planned.get(each.id, 0)
        empty = campaigns.filtered(lambda each: not each.planned_count)
        empty.unlink()
        return campaigns - empty

    def _assign_rows(self, parts, campaigns):
        """Assign each row to send to the campaign of its part.

        :return: the numbers of rows, by the ids of the campaigns that have any
        """
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL(
                """
                WITH assigned AS (
                    UPDATE mailjet_recipient r SET campaign_id = %s
                     WHERE r.mailing_id = %s AND r.verdict = 'send'
                 RETURNING campaign_id
                )
                SELECT campaign_id, count(*) FROM assigned GROUP BY campaign_id
                """,
                self._choose_part(parts, campaigns.ids),
                self.id,
            )
        )
        self.env["mailjet.recipient"].invalidate_model(["campaign_id"])
        return dict(rows)

    def _assert_partition(self):
        """Raise if the mailing would be sent as too many campaigns.

        :raise UserError: saying so
        """
        parts = self._get_partition()
        if len(parts) <= MAX_CAMPAIGNS:
            return
        [(count,)] = self.env.execute_query(
            SQL(
                """
                SELECT count(DISTINCT %s) FROM mailjet_recipient r
                 WHERE r.mailing_id = %s AND r.verdict = 'send'
                """,
                self._choose_part(parts, range(len(parts))),
                self.id,
            )
        )
        self._check_campaign_count(count)

    def _choose_part(self, parts, results):
        """Return the SQL of the result that stands for the part of a row ``r``."""
        *conditions, rest = zip(parts, results, strict=True)
        if not conditions:
            return SQL("%s", rest[1])
        return SQL(
            "CASE %s ELSE %s END",
            SQL(" ").join(
                SQL("WHEN %s THEN %s", part.condition, result)
                for part, result in conditions
            ),
            rest[1],
        )

    def _check_campaign_count(self, count):
        if count > MAX_CAMPAIGNS:
            raise UserError(
                self.env._(
                    "This mailing would be sent as %(count)s campaigns, and at most "
                    "%(limit)s are possible. Nothing was sent. Divide its recipients "
                    "into fewer parts, or between several mailings.",
                    count=count,
                    limit=MAX_CAMPAIGNS,
                )
            )
