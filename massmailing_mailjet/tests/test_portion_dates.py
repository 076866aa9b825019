from datetime import date, datetime, time, timedelta
from itertools import islice

import pytz

from odoo.tests import TransactionCase, tagged

from ..tools.portion_dates import (
    find_next,
    get_next_month,
    group_zones,
    iterate_days,
    iterate_months,
    to_local,
    to_utc,
)

NINE = time(9)


def is_weekday(day):
    return day.weekday() < 5


def is_any(_day):
    return True


@tagged("post_install", "-at_install")
class TestPortionDates(TransactionCase):
    """The dates of portions, without a database."""

    def test_hours_are_local_on_both_sides_of_a_change_of_the_clocks(self):
        dates = islice(iterate_days(datetime(2026, 3, 27, 16), NINE, is_any), 4)
        self.assertEqual(
            [to_utc(moment, "Europe/Paris") for moment in dates],
            [
                datetime(2026, 3, 27, 15),
                datetime(2026, 3, 28, 8),
                datetime(2026, 3, 29, 7),
                datetime(2026, 3, 30, 7),
            ],
        )

    def test_an_hour_that_is_skipped_or_comes_twice(self):
        for moment, utc, back in (
            (datetime(2026, 3, 29, 2, 30), datetime(2026, 3, 29, 1, 30), 3),
            (datetime(2026, 10, 25, 2, 30), datetime(2026, 10, 25, 1, 30), 2),
        ):
            with self.subTest(moment=moment):
                self.assertEqual(to_utc(moment, "Europe/Paris"), utc)
                self.assertEqual(to_local(utc, "Europe/Paris").hour, back)

    def test_weekends_are_left_out(self):
        friday = datetime(2026, 3, 6, 14)
        dates = list(islice(iterate_days(friday, NINE, is_weekday), 3))
        self.assertEqual(
            dates, [friday, datetime(2026, 3, 9, 9), datetime(2026, 3, 10, 9)]
        )

    def test_the_next_hour_is_today_if_it_is_not_past(self):
        for start, expected in (
            (datetime(2026, 3, 6, 8), datetime(2026, 3, 6, 9)),
            (datetime(2026, 3, 6, 9), datetime(2026, 3, 6, 9)),
            (datetime(2026, 3, 6, 9, 1), datetime(2026, 3, 9, 9)),
            (datetime(2026, 3, 7, 3), datetime(2026, 3, 9, 9)),
        ):
            with self.subTest(start=start):
                self.assertEqual(find_next(start, NINE, is_weekday), expected)

    def test_a_calendar_without_working_days_is_not_followed(self):
        start = datetime(2026, 3, 7, 3)
        found = find_next(start, NINE, lambda day: False)
        self.assertEqual(found, datetime(2026, 3, 7, 9))

    def test_months(self):
        dates = islice(
            iterate_months(datetime(2026, 11, 30, 12), NINE, is_weekday, "UTC"), 4
        )
        self.assertEqual(
            [moment.date() for moment in dates],
            [date(2026, 11, 30), date(2026, 12, 1), date(2027, 1, 1), date(2027, 2, 1)],
        )
        self.assertEqual(get_next_month(datetime(2026, 12, 31)), datetime(2027, 1, 1))

    def test_a_month_begins_in_utc(self):
        """At nine on the first of June in Auckland it is still May in UTC."""
        zone = "Pacific/Auckland"
        _first, second = islice(
            iterate_months(datetime(2026, 5, 20, 12), NINE, is_any, zone), 2
        )
        self.assertEqual(second, datetime(2026, 6, 2, 9))
        self.assertEqual(to_utc(second, zone).month, 6)

    def test_zones_are_one_if_all_dates_are_at_the_same_time(self):
        zones = ["Europe/Paris", "Europe/Berlin", "Africa/Lagos", "Asia/Tokyo"]
        winter, summer = datetime(2026, 1, 5, 9), datetime(2026, 7, 6, 9)
        self.assertEqual(group_zones([winter], zones), [zones[:3], zones[3:]])
        self.assertEqual(
            group_zones([winter, summer], zones), [zones[:2], zones[2:3], zones[3:]]
        )

    def test_every_date_counts(self):
        """Morocco's clocks are changed for Ramadan, from 15 February to 22 March."""
        days = [datetime(2026, 2, 1, 9) + timedelta(days=day) for day in range(80)]
        zones = ["Africa/Casablanca", "Africa/Lagos"]
        self.assertEqual(group_zones([days[0], days[-1]], zones), [zones])
        self.assertEqual(group_zones(days, zones), [zones[:1], zones[1:]])

    def test_all_zones_of_a_group_have_the_same_dates(self):
        days = [datetime(2026, 2, 1, 9) + timedelta(days=3 * day) for day in range(30)]
        for group in group_zones(days, pytz.common_timezones):
            times = {tuple(to_utc(day, zone) for day in days) for zone in group}
            self.assertEqual(len(times), 1, group)
