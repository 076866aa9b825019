from datetime import datetime, timedelta

from odoo import fields, models
from odoo.tools import SQL

from .verdict_addresses import among, find_mailed


class MailjetMailing(models.Model):
    """The frequency cap: nobody gets two of the company's mailings within some days."""

    _inherit = "mailjet.mailing"

    frequency_cap_days = fields.Integer(
        string="Days without another mailing",
        default=lambda self: self.env.company.mailjet_frequency_cap_days,
        help="Anyone who received another mass mailing of the company within this "
        "number of days is excluded. 0 disables the limit.",
    )

    _frequency_cap_days_positive = models.Constraint(
        "CHECK(frequency_cap_days >= 0)",
        "The number of days without another mailing cannot be negative.",
    )

    def _get_omissions(self):
        yield from super()._get_omissions()
        if self.frequency_cap_days:
            yield (
                "recent",
                SQL(
                    "SELECT %s AS mailing_id, mailed.email_normalized %s",
                    self.id,
                    self._get_recently_mailed(),
                ),
            )

    def _has_moved(self, since):
        return super()._has_moved(since) or self._has_cap_moved(since)

    def _has_cap_moved(self, since):
        """Return whether another mailing has entered or left the days that the
        frequency cap covers."""
        if not self.frequency_cap_days:
            return False
        now = fields.Datetime.now()
        window = timedelta(days=self.frequency_cap_days)
        moved = [
            "|",
            ("sent_date", ">=", since),
            "&",
            ("sent_date", ">=", since - window),
            ("sent_date", "<=", now - window),
        ]
        return bool(
            self.sudo()
            .with_context(active_test=False)
            .search_count([("company_id", "=", self.company_id.id), *moved], limit=1)
        )

    def _get_recently_mailed(self):
        """Return the part of a query that finds the rows ``mailed`` of ``other``
        mailings of the company that were sent within the cap's days before now, or
        before this mailing was sent."""
        until = self.sent_date or fields.Datetime.now()
        family = self._get_family() if self.origin_id else self
        return find_mailed(
            (self | family).ids,
            self.company_id.id,
            until - timedelta(days=self.frequency_cap_days),
            self.sent_date or datetime.max,
        )

    def _find_recent(self, emails):
        """Return, by address, the id of the latest mailing for which the frequency cap
        excludes the address from this mailing."""
        if not self.frequency_cap_days:
            return {}
        rows = self.env.execute_query(
            SQL(
                """
                SELECT DISTINCT ON (mailed.email_normalized)
                       mailed.email_normalized, other.id %s AND %s
              ORDER BY mailed.email_normalized, other.sent_date DESC, other.id DESC
                """,
                self._get_recently_mailed(),
                among(SQL("mailed.email_normalized"), emails),
            )
        )
        return dict(rows)
