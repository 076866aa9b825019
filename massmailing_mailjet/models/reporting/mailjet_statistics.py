from datetime import timedelta

from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ..counting import say_count
from ..recipients.figures import PEOPLE
from .figures import RATES

# What the page shows of each figure: the figure that it is a part of.
FIGURES = {
    "planned_count": None,
    "sent_count": "planned_count",
    "delivered_count": "sent_count",
    "opened_count": "delivered_count",
    "clicked_count": "delivered_count",
    "bounced_count": "sent_count",
    "blocked_count": "sent_count",
    "complaint_count": "delivered_count",
    "optout_count": "delivered_count",
    "failed_count": "planned_count",
    "machine_opened_count": "delivered_count",
}

# What happens over time, and the date of the first time for each recipient.
TIMELINE = {"opened_count": "opened_date", "clicked_count": "clicked_date"}
HOURS = 48
DAYS = 30

# How many mailings before this one it is compared with, and links that are shown.
COMPARED = 10
LINKS = 50


class MailjetStatistics(models.AbstractModel):
    """Reads what the page, the report and the summary of a mailing show.

    The figures are stored; time alone is counted here, in one statement for all of a
    mailing's recipients.
    """

    _name = "mailjet.statistics"
    _description = "Mass mailing statistics reader"

    # === FIGURES === #

    @api.model
    def _get_figures(self, mailing):
        """Return the figures of a mailing in the order in which they are shown: dicts
        of ``name``, ``label``, ``help``, ``value`` and ``ratio``, the part of the
        figure that it belongs to (False where there is none)."""
        info = mailing.fields_get(list(FIGURES), ["string", "help"])
        info["planned_count"]["string"] = self.env._("Planned")
        return [
            {
                "name": name,
                "label": info[name]["string"],
                "help": info[name].get("help", ""),
                "value": mailing[name],
                "ratio": mailing[name] / mailing[whole]
                if whole and mailing[whole]
                else False,
            }
            for name, whole in FIGURES.items()
        ]

    @api.model
    def _get_comparison(self, mailing):
        """Return the rates of a mailing beside the mean of those of the company's
        mailings before it, whatever their size.

        :return: dict of ``count``, the mailings that it is compared with, and
            ``rates``: dicts of ``name``, ``label``, ``value`` and ``average`` (False
            where there is nothing to compare with)
        """
        before = self._get_mailings_before(mailing)
        info = mailing.fields_get(list(RATES), ["string"])
        return {
            "count": len(before),
            "rates": [
                {
                    "name": name,
                    "label": info[name]["string"],
                    "value": mailing[name],
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

    @api.model
    def _get_mailings_before(self, mailing):
        return mailing.with_context(active_test=False).search(
            [
                ("company_id", "=", mailing.company_id.id),
                ("sent_date", "<", mailing.sent_date),
                ("sent_count", ">", 0),
            ],
            order="sent_date desc",
            limit=COMPARED,
        )

    @api.model
    def _get_notices(self, mailing):
        """Return what is to be known of the figures, as sentences: where Mailjet's own
        count, its list of e-mails and what was handed over differ."""
        values = {
            "counted": mailing.mailjet_count,
            "listed": mailing.listed_count,
            "sent": mailing.sent_count,
        }
        if not (mailing.pulled_date and mailing.mailjet_count):
            return []
        if mailing.listed_count < mailing.mailjet_count:
            return [
                self.env._(
                    "Emails of this mailing counted by Mailjet: %(counted)s. Listed "
                    "so far: %(listed)s. These figures may still rise.",
                    **values,
                )
            ]
        if mailing.mailjet_count < mailing.sent_count:
            return [
                self.env._(
                    "Emails counted by Mailjet: %(counted)s. Uploaded: %(sent)s. "
                    "Mailjet skips addresses that it excludes, and its count may be "
                    "some hours late.",
                    **values,
                )
            ]
        return []

    # === LINKS === #

    @api.model
    def _get_links(self, mailing, limit=LINKS):
        """Return the links that most people clicked: dicts of ``id``, ``url``,
        ``click_count`` and ``recipient_count``."""
        return self.env["mailjet.link"].search_read(
            [("mailing_id", "=", mailing.id)],
            ["url", "click_count", "recipient_count"],
            limit=limit,
        )

    # === TIME === #

    @api.model
    def _get_timeline(self, mailing):
        """Return how many people opened and clicked for the first time, since the
        departure.

        :return: dict of ``hours``, the first 48, and ``days``, the first 30 and what
            came after them in the last one: dicts of ``start`` and ``end`` (in hours;
            False for no end) and one number for each figure of ``TIMELINE``
        """
        counts = self._count_by_hour(mailing)
        last = max((hour for _figure, hour in counts), default=0)
        hours = [(hour, hour + 1) for hour in range(min(last + 1, HOURS))]
        days = [(24 * day, 24 * day + 24) for day in range(min(last // 24 + 1, DAYS))]
        if last >= 24 * DAYS:
            days.append((24 * DAYS, None))
        return {
            "hours": [self._add_up(counts, *period) for period in hours],
            "days": [self._add_up(counts, *period) for period in days],
        }

    @api.model
    def _add_up(self, counts, start, end):
        return {
            "start": start,
            "end": end or False,
            **{
                figure: sum(
                    count
                    for (name, hour), count in counts.items()
                    if name == figure and start <= hour and (end is None or hour < end)
                )
                for figure in TIMELINE
            },
        }

    @api.model
    def _count_by_hour(self, mailing):
        """Return ``{(figure, hour since the departure): people}``. What seems to have
        come before the departure, by another clock, belongs to the first hour."""
        self.env["mailjet.recipient"].flush_model()
        queries = [
            SQL(
                """
                SELECT %(figure)s AS figure,
                       date_trunc('hour', LEAST(%(last)s, GREATEST(interval '0',
                                      %(date)s - %(departure)s))) AS since,
                       count(*)
                  FROM mailjet_recipient
                 WHERE mailing_id = %(mailing)s AND %(date)s IS NOT NULL
              GROUP BY since
                """,
                figure=figure,
                date=SQL.identifier(column),
                departure=mailing.sent_date,
                last=timedelta(days=DAYS),
                mailing=mailing.id,
            )
            for figure, column in TIMELINE.items()
        ]
        rows = self.env.execute_query(SQL(" UNION ALL ").join(queries))
        return {
            (figure, since // timedelta(hours=1)): count
            for figure, since, count in rows
        }

    # === PEOPLE === #

    @api.model
    def _get_people(self, mailing, figure, start=None, end=None):
        """Return the domain of whom a figure counts.

        :param int start: only from this hour after the departure on
        :param int end: only until this hour after the departure
        :raise UserError: when there is no such figure
        """
        if figure not in PEOPLE:
            raise UserError(self.env._("Unknown figure: %s", figure))
        domain = [("mailing_id", "=", mailing.id), *PEOPLE[figure]]
        for operator, hours in ((">=", start), ("<", end)):
            if hours:
                moment = mailing.sent_date + timedelta(hours=hours)
                domain.append((TIMELINE[figure], operator, moment))
        return domain
