"""What happens to messages, as Mailjet's events report it.

| event    | message status | fields beside the common ones              |
|----------|----------------|--------------------------------------------|
| sent     | sent           | mj_message_id, smtp_reply                  |
| open     | opened         | ip, geo, agent                             |
| click    | clicked        | url, ip, geo, agent                        |
| bounce   | hardbounced or | blocked, hard_bounce, error_related_to,    |
|          | softbounced    | error, comment                             |
| blocked  | blocked        | error_related_to, error                    |
| spam     | spam           | source                                     |
| unsub    | unsub          | mj_list_id, ip, geo, agent                 |
"""

import json

from .resources.messages import format_uuid
from .store import fetch, insert, update

# A message has one current status, which never goes back.
RANKS = (
    "queued",
    "sent",
    "deferred",
    "blocked",
    "softbounced",
    "hardbounced",
    "opened",
    "clicked",
    "unsub",
    "spam",
)
STATUSES = {
    "sent": "sent",
    "open": "opened",
    "click": "clicked",
    "blocked": "blocked",
    "spam": "spam",
    "unsub": "unsub",
}
HARD_BOUNCE = {
    "blocked": False,
    "hard_bounce": True,
    "error_related_to": "recipient",
    "error": "user unknown",
    "comment": "550 5.1.1 no such user",
}
SOFT_BOUNCE = {
    "blocked": False,
    "hard_bounce": False,
    "error_related_to": "recipient",
    "error": "quota exceeded",
    "comment": "452 4.2.2 mailbox full",
}
BLOCK = {"error_related_to": "mailjet", "error": "preblocked"}
# The columns that say whether a campaign tracks what is reported by such events.
TRACKING = {"open": "open_tracked", "click": "click_tracked"}
STATE_IDS = {"hardbounced": 1, "softbounced": 3, "blocked": 14}


def record(db, now, message, kind, **fields):
    """Record that something happened to a message (a row of the table). Of a campaign
    that is not tracked, openings or clicks are never known."""
    if kind in TRACKING and not _is_tracked(db, message, TRACKING[kind]):
        return None
    status = _status(kind, fields)
    if RANKS.index(status) > RANKS.index(message["status"]):
        state = STATE_IDS.get(status, 0)
        update(db, "message", message["id"], status=status, state_id=state)
    if kind == "unsub":
        fields = {"mj_list_id": _list_id(db, message), **fields}
    if kind == "sent":
        reply = {"mj_message_id": str(message["id"]), "smtp_reply": "250 OK"}
        fields = {**reply, **fields}
    return insert(
        db,
        "event",
        key_id=message["key_id"],
        message_id=message["id"],
        type=kind,
        fields=json.dumps(fields),
        created_at=now,
    )


def record_deliveries(db, now, campaign_id, after):
    """Record that a campaign's messages after an id were delivered, if a webhook is
    registered for that: there may be a million of them."""
    db.execute(
        "INSERT INTO event (key_id, message_id, type, fields, created_at)"
        " SELECT key_id, id, 'sent', json_object('mj_message_id', cast(id AS TEXT),"
        " 'smtp_reply', '250 OK'), ? FROM message WHERE campaign_id = ? AND id > ?"
        " AND key_id IN"
        " (SELECT key_id FROM eventcallbackurl WHERE event_type = 'sent')",
        (now, campaign_id, after),
    )


def payload(db, event):
    """The object that is posted to a webhook for a row of the table `event`."""
    message = fetch(db, "SELECT * FROM message WHERE id = ?", event["message_id"])
    campaign = fetch(
        db, "SELECT custom_value FROM campaign WHERE id = ?", message["campaign_id"]
    )
    values = {
        "event": event["type"],
        "time": int(event["created_at"]),
        "MessageID": message["id"],
        "Message_GUID": format_uuid(message["uuid"]),
        "email": message["email"],
        "mj_campaign_id": message["campaign_id"],
        "mj_contact_id": message["contact_id"],
        "customcampaign": campaign["custom_value"] if campaign else "",
        "CustomID": message["custom_id"],
        "Payload": message["payload"],
    } | json.loads(event["fields"])
    return {name: value for name, value in values.items() if value is not None}


def _status(kind, fields):
    if kind == "bounce":
        return "hardbounced" if fields.get("hard_bounce") else "softbounced"
    return STATUSES[kind]


def _is_tracked(db, message, column):
    sql = f"SELECT {column} FROM campaign WHERE id = ?"
    campaign = fetch(db, sql, message["campaign_id"])
    return campaign is None or bool(campaign[column])


def _list_id(db, message):
    sql = "SELECT list_id FROM campaign WHERE id = ?"
    campaign = fetch(db, sql, message["campaign_id"])
    return campaign["list_id"] if campaign else 0
