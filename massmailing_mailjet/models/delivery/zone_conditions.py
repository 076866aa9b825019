"""The SQL of which group of time zones a recipient is in.

A contact has the time zone of the user who created it until someone changes that: it
counts if it is possible in the contact's country. Otherwise the first time zone of the
country does and, without a country, the mailing's own.
"""

from odoo.tools import SQL

TZ = SQL("COALESCE(record.tz, '')")
COUNTRY = SQL("COALESCE(record.country_id, lead.country_id, 0)")


def get_conditions(groups, countries):
    """Return the SQL condition of each group, in order.

    :param groups: lists of time zones; the first one is the mailing's own
    :param dict countries: the time zones of each country, by its id; 0 is none
    """
    numbers = {zone: number for number, group in enumerate(groups) for zone in group}
    places = {
        country: list(dict.fromkeys(numbers[zone] for zone in zones))
        for country, zones in countries.items()
    }
    return [
        SQL("(%s)", SQL(" OR ").join(_find_cases(number, groups, places)))
        for number in range(len(groups))
    ]


def _find_cases(number, groups, places):
    """Yield the SQL of the cases in which a recipient is in a group."""
    unknown = [country for country, found in places.items() if not found]
    possible = [country for country, found in places.items() if number in found]
    first = {
        country: found for country, found in places.items() if found[:1] == [number]
    }
    yield SQL(
        "(%s = ANY(%s) AND %s = ANY(%s))",
        TZ,
        groups[number],
        COUNTRY,
        possible + unknown,
    )
    only = [country for country, found in first.items() if len(found) == 1]
    if only:
        yield SQL("%s = ANY(%s)", COUNTRY, only)
    for country, found in first.items():
        if len(found) > 1:
            zones = [zone for place in found for zone in groups[place]]
            yield SQL("(%s = %s AND %s <> ALL(%s))", COUNTRY, country, TZ, zones)
    if number == 0:
        yield SQL("(%s = '' AND %s = ANY(%s))", TZ, COUNTRY, unknown)
