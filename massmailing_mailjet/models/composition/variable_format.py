"""The values of fields as readable text, as SQL: dates, numbers and choices in the
language of each recipient."""

import functools
import json
import re

from babel.dates import get_day_names, get_month_names

from odoo.tools import SQL

# The directives of a language's date format, as PostgreSQL patterns.
DATE_PARTS = {
    "%d": "DD",
    "%-d": "FMDD",
    "%m": "MM",
    "%-m": "FMMM",
    "%y": "YY",
    "%Y": "YYYY",
}
# Directives for names: PostgreSQL would format them in the server's language.
MONTH_NAMES = {"%b": "abbreviated", "%B": "wide"}
DAY_NAMES = {"%a": "abbreviated", "%A": "wide"}


def format_date(value, language):
    """Return the SQL of a date as text.

    :param SQL value: a date
    :param language: a ``res.lang`` record
    """
    pieces = [
        _format_date_piece(value, piece, language.code)
        for piece in re.findall(r"%-?[a-zA-Z]|[^%]+|%", language.date_format)
    ]
    return SQL("CONCAT(%s)", SQL(", ").join(pieces))


def _format_date_piece(value, piece, code):
    if piece in DATE_PARTS:
        return SQL("to_char(%s, %s)", value, DATE_PARTS[piece])
    if piece in MONTH_NAMES:
        names = get_month_names(MONTH_NAMES[piece], locale=code)
        return _choose_name(names, SQL("EXTRACT(MONTH FROM %s)", value))
    if piece in DAY_NAMES:
        # Babel counts from Monday as 0, PostgreSQL's ISODOW from Monday as 1.
        names = get_day_names(DAY_NAMES[piece], locale=code)
        names = {number + 1: name for number, name in names.items()}
        return _choose_name(names, SQL("EXTRACT(ISODOW FROM %s)", value))
    return SQL("CASE WHEN %s IS NOT NULL THEN %s END", value, piece)


def _choose_name(names, number):
    in_order = [names[position] for position in sorted(names)]
    return SQL("(%s::text[])[%s::int]", in_order, number)


def format_number(value, language, decimals):
    """Return the SQL of a number as text, with the language's separators.

    :param SQL value: a number
    :param language: a ``res.lang`` record
    :param int decimals: how many digits follow the decimal point
    """
    digits = SQL("round((%s)::numeric, %s)::text", value, decimals)
    whole = SQL("split_part(%s, '.', 1)", digits)
    if language.thousands_sep and (pattern := _get_grouping(language)):
        whole = SQL(
            "regexp_replace(%s, %s, %s, 'g')",
            whole,
            pattern,
            rf"\1{language.thousands_sep}",
        )
    if not decimals:
        return whole
    part = SQL("split_part(%s, '.', 2)", digits)
    return SQL("(%s || %s || %s)", whole, language.decimal_point, part)


def _get_grouping(language):
    """Return the pattern of a digit after which a group ends. A language lists the
    sizes of its groups from the right; 0 repeats the last one, -1 ends the grouping."""
    ends, behind, size = [], 0, 0
    for number in json.loads(language.grouping or "[]"):
        if number <= 0:
            break
        behind, size = behind + number, number
        ends.append(rf"\d{{{behind}}}$")
    else:
        number = 0
    if ends and number == 0:
        ends[-1] = rf"(?:\d{{{size}}})*{ends[-1]}"
    return rf"(\d)(?={'|'.join(ends)})" if ends else ""


def format_amount(value, language, currency, places):
    """Return the SQL of an amount with the decimals and the symbol of its currency, as
    Odoo formats it.

    :param str currency: alias of its ``res_currency``; without one, the amount has two
        decimals
    :param places: the numbers of decimals of all currencies
    """
    column = functools.partial(SQL.identifier, currency)
    branches = SQL(" ").join(
        SQL("WHEN %s THEN %s", number, format_number(value, language, number))
        for number in places
    )
    number = SQL(
        "CASE COALESCE(%s, 2) %s ELSE %s END",
        column("decimal_places"),
        branches,
        format_number(value, language, 2),
    )
    return SQL(
        """
        CASE WHEN %(symbol)s IS NULL THEN %(number)s
             WHEN %(position)s = 'before' THEN %(symbol)s || %(space)s || (%(number)s)
             ELSE (%(number)s) || %(space)s || %(symbol)s END
        """,
        symbol=column("symbol"),
        position=column("position"),
        number=number,
        space="\u00a0",
    )


def format_selection(value, labels):
    """Return the SQL of a choice as its label.

    :param SQL value: the technical value
    :param labels: pairs of a technical value and its label
    """
    branches = SQL(" ").join(SQL("WHEN %s THEN %s", key, text) for key, text in labels)
    return SQL("CASE (%s)::text %s END", value, branches) if labels else value
