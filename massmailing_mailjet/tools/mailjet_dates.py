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
