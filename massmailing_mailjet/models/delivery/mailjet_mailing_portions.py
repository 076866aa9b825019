from datetime import time, timedelta
from itertools import islice

import pytz

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools.translate import LazyTranslate

from ...tools.portion_dates import (
    find_next,
    get_next_month,
    iterate_days,
    iterate_months,
    to_local,
    to_utc,
)
from ..sentence import say
from .mailjet_mailing_partition import MAX_CAMPAIGNS

_lt = LazyTranslate(__name__)

# Fields by which recipients are divided between dates: frozen like the content.
DATE_FIELDS = {
    "send_mode",
    "portion_rule",
    "portion_size",
    "portion_working_days",
    "portion_hour",
    "in_recipient_zone",
}
# How many days of a working calendar are read at once.
CALENDAR_DAYS = 60


class MailjetMailing(models.Model):
    """Sends a mailing in portions: so many emails a day, or what is left of each
    month's quota. Which dates they are sent on, and how large they are."""

    _inherit = "mailjet.mailing"

    send_mode = fields.Selection(
        [("once", "All at once"), ("portions", "In portions")],
        string="How it is sent",
        required=True,
        default="once",
    )
    portion_rule = fields.Selection(
        [
            ("day", "A number of emails a day"),
            ("month", "What is left of each month's quota"),
        ],
        string="A portion is",
        required=True,
        default="day",
    )
    portion_size = fields.Integer(string="Emails a day", default=500)
    portion_working_days = fields.Boolean(
        string="Only on working days",
        default=True,
        help="Those of the company's working hours. The first portion waits for the "
        "next working hour.",
    )
    portion_hour = fields.Float(
        string="Time of day",
        default=9.0,
        help="When portions are sent, except for the first one, in the time zone of "
        "the responsible.",
    )

    _portion_size_positive = models.Constraint(
        "CHECK(portion_size > 0)", "A portion has at least one email."
    )

    @api.constrains("portion_hour")
    def _check_portion_hour(self):
        if any(not 0 <= mailing.portion_hour < 24 for mailing in self):
            raise ValidationError(
                self.env._("The time of day is between 00:00 and 23:59.")
            )

    def write(self, vals):
        if DATE_FIELDS & vals.keys() and not self.env.su:
            self._check_editable()
        return super().write(vals)

    # === PORTIONS === #

    def _get_portions(self):
        """Return the portions that the planned emails are sent in, as pairs of a local
        date in the mailing's time zone and a number of emails; no more than one
        portion too many. The last one gets all the rest."""
        first = self._get_first_moment()
        if self.send_mode != "portions":
            return [(first, self.planned_count)]
        is_monthly = self.portion_rule == "month"
        dates = self._get_month_sizes(first) if is_monthly else self._get_days(first)
        portions, left = [], self.planned_count
        for moment, size in islice(dates, MAX_CAMPAIGNS + 1):
            portions.append((moment, min(size, left)))
            left -= size
            if left <= 0:
                break
        return portions

    def _get_days(self, first):
        """Yield the local date and the size of each portion of so many a day."""
        days = iterate_days(first, self._get_hour(), self._get_day_filter())
        for moment in days:
            yield moment, max(self.portion_size, 1)

    def _get_month_sizes(self, first):
        """Yield the local date of each month's portion, and what is left of its
        quota."""
        zone, account = self._get_zone(), self.account_id
        limit = account.sudo().monthly_limit
        own = self.sudo()._origin.mailjet_campaign_ids
        months = iterate_months(first, self._get_hour(), self._get_day_filter(), zone)
        for moment in months:
            size = account._get_remaining(to_utc(moment, zone), own)
            if size or not limit:
                yield moment, size if limit else self.planned_count

    def _count_planned_this_month(self, date=None):
        if self.send_mode != "portions":
            return super()._count_planned_this_month(date)
        mailing = self._with_own_values({"schedule_date": date}) if date else self
        start = get_next_month(fields.Datetime.now())
        return sum(
            size
            for moment, size in mailing._get_portions()
            if to_utc(moment, self._get_zone()) < start
        )

    def _say_campaign_excess(self, count):
        if self.send_mode != "portions" or count <= MAX_CAMPAIGNS:
            return super()._say_campaign_excess(count)
        excess = _lt(
            "This mailing would be sent in too many portions: as more than %s "
            "campaigns. Choose larger portions.",
            MAX_CAMPAIGNS,
        )
        return say(self.env, excess)

    # === DATES === #

    def _get_zone(self):
        """Return the name of the time zone that hours are meant in."""
        return self._get_value_setting()["zone"]

    def _get_hour(self):
        minutes = round((self.portion_hour or 0) * 60)
        return time(*divmod(min(minutes, 24 * 60 - 1), 60))

    def _get_first_moment(self):
        """Return the local date of the first portion: the scheduled time, or now; in
        working hours if portions are sent on working days."""
        date = self.schedule_date or fields.Datetime.now()
        start = to_local(date, self._get_zone())
        if self.send_mode != "portions" or not self.portion_working_days:
            return start
        is_working = self._get_day_filter()
        if is_working(start.date()) and (self.schedule_date or self._is_open(date)):
            return start
        return find_next(start, self._get_hour(), is_working)

    def _get_calendar(self):
        return self.sudo().company_id.resource_calendar_id

    def _is_open(self, date):
        """Return whether people work at a date in UTC."""
        calendar = self._get_calendar()
        if not calendar or calendar.flexible_hours:
            return True
        start = pytz.utc.localize(date)
        found = calendar._work_intervals_batch(start, start + timedelta(minutes=1))
        return bool(found[False])

    def _get_day_filter(self):
        """Return a function that tells whether people work on a day: according to the
        company's working hours and holidays, or else from Monday to Friday."""
        if not self.portion_working_days:
            return lambda day: True
        calendar = self._get_calendar()
        if not calendar:
            return lambda day: day.weekday() < 5
        known = {}

        def is_working(day):
            if day not in known:
                known.update(_read_working_days(calendar, day))
            return known[day]

        return is_working


def _read_working_days(calendar, first):
    """Return whether people work, by day, from the first one on."""
    start = fields.Datetime.to_datetime(first)
    found = calendar._get_unusual_days(start, start + timedelta(days=CALENDAR_DAYS))
    days = [first + timedelta(days=number) for number in range(CALENDAR_DAYS)]
    return {day: not found.get(fields.Date.to_string(day)) for day in days}
