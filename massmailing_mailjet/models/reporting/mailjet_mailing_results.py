from datetime import timedelta

from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ..counting import say_count
from ..recipients.counts import COUNT_DOMAINS
from .rates import RATES

# The figures of the page, each with the figure that it is a part of.
KPIS = {
    "planned_count": None,
    "sent_count": "planned_count",
    "delivered_count": "sent_count",
    "opened_count": "measured_count",
    "clicked_count": "measured_count",
    "bounced_count": "sent_count",
    "blocked_count": "sent_count",
    "complaint_count": "delivered_count",
    "optout_count": "delivered_count",
    "failed_count": "planned_count",
    "machine_opened_count": "measured_count",
}

# The figures shown over time, and the date of each recipient's first time.
TIMELINE = {"opened_count": "opened_date", "clicked_count": "clicked_date"}
HOURS = 48
DAYS = 30

# How many earlier mailings to compare with, and how many links to show.
COMPARED = 10
LINKS = 50


class MailjetMailing(models.Model):
    """What the page, the report and the summary of a mailing show.

    The figures are stored; only the timeline is counted here, in one statement for all
    of a mailing's recipients.
    """

    _inherit = "mailjet.mailing"

    # === KPIS === #

    def _get_kpis(self):
        """Return the figures of the mailing in the order in which they are shown: dicts
        of ``name``, ``label``, ``help``, ``value`` and ``ratio``, its share of the
        figure that it is a part of (False if there is none)."""
        info = self.fields_get(list(KPIS), ["string", "help"])
        info["planned_count"]["string"] = self.env._("Planned")
        return [
            {
                "name": name,
                "label": info[name]["string"],
                "help": info[name].get("help", ""),
                "value": self[name],
                "ratio": self[name] / self[whole] if whole and self[whole] else False,
            }
            for name, whole in KPIS.items()
        ]

    def _get_comparison(self):
        """Return the rates of the mailing beside the mean of those of the company's
        earlier mailings, whatever their size.

        :return: dict of ``count``, the mailings that it is compared with, and
            ``rates``: dicts of ``name``, ``label``, ``value`` and ``average`` (False if
            there is nothing to compare with)
        """
        before = self._get_mailings_before()
        info = self.fields_get(list(RATES), ["string"])
        return {
            "count": len(before),
            "rates": [
                {
                    "name": name,
                    "label": info[name]["string"],
                    "value": self[name],
                    "average": sum(before.mapped(name)) / len(before)
                    if before
                    else False,
                }
                for name in RATES
            ],
        }

    @api.model
    def _get_average_title(self, comparison):
        """Return the title of the averages of a comparison."""
        return say_count(
            self.env,
            comparison["count"],
            self.env._("Previous mailing"),
            self.env._("Average of the last %(count)s mailings"),
        )

    def _get_mailings_before(self):
        return self.with_context(active_test=False).search(
            [
                ("company_id", "=", self.company_id.id),
                ("sent_date", "<", self.sent_date),
                ("sent_count", ">", 0),
            ],
            order="sent_date desc",
            limit=COMPARED,
        )

    def _get_statistics_notices(self):
        """Return remarks on the figures, as sentences: if not everybody is measured, or
        if Mailjet's own count, its list of emails and the number of uploaded addresses
        differ."""
        notices = self._get_measuring_notices()
        campaigns = self.sudo().mailjet_campaign_ids
        counted = sum(campaigns.mapped("mailjet_count"))
        listed = sum(campaigns.mapped("listed_count"))
        values = {"counted": counted, "listed": listed, "sent": self.sent_count}
        if not (counted and all(campaigns.mapped("synchronized_date"))):
            return notices
        if listed < counted:
            notices.append(
                self.env._(
                    "Emails of this mailing counted by Mailjet: %(counted)s. Listed "
                    "so far: %(listed)s. These figures may still rise.",
                    **values,
                )
            )
        elif counted < self.sent_count:
            notices.append(
                self.env._(
                    "Emails counted by Mailjet: %(counted)s. Uploaded: %(sent)s. "
                    "Mailjet skips addresses that it excludes, and its count may be "
                    "some hours late.",
                    **values,
                )
            )
        return notices

    # === LINKS === #

    def _get_clicked_links(self, limit=LINKS):
        """Return the links that the most people clicked: dicts of ``id``, ``url``,
        ``click_count`` and ``recipient_count``."""
        return self.env["mailjet.link"].search_read(
            [("mailing_id", "=", self.id)],
            ["url", "click_count", "recipient_count"],
            limit=limit,
        )

    # === TIMELINE === #

    def _get_timeline(self):
        """Return how many people opened and clicked for the first time over time.

        :return: dict of ``hours``, the first 48, and ``days``, the first 30 plus one
            for everything later: dicts of ``start`` and ``end`` (in hours since the
            send; False for no end) and one number for each figure of ``TIMELINE``
        """
        counts = self._count_by_hour()
        last = max((hour for _name, hour in counts), default=0)
        hours = [(hour, hour + 1) for hour in range(min(last + 1, HOURS))]
        days = [(24 * day, 24 * day + 24) for day in range(min(last // 24 + 1, DAYS))]
        if last >= 24 * DAYS:
            days.append((24 * DAYS, None))
        return {
            "hours": [_add_up(counts, *period) for period in hours],
            "days": [_add_up(counts, *period) for period in days],
        }

    def _count_by_hour(self):
        """Return ``{(name, hour since the send): people}``. Anything dated before the
        send, because of another clock, counts for the first hour."""
        self.env["mailjet.recipient"].flush_model()
        queries = [
            SQL(
                """
                SELECT %(name)s AS name,
                       date_trunc('hour', LEAST(%(last)s, GREATEST(interval '0',
                                      %(date)s - %(sent_date)s))) AS since,
                       count(*)
                  FROM mailjet_recipient
                 WHERE mailing_id = %(mailing)s AND %(date)s IS NOT NULL
              GROUP BY since
                """,
                name=name,
                date=SQL.identifier(column),
                sent_date=self.sent_date,
                last=timedelta(days=DAYS),
                mailing=self.id,
            )
            for name, column in TIMELINE.items()
        ]
        rows = self.env.execute_query(SQL(" UNION ALL ").join(queries))
        return {
            (name, since // timedelta(hours=1)): count for name, since, count in rows
        }

    # === DOMAINS OF COUNTS === #

    def _get_count_domain(self, name, start=None, end=None):
        """Return the domain of the recipients behind a count.

        :param int start: only from this hour after the send
        :param int end: only until this hour after the send
        :raise UserError: if there is no such count
        """
        if name not in COUNT_DOMAINS:
            raise UserError(self.env._("Unknown figure: %s", name))
        domain = [("mailing_id", "=", self.id), *COUNT_DOMAINS[name]]
        for operator, hours in ((">=", start), ("<", end)):
            if hours:
                moment = self.sent_date + timedelta(hours=hours)
                domain.append((TIMELINE[name], operator, moment))
        return domain


def _add_up(counts, start, end):
    """Return the people of :data:`TIMELINE` from one hour to another."""
    return {
        "start": start,
        "end": end or False,
        **{
            name: sum(
                count
                for (counted, hour), count in counts.items()
                if counted == name and start <= hour and (end is None or hour < end)
            )
            for name in TIMELINE
        },
    }
