from datetime import datetime

from dateutil.relativedelta import relativedelta

from odoo import fields, models
from odoo.tools import SQL

from ..composition.mailjet_mailing_asking import ASKING
from .verdict_addresses import among, find_asked

# How long nobody is asked again: the CNIL's recommendation 2026-042. The label of the
# reason says it in words.
ASKING_PAUSE = relativedelta(months=6)


class MailjetMailing(models.Model):
    """Whom a mailing that asks for permission to measure is for: addresses that have
    not answered the company, and that no other one of it has asked for some time."""

    _inherit = "mailjet.mailing"

    def _get_omissions(self):
        yield from super()._get_omissions()
        if self.purpose != ASKING:
            return
        yield (
            "answered",
            SQL(
                "SELECT %s AS mailing_id, email AS email_normalized FROM (%s) answered",
                self.id,
                self.env["mailjet.measuring"]._find_answered(self.company_id),
            ),
        )
        yield (
            "asked",
            SQL(
                "SELECT %s AS mailing_id, asked.email_normalized %s",
                self.id,
                self._get_asked(),
            ),
        )

    def _get_asked(self):
        """Return the part of a query that finds the rows ``asked`` of other mailings
        with the same purpose, within the pause before now, or before this mailing was
        sent."""
        is_sent = self.state == "done" and self.sent_date
        until = is_sent or fields.Datetime.now()
        return find_asked(
            self.id, self.company_id.id, until - ASKING_PAUSE, is_sent or datetime.max
        )

    def _find_asked(self, emails):
        """Return, by address, the id of the latest mailing for which the address is
        excluded from this one, and when that one asked."""
        rows = self.env.execute_query(
            SQL(
                """
                SELECT DISTINCT ON (asked.email_normalized)
                       asked.email_normalized, other.id, campaign.asked_date %s AND %s
              ORDER BY asked.email_normalized, campaign.asked_date DESC, other.id DESC
                """,
                self._get_asked(),
                among(SQL("asked.email_normalized"), emails),
            )
        )
        return {email: (mailing_id, date) for email, mailing_id, date in rows}

    def _find_answered_since(self, since):
        """Return the queries of the ids of rows whose address has answered the company
        since then: none if the mailing does not ask."""
        if self.purpose != ASKING:
            return []
        company_id = SQL("%s", self.company_id.id)
        return [
            SQL(
                """
                SELECT r.id FROM mailjet_recipient r
                  JOIN mailjet_measuring choice ON choice.email = r.email_normalized
                 WHERE r.mailing_id = %s AND choice.write_date >= %s AND %s
                """,
                self.id,
                since,
                self.env["mailjet.measuring"]._counts_for(company_id),
            )
        ]

    def _has_moved(self, since):
        return super()._has_moved(since) or self._has_asking_moved(since)

    def _has_asking_moved(self, since):
        """Return whether another mailing with the same purpose has changed, or has left
        the pause."""
        if self.purpose != ASKING:
            return False
        now = fields.Datetime.now()
        others = [
            ("id", "!=", self.id),
            ("purpose", "=", ASKING),
            ("company_id", "=", self.company_id.id),
        ]
        ended = [
            ("mailjet_campaign_ids.sent_date", ">=", since - ASKING_PAUSE),
            ("mailjet_campaign_ids.sent_date", "<=", now - ASKING_PAUSE),
        ]
        moved = [*others, "|", ("write_date", ">=", since), "&", *ended]
        mailings = self.sudo().with_context(active_test=False)
        return bool(mailings.search_count(moved, limit=1))
