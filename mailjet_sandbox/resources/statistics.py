"""statcounters: how much was sent, by key, campaign, list or sender.

The message counters count message rows, the event counters count their events, in the
time slice of the message or of the event (``CounterTiming``). Delays stay zero: what
Mailjet sums up there is not documented.
"""

from .. import envelope, errors
from ..rest import page
from ..routing import route

TEMPLATE_SOURCES = {
    "apikey": "key_id = ?",
    "campaign": "key_id = ? AND campaign_id = ?",
    "list": "key_id = ? AND campaign_id IN (SELECT id FROM campaign WHERE list_id = ?)",
    "sender": "key_id = ? AND sender_id = ?",
}
RESOLUTIONS = {"highest": 300, "hour": 3600, "day": 86_400, "lifetime": None}
# Message status -> counter; one current status per message.
COUNTERS = {
    "sent": "MessageSentCount",
    "opened": "MessageOpenedCount",
    "clicked": "MessageClickedCount",
    "unsub": "MessageUnsubscribedCount",
    "spam": "MessageSpamCount",
    "blocked": "MessageBlockedCount",
    "queued": "MessageQueuedCount",
    "deferred": "MessageDeferredCount",
    "hardbounced": "MessageHardBouncedCount",
    "softbounced": "MessageSoftBouncedCount",
}
# A message that was opened, clicked, ... was also sent.
DELIVERED = ("opened", "clicked", "unsub", "spam")
# Type of event -> counter.
EVENT_COUNTERS = {
    "open": "EventOpenedCount",
    "click": "EventClickedCount",
    "spam": "EventSpamCount",
    "unsub": "EventUnsubscribedCount",
}
MOMENTS = {"message": "message.arrived_at", "event": "event.created_at"}
ZEROS = (
    "EventClickDelay",
    "EventOpenDelay",
    "EventWorkflowExitedCount",
    "MessageWorkFlowExitedCount",
)


@route("GET", "v3/REST/statcounters")
def statcounters(call):
    source = _choice(call, "CounterSource", TEMPLATE_SOURCES)
    timing = _choice(call, "CounterTiming", ("message", "event"))
    resolution = _choice(call, "CounterResolution", RESOLUTIONS)
    if timing == "event" and source == "sender":
        raise errors.legacy(400, "CounterTiming Event is not available for Sender")
    times = _times(call, resolution)
    rows = []
    for source_id in _source_ids(call, source):
        rows += _rows(call, source, source_id, RESOLUTIONS[resolution], times, timing)
    limit, offset = page(call.args)
    return call.rows(rows[offset : offset + limit])


def _choice(call, name, allowed):
    value = call.args.get(name.lower(), "").lower()
    if value not in allowed:
        raise errors.legacy(400, f"Missing or invalid value for {name}")
    return value


def _times(call, resolution):
    """(from, to) in Unix seconds; the first is mandatory except over the lifetime."""
    known = call.now + 1 - call.sandbox.settings.current.counter_lag_seconds
    if resolution == "lifetime":
        return 0.0, known
    try:
        start = envelope.parse_time(call.args["fromts"])
        end = envelope.parse_time(call.args["tots"]) if "tots" in call.args else known
        return start, min(end, known)
    except (KeyError, ValueError):
        raise errors.legacy(400, "Missing or invalid value for FromTS") from None


def _source_ids(call, source):
    if source == "apikey":
        return [call.key_id]
    try:
        return [int(part) for part in call.args["sourceid"].split(",")]
    except (KeyError, ValueError):
        raise errors.legacy(400, "Missing or invalid value for SourceID") from None


def _rows(call, source, source_id, seconds, times, timing):
    scope = TEMPLATE_SOURCES[source].replace("key_id", "message.key_id")
    owner = (call.key_id,) if source == "apikey" else (call.key_id, source_id)
    slices = {} if seconds else {None: _empty_row(call, source_id, "")}

    def count(what, tables, moment):
        counted = call.db.execute(
            f"SELECT cast({moment} AS INTEGER) / {seconds or 'NULL'}, {what}, count(*)"
            f" FROM {tables} WHERE {scope} AND {moment} >= ? AND {moment} <= ?"
            " GROUP BY 1, 2",
            (*owner, *times),
        )
        for slice_, kind, number in counted:
            start = envelope.rfc3339(slice_ * seconds) if seconds else ""
            row = slices.setdefault(slice_, _empty_row(call, source_id, start))
            yield row, kind, number

    for row, status, number in count("status", "message", "message.arrived_at"):
        row[COUNTERS[status]] += number
        row["Total"] += number
        if status in DELIVERED:
            row["MessageSentCount"] += number
    reactions = "event JOIN message ON message.id = event.message_id"
    for row, kind, number in count("event.type", reactions, MOMENTS[timing]):
        if kind in EVENT_COUNTERS:
            row[EVENT_COUNTERS[kind]] += number
    return list(slices.values())


def _empty_row(call, source_id, start):
    row = dict.fromkeys((*ZEROS, *COUNTERS.values(), *EVENT_COUNTERS.values()), 0)
    row |= {"APIKeyID": call.key_id, "SourceID": source_id}
    return row | {"Timeslice": start, "Total": 0}
