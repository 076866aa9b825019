"""How the values of fields read for a person, as SQL: dates, numbers and choices in the
language of each recipient."""

import re

from babel.dates import get_day_names, get_month_names

from odoo.tools import SQL

# What a directive of a language's date format is in PostgreSQL's own words.
DATE_PARTS = {
    "%d": "DD",
    "%-d": "FMDD",
    "%m": "MM",
    "%-m": "FMMM",
    "%y": "YY",
    "%Y": "YYYY",
}
# Directives that stand for a name: PostgreSQL would say it in the server's language.
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


def format_number(value, language):
    """Return the SQL of a number as text with two decimals, and the language's
    separators.

    :param SQL value: a number
    :param language: a ``res.lang`` record
    """
    return SQL(
        "translate(to_char(%s, 'FM999,999,999,999,990.00'), '.,', %s)",
        value,
        f"{language.decimal_point}{language.thousands_sep or ''}",
    )


def format_selection(value, labels):
    """Return the SQL of a choice as its label.

    :param SQL value: the technical value
    :param labels: pairs of a technical value and its label
    """
    branches = SQL(" ").join(SQL("WHEN %s THEN %s", key, text) for key, text in labels)
    return SQL("CASE (%s)::text %s END", value, branches) if labels else value
