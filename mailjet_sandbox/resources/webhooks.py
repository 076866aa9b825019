"""eventcallbackurl: where events are posted, one URL per type and role."""

from urllib.parse import urlsplit

from .. import errors
from ..rest import Field, Filter, Resource, to_bool
from ..routing import route
from ..store import fetch, insert

EVENT_TYPES = ("open", "click", "bounce", "spam", "blocked", "unsub", "sent")
# The list filter takes numbers.
EVENT_NUMBERS = {
    1: "click",
    2: "bounce",
    3: "spam",
    4: "blocked",
    5: "unsub",
    6: "open",
    7: "sent",
}

EVENTCALLBACKURL = Resource(
    name="eventcallbackurl",
    table="eventcallbackurl",
    unique="event_type || '|' || CASE is_backup WHEN 1 THEN 'true' ELSE 'false' END",
    ascending=("id",),
    fields=(
        Field("APIKeyID", "key_id", "int"),
        Field("EventType", "event_type", "str", "rw", required=True),
        Field("ID", "id", "int"),
        Field("IsBackup", "is_backup", "bool", "rw"),
        Field("Status", "status", "str", "rw"),
        Field("Url", "url", "str", "rw", required=True),
        Field("Version", "version", "int", "rw"),
    ),
    filters={
        "backup": Filter("is_backup = ?", to_bool),
        "eventtype": Filter(
            "event_type = ?", lambda text: EVENT_NUMBERS.get(int(text), "")
        ),
        "status": Filter("status = ?"),
        "version": Filter("version = ?", int),
    },
)
EVENTCALLBACKURL.register_reads()
EVENTCALLBACKURL.register_delete()


def _checked(call, row):
    given = EVENTCALLBACKURL.parse(call, creating=not row)
    merged = {"is_backup": 0, "status": "alive", "version": 1} | row | given
    if merged["event_type"] not in EVENT_TYPES:
        raise errors.invalid_property("EventType", "MJ06 Invalid value")
    if merged["status"] not in ("alive", "dead"):
        raise errors.invalid_property("Status", "MJ06 Invalid value")
    if merged["version"] not in (1, 2):
        raise errors.invalid_property("Version", "MJ06 Invalid value")
    url = urlsplit(merged["url"])
    if url.scheme not in ("http", "https") or not url.hostname or url.path in ("", "/"):
        raise errors.invalid_property("Url", "not the URL of a page")
    taken = fetch(
        call.db,
        "SELECT id FROM eventcallbackurl WHERE key_id = ? AND event_type = ?"
        " AND is_backup = ?",
        call.key_id,
        merged["event_type"],
        merged["is_backup"],
    )
    if taken and taken["id"] != row.get("id"):
        value = f"{merged['event_type']}|{str(bool(merged['is_backup'])).lower()}"
        raise errors.duplicate("EventCallbackUrl", value, "EventType|Backup")
    return given


@route("POST", "v3/REST/eventcallbackurl")
def create(call):
    given = _checked(call, {})
    row_id = insert(call.db, "eventcallbackurl", key_id=call.key_id, **given)
    return call.rows(EVENTCALLBACKURL.one(call, row_id), 201)


@route("PUT", "v3/REST/eventcallbackurl/*")
def put(call):
    row = EVENTCALLBACKURL.find(call, call.ids[0])
    given = _checked(call, dict(row))
    if given.get("url", row["url"]) != row["url"]:
        given["status"] = "alive"
    EVENTCALLBACKURL.update(call, row, given)
    return call.rows(EVENTCALLBACKURL.one(call, row["id"]))
