"""Reads what Mailjet's webhooks post. Lenient: whatever the body contains
becomes rows to be kept, and nothing in it raises. Tokens of preference pages, which
are in the links that were clicked, are not kept.

https://dev.mailjet.com/email/guides/webhooks/
"""

import hashlib
import json
import re
from datetime import datetime, timedelta, timezone
from functools import lru_cache
from typing import NamedTuple

from .mailjet_vocabulary import DELIVERY_ERRORS, EVENT_TYPES, MACHINE_AGENTS
from .preference_links import hide_tokens
from .webhook_body import (
    UNSTORABLE,
    is_storable,
    keep,
    read_pieces,
    to_bytes,
    to_piece,
)

KNOWN_TYPES = {name for name, _label in EVENT_TYPES}
KNOWN_ERRORS = {name for name, _label in DELIVERY_ERRORS}
MACHINES = re.compile("|".join(pattern for pattern, _why in MACHINE_AGENTS), re.I)
ENCODER = json.JSONEncoder(ensure_ascii=False)
COUNTRY = re.compile("[A-Z]{2}")
# How much of a value is kept in a column of its own, and how wrong Mailjet's clock may
# be.
LONGEST = 2_000
LONGEST_EMAIL = 254
LONGEST_ID = 20
AGENTS = 2_048  # user agents whose kind is remembered
CLOCK_ERROR = timedelta(days=1)
CAMPAIGN = "mj.nl="
DEFERRAL = "greylisted"


class WebhookEvent(NamedTuple):
    """One object of a body; the names are those of ``mailjet.event``."""

    payload: str
    dedupe_hash: str
    reason: str | None = None
    type: str | None = None
    event_date: datetime | None = None
    email: str | None = None
    mailjet_draft_id: str | None = None
    url: str | None = None
    bounce_type: str | None = None
    error: str | None = None
    comment: str | None = None
    ip: str | None = None
    agent: str | None = None
    country_code: str | None = None
    is_machine: bool = False


def read_body(body, received, scope):
    """Return the events of a body, each once. What is not readable becomes rows that
    keep it as it came.

    :param bytes body: an array of objects, one object, or anything else
    :param datetime received: UTC, without time zone
    :param scope: sets what one account receives apart from the others'
    """
    return _distinct(_read(piece, received, scope) for piece in read_pieces(body))


def read_objects(objects, received, scope):
    """Return the events of decoded objects, each once; see :func:`read_body`."""
    return _distinct(_read(to_piece(item), received, scope) for item in objects)


def set_aside(raw, reason, scope):
    """Return the row that keeps a text which is not read."""
    digest = hashlib.sha256(f"{scope}:".encode() + to_bytes(raw)).hexdigest()
    return WebhookEvent(keep(hide_tokens(raw)), digest, reason)


def _distinct(events):
    return list({event.dedupe_hash: event for event in events}.values())


def _read(piece, received, scope):
    if piece.reason:
        return set_aside(piece.raw, piece.reason, scope)
    item, payload = piece.value, _dump(piece)
    if not isinstance(item, dict):
        return WebhookEvent(payload, _digest(scope, payload), "malformed")
    email, kind = _email(item), _text(item, "event").lower()
    agent, error = _text(item, "agent"), _text(item, "error").lower()
    bounce_type = _bounce_type(item, kind, error)
    return WebhookEvent(
        payload,
        _digest(scope, _identity(item, kind, email, bounce_type) or payload),
        _find_reason(kind, email),
        kind if kind in KNOWN_TYPES else None,
        _moment(_text(item, "time"), received),
        email or None,
        _draft_id(_text(item, "customcampaign")),
        hide_tokens(_text(item, "url")) or None,
        bounce_type,
        error if error in KNOWN_ERRORS else None,
        _text(item, "comment") or error or _text(item, "source") or None,
        _text(item, "ip") or None,
        agent or None,
        _country(_text(item, "geo")),
        bool(agent) and is_machine(agent),
    )


def _find_reason(kind, email):
    """Return why an event cannot be applied, or None."""
    if kind not in KNOWN_TYPES:
        return "unknown_type"
    return None if email else "no_email"


@lru_cache(maxsize=AGENTS)
def is_machine(agent):
    """Return whether a program opens and clicks without a person. A few programs make
    nearly all events: each is looked at once."""
    return bool(MACHINES.search(agent))


def _dump(piece):
    """Return an object as JSON that PostgreSQL can store; where it cannot, or where
    the object says less than what came, what came."""
    if piece.is_exact:
        text = hide_tokens(ENCODER.encode(piece.value))
        if is_storable(text):
            return text
    return keep(hide_tokens(piece.raw))


def _identity(item, kind, email, bounce_type):
    """Return what makes an event the one it is: Mailjet gives it no name, and sends
    whole groups again when one answer was late."""
    parts = [
        kind,
        _text(item, "time"),
        _text(item, "MessageID") or _text(item, "Message_GUID"),
        email,
        _text(item, "url"),
        _text(item, "mj_list_id"),
    ]
    if bounce_type:
        parts.append(bounce_type)
    return "\n".join(parts) if parts[1] or parts[2] else None


def _digest(scope, text):
    return hashlib.sha256(f"{scope}:{text}".encode()).hexdigest()


def _text(item, name):
    """Return a value as text, "" for none; numbers come as text and text as numbers."""
    value = item.get(name)
    if value is None or isinstance(value, (dict, list)):
        return ""
    text = str(value)[:LONGEST]
    if not text.isprintable():
        text = UNSTORABLE.sub("\ufffd", text)
    return text.strip()


def _email(item):
    """Return the address in lower case, "" for what cannot be one."""
    email = _text(item, "email").lower()
    return email if "@" in email and len(email) <= LONGEST_EMAIL else ""


def _moment(value, received):
    """Return a time in Unix seconds as a date in UTC, but none that cannot be."""
    try:
        moment = datetime.fromtimestamp(float(value), timezone.utc)
    except (TypeError, ValueError, OverflowError, OSError):
        return received
    moment = moment.replace(tzinfo=None, microsecond=0)
    is_likely = received - timedelta(days=3650) < moment < received + CLOCK_ERROR
    return moment if is_likely else received


def _draft_id(campaign):
    """Return the draft that became a campaign: "mj.nl=" and its id."""
    draft_id = campaign.removeprefix(CAMPAIGN)
    is_id = draft_id.isascii() and draft_id.isdigit() and len(draft_id) <= LONGEST_ID
    return draft_id if draft_id != campaign and is_id else None


def _bounce_type(item, kind, error):
    """Return how final a bounce is. What is greylisted is tried again by Mailjet, and
    says nothing against the address even where Mailjet has given up."""
    if kind != "bounce":
        return None
    is_hard = _text(item, "hard_bounce").lower() in ("true", "1")
    if error == DEFERRAL:
        return "soft" if is_hard else "deferred"
    return "hard" if is_hard else "soft"


def _country(geo):
    """Return the code of a country; Mailjet knows some continents only."""
    code = geo.upper()
    return code if COUNTRY.fullmatch(code) and code != "EU" else None
