"""Dates as Mailjet writes them: UTC, to the second."""

from datetime import datetime, timezone

FORMAT = "%Y-%m-%dT%H:%M:%SZ"


def format_date(date):
    """Return a date in UTC, without time zone, as Mailjet reads it."""
    return date.strftime(FORMAT)


def parse_date(text):
    """Return a date of Mailjet's in UTC, or None for "" and what cannot be read."""
    try:
        return datetime.strptime(text or "", FORMAT)
    except (TypeError, ValueError):
        return None


def to_unix(text):
    """Return a date of Mailjet's in Unix seconds, or what it is if it is none."""
    moment = parse_date(text) if isinstance(text, str) else None
    return int(moment.replace(tzinfo=timezone.utc).timestamp()) if moment else text


def from_unix(value):
    """Return Unix seconds, or a date as Mailjet writes it, in UTC without time zone;
    None for 0 and what cannot be read."""
    if isinstance(value, str) and not value.isdigit():
        return parse_date(value)
    try:
        moment = datetime.fromtimestamp(int(value or 0), timezone.utc)
    except (TypeError, ValueError, OverflowError, OSError):
        return None
    return moment.replace(tzinfo=None) if value and int(value) > 0 else None
