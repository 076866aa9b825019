"""Reads what Mailjet's webhooks post. Lenient: whatever the body holds becomes rows to
be kept, and nothing in it raises.

https://dev.mailjet.com/email/guides/webhooks/
"""

import hashlib
import json
import re
from datetime import datetime, timedelta, timezone
from typing import NamedTuple

from ..const import DELIVERY_ERRORS, EVENT_TYPES, MACHINE_AGENTS

KNOWN_TYPES = {name for name, _label in EVENT_TYPES}
KNOWN_ERRORS = {name for name, _label in DELIVERY_ERRORS}
MACHINES = re.compile("|".join(pattern for pattern, _why in MACHINE_AGENTS), re.I)
COUNTRY = re.compile("[A-Z]{2}")
# PostgreSQL's text takes neither; both occur in what mail programs say of themselves.
UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
# How much of a value is kept, and how wrong Mailjet's clock may be.
LONGEST = 2_000
CLOCK_ERROR = timedelta(days=1)
CAMPAIGN = "mj.nl="


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
    """Return the events of a body, each once.

    :param bytes body: an array of objects, one object, or anything else
    :param datetime received: UTC, without time zone
    :param scope: sets what one account receives apart from the others'
    """
    try:
        found = json.loads(body.decode("utf-8", "replace"), parse_constant=str)
    except (ValueError, RecursionError):
        return [set_aside(body, "malformed", scope)]
    return read_objects(found if isinstance(found, list) else [found], received, scope)


def read_objects(objects, received, scope):
    """Return the events of decoded objects, each once; see :func:`read_body`."""
    events = (_read(item, received, scope) for item in objects)
    return list({event.dedupe_hash: event for event in events}.values())


def set_aside(body, reason, scope):
    """Return the row that keeps the start of a body that cannot be read."""
    text = UNSTORABLE.sub("", body[:LONGEST].decode("utf-8", "replace"))
    digest = hashlib.sha256(f"{scope}:".encode() + body).hexdigest()
    return WebhookEvent(json.dumps(text), digest, reason)


def _read(item, received, scope):
    payload = _dump(item)
    if not isinstance(item, dict):
        return WebhookEvent(payload, _digest(scope, payload), "malformed")
    email = _text(item, "email").lower()
    kind = _text(item, "event").lower()
    reason = None
    if kind not in KNOWN_TYPES:
        reason = "unknown_type"
    elif "@" not in email:
        reason = "no_email"
    agent, error = _text(item, "agent"), _text(item, "error").lower()
    return WebhookEvent(
        payload,
        _digest(scope, _identity(item, kind, email) or payload),
        reason,
        kind if kind in KNOWN_TYPES else None,
        _moment(item.get("time"), received),
        email or None,
        _draft_id(_text(item, "customcampaign")),
        _text(item, "url") or None,
        _bounce_type(item, kind),
        error if error in KNOWN_ERRORS else None,
        _text(item, "comment") or error or _text(item, "source") or None,
        _text(item, "ip") or None,
        agent or None,
        _country(_text(item, "geo")),
        bool(agent and MACHINES.search(agent)),
    )


def _dump(item):
    """Return an object as JSON that PostgreSQL can store. Few objects hold what it
    cannot: only these are taken apart."""
    try:
        text = json.dumps(item, ensure_ascii=False)
        if r"\u0000" in text or UNSTORABLE.search(text):
            text = json.dumps(_storable(item), ensure_ascii=False)
        return text
    except RecursionError:
        return json.dumps("nested too deeply")


def _storable(value):
    if isinstance(value, str):
        return UNSTORABLE.sub("", value)
    if isinstance(value, dict):
        return {UNSTORABLE.sub("", key): _storable(part) for key, part in value.items()}
    if isinstance(value, list):
        return [_storable(part) for part in value]
    return value


def _identity(item, kind, email):
    """Return what makes an event the one it is: Mailjet gives it no name, and sends
    whole groups again when one answer was late."""
    parts = (
        kind,
        _text(item, "time"),
        _text(item, "MessageID") or _text(item, "Message_GUID"),
        email,
        _text(item, "url"),
        _text(item, "mj_list_id"),
    )
    return "\n".join(parts) if parts[1] or parts[2] else None


def _digest(scope, text):
    return hashlib.sha256(f"{scope}:{text}".encode()).hexdigest()


def _text(item, name):
    """Return a value as text, "" for none; numbers come as text and text as numbers."""
    value = item.get(name)
    if value is None or isinstance(value, (dict, list)):
        return ""
    return UNSTORABLE.sub("", str(value)).strip()[:LONGEST]


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
    return draft_id if draft_id != campaign and draft_id.isdigit() else None


def _bounce_type(item, kind):
    if kind != "bounce":
        return None
    return "hard" if _text(item, "hard_bounce").lower() in ("true", "1") else "soft"


def _country(geo):
    """Return the code of a country; Mailjet knows some continents only."""
    code = geo.upper()
    return code if COUNTRY.fullmatch(code) and code != "EU" else None
