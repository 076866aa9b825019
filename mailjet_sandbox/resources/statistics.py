"""statcounters: how much was sent, by key, campaign, list or sender.

The counters of messages are those of their rows; those of events stay zero.
"""

from .. import envelope, errors
from ..rest import page
from ..routing import route

SOURCES = {
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
ZEROS = (
    "EventClickDelay",
    "EventClickedCount",
    "EventOpenDelay",
    "EventOpenedCount",
    "EventSpamCount",
    "EventUnsubscribedCount",
    "EventWorkflowExitedCount",
    "MessageWorkFlowExitedCount",
)


@route("GET", "v3/REST/statcounters")
def statcounters(call):
    source = _choice(call, "CounterSource", SOURCES)
    timing = _choice(call, "CounterTiming", ("message", "event"))
    resolution = _choice(call, "CounterResolution", RESOLUTIONS)
    if timing == "event" and source == "sender":
        raise errors.legacy(400, "CounterTiming Event is not available for Sender")
    times = _times(call, resolution)
    rows = []
    for source_id in _source_ids(call, source):
        rows += _rows(call, source, source_id, RESOLUTIONS[resolution], times)
    limit, offset = page(call.args)
    return call.rows(rows[offset : offset + limit])


def _choice(call, name, allowed):
    value = call.args.get(name.lower(), "").lower()
    if value not in allowed:
        raise errors.legacy(400, f"Missing or invalid value for {name}")
    return value


def _times(call, resolution):
    """(from, to) in Unix seconds; the first is mandatory except over the lifetime."""
    if resolution == "lifetime":
        return 0.0, call.now
    try:
        start = envelope.parse_time(call.args["fromts"])
        return start, envelope.parse_time(call.args.get("tots", str(int(call.now) + 1)))
    except (KeyError, ValueError):
        raise errors.legacy(400, "Missing or invalid value for FromTS") from None


def _source_ids(call, source):
    if source == "apikey":
        return [call.key_id]
    try:
        return [int(part) for part in call.args["sourceid"].split(",")]
    except (KeyError, ValueError):
        raise errors.legacy(400, "Missing or invalid value for SourceID") from None


def _rows(call, source, source_id, seconds, times):
    owner = (call.key_id,) if source == "apikey" else (call.key_id, source_id)
    width = seconds or "NULL"
    counted = call.db.execute(
        f"SELECT cast(arrived_at AS INTEGER) / {width} AS slice, status,"
        f" count(*) AS number FROM message WHERE {SOURCES[source]}"
        " AND arrived_at >= ? AND arrived_at <= ? GROUP BY slice, status",
        (*owner, *times),
    )
    slices = {} if seconds else {None: _empty_row(call, source_id, "")}
    for slice_, status, number in counted:
        start = envelope.rfc3339(slice_ * seconds) if seconds else ""
        row = slices.setdefault(slice_, _empty_row(call, source_id, start))
        row[COUNTERS[status]] += number
        row["Total"] += number
        if status in DELIVERED:
            row["MessageSentCount"] += number
    return list(slices.values())


def _empty_row(call, source_id, start):
    row = dict.fromkeys((*ZEROS, *COUNTERS.values()), 0)
    row |= {"APIKeyID": call.key_id, "SourceID": source_id}
    return row | {"Timeslice": start, "Total": 0}
