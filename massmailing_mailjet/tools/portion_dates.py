"""The dates of a mailing that is sent in portions or at the recipients' local time.
Local dates have no time zone; the others are in UTC, as the database has them."""

from datetime import datetime, timedelta

import pytz

# A calendar without a working day in so many days is not followed.
LONGEST_CLOSURE = 366
# No clocks are changed twice within this time: in Morocco, they are for a month.
STEADY = timedelta(days=20)


def to_utc(moment, zone):
    """Return a local date in UTC. An hour that is skipped when the clocks change is the
    one after, and an hour that comes twice is the later one."""
    local = pytz.timezone(zone).localize(moment, is_dst=False)
    return local.astimezone(pytz.utc).replace(tzinfo=None)


def to_local(moment, zone):
    """Return a date in UTC in a time zone."""
    return (
        pytz.utc.localize(moment).astimezone(pytz.timezone(zone)).replace(tzinfo=None)
    )


def find_next(start, hour, is_working):
    """Return the first local date from ``start`` on at an hour of a working day.

    :param time hour: of the day
    :param is_working: whether people work on a day
    """
    day = start.date()
    if start.time() > hour:
        day += timedelta(days=1)
    for days in range(LONGEST_CLOSURE):
        if is_working(day + timedelta(days=days)):
            day += timedelta(days=days)
            break
    return datetime.combine(day, hour)


def iterate_days(first, hour, is_working):
    """Yield a local date, then that hour of each of the working days after it."""
    moment = first
    while True:
        yield moment
        tomorrow = datetime.combine(moment.date(), datetime.min.time())
        moment = find_next(tomorrow + timedelta(days=1), hour, is_working)


def iterate_months(first, hour, is_working, zone):
    """Yield a local date, then that hour of the first working day in each of the months
    after it. Months begin in UTC, as those of Mailjet's quota."""
    moment = first
    while True:
        yield moment
        start = get_next_month(to_utc(moment, zone))
        moment = find_next(to_local(start, zone), hour, is_working)


def get_next_month(moment):
    """Return the first moment of the month after a date."""
    year, month = divmod(moment.year * 12 + moment.month, 12)
    return datetime(year, month + 1, 1)


def group_zones(moments, zones):
    """Return lists of time zones, in order, in which all of the local dates, in their
    order, are at the same time."""
    groups = {}
    for zone in zones:
        groups.setdefault(tuple(_get_offsets(moments, zone)), []).append(zone)
    return list(groups.values())


def _get_offsets(moments, zone):
    """Return how far the local dates of a time zone are from UTC. Not all of them are
    looked up, since the clocks seldom change."""
    first, last = (
        moment - to_utc(moment, zone) for moment in (moments[0], moments[-1])
    )
    if first == last and moments[-1] - moments[0] <= STEADY:
        return [first] * len(moments)
    if len(moments) == 2:
        return [first, last]
    middle = len(moments) // 2
    return [
        *_get_offsets(moments[:middle], zone),
        *_get_offsets(moments[middle:], zone),
    ]
