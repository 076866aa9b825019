"""Send jobs: a campaign to its list, or a test to a few addresses.

Nothing is rendered here.  A campaign stores its content once, and each recipient gets a
message row with the current property values; `rendering` merges the two on demand.
"""

import json

from . import events
from .errors import JobFailed
from .resources.senders import active_sender
from .store import fetch, insert, update

SLICE = 5_000
UUIDS = "randomblob(16)"

# Recipients: subscribed, active, and not excluded from campaigns - at this time.
RECIPIENTS = (
    "FROM member JOIN contact ON contact.id = member.contact_id"
    " WHERE member.list_id = :list AND member.is_active"
    " AND NOT member.is_unsubscribed AND NOT contact.is_excluded"
)
_MESSAGES = f"""
INSERT INTO message (key_id, campaign_id, content_id, contact_id, sender_id, email,
    name, properties, uuid, arrived_at)
SELECT :key, :campaign, :content, contact.id, :sender, contact.email, contact.name,
    contact.properties, {UUIDS}, :now
{RECIPIENTS} AND member.id > :after AND member.id <= :last ORDER BY member.id
"""


def has_recipients(db, list_id):
    row = db.execute(f"SELECT 1 {RECIPIENTS} LIMIT 1", {"list": list_id}).fetchone()
    return row is not None


def open_content(db, kind, draft):
    """Store the current content of a draft; returns the content id."""
    return insert(
        db,
        "content",
        kind=kind,
        subject=draft["subject"],
        from_email=draft["sender_email"],
        from_name=draft["sender_name"] or draft["sender"],
        reply_to=draft["reply_email"],
        html=draft["html"],
        text=draft["text"],
        headers=draft["headers"],
    )


def run_campaign(sandbox, job):
    """Send a programmed draft; if it cannot be sent, it goes back to status 0."""
    campaign = _campaign_of(sandbox, job)
    while _send_slice(sandbox, job, campaign):
        pass
    with sandbox.store.write() as db:
        update(db, "campaign", campaign["id"], send_end_at=sandbox.now())
        update(db, "draft", job["ref_id"], status=2)
    sandbox.courier.wake()


def _campaign_of(sandbox, job):
    """The campaign row of a job: the one of an interrupted run, or a new one."""
    sql = "SELECT * FROM campaign WHERE draft_id = ?"
    with sandbox.store.write() as db:
        sandbox.worker.check(db, job)
        draft = fetch(db, "SELECT * FROM draft WHERE id = ?", job["ref_id"])
        if not fetch(db, sql, draft["id"]):
            obstacle = _obstacle(db, job, draft)
            if obstacle is None:
                _open_campaign(sandbox, db, job, draft)
            else:
                update(db, "draft", draft["id"], status=0, delivered_at=None)
        campaign = fetch(db, sql, draft["id"])
    if campaign is None:
        raise JobFailed(obstacle)
    return campaign


def _obstacle(db, job, draft):
    """What has prevented the send since the call, or None."""
    key = fetch(db, "SELECT * FROM apikey WHERE id = ?", job["key_id"])
    if key["runlevel"] != "Normal" or not key["is_active"]:
        return "The API key is blocked"
    if not active_sender(db, job["key_id"], draft["sender_email"]):
        return "The sender is not active"
    if fetch(
        db, "SELECT 1 FROM contactslist WHERE id = ? AND is_deleted", draft["list_id"]
    ):
        return "The contacts list was deleted"
    if _is_importing(db, draft["list_id"]):
        return "An import into the contacts list is running"
    if not has_recipients(db, draft["list_id"]):
        return "The contacts list has no recipients"
    return None


def _is_importing(db, list_id):
    return fetch(
        db,
        "SELECT 1 FROM job WHERE kind IN ('csv', 'json')"
        " AND NOT (state = 'final' AND now() >= done_at) AND (list_id = ? OR EXISTS ("
        "SELECT 1 FROM json_each(job.payload, '$.ContactsLists')"
        " WHERE json_extract(value, '$.ListID') = ?))",
        list_id,
        list_id,
    )


def _open_campaign(sandbox, db, job, draft):
    campaign_id = insert(
        db,
        "campaign",
        key_id=job["key_id"],
        custom_value=f"mj.nl={draft['id']}",
        campaign_type=2,
        content_id=open_content(db, "campaign", draft),
        draft_id=draft["id"],
        list_id=draft["list_id"],
        sender_id=active_sender(db, job["key_id"], draft["sender_email"])["id"],
        subject=draft["subject"],
        from_email=draft["sender_email"],
        from_name=draft["sender_name"] or draft["sender"],
        **_tracking_of(sandbox, db, job["key_id"]),
        send_start_at=sandbox.now(),
        created_at=sandbox.now(),
    )
    last = "SELECT coalesce(max(id), 0) FROM member WHERE list_id = ?"
    payload = {"last": fetch(db, last, draft["list_id"])[0]}
    update(db, "draft", draft["id"], campaign_id=campaign_id)
    update(db, "job", job["id"], payload=json.dumps(payload))


def _tracking_of(sandbox, db, key_id):
    """Whether openings and clicks of a new campaign are tracked, as columns."""
    if not sandbox.settings.current.tracking_reaches:
        return {}
    sql = "SELECT open_tracked, click_tracked FROM apikey WHERE id = ?"
    return dict(fetch(db, sql, key_id))


def _send_slice(sandbox, job, campaign):
    """Write the messages of the next members; False if there are none left."""
    with sandbox.store.write() as db:
        sandbox.worker.check(db, job)
        state = fetch(db, "SELECT cursor, payload FROM job WHERE id = ?", job["id"])
        end = fetch(
            db,
            "SELECT max(id), count(*) FROM (SELECT id FROM member WHERE list_id = ?"
            " AND id > ? AND id <= ? ORDER BY id LIMIT ?)",
            campaign["list_id"],
            state["cursor"],
            json.loads(state["payload"])["last"],
            SLICE,
        )
        if not end[1]:
            return False
        parameters = {
            "key": job["key_id"],
            "campaign": campaign["id"],
            "content": campaign["content_id"],
            "sender": campaign["sender_id"],
            "list": campaign["list_id"],
            "now": sandbox.now(),
            "after": state["cursor"],
            "last": end[0],
        }
        last_id = fetch(db, "SELECT coalesce(max(id), 0) FROM message")[0]
        sent = db.execute(_MESSAGES, parameters).rowcount
        events.record_deliveries(db, sandbox.now(), campaign["id"], last_id)
        db.execute(
            "UPDATE job SET cursor = ?, current = current + ?, count = count + ?"
            " WHERE id = ?",
            (end[0], sent, sent, job["id"]),
        )
    return True


def run_test(sandbox, job):
    """Deliver to the recipients of a `/test` call, whose content was stored then."""
    recipients = json.loads(job["payload"])["Recipients"]
    with sandbox.store.write() as db:
        sandbox.worker.check(db, job)
        for recipient in recipients:
            _send_test(sandbox, db, job, recipient)
        update(db, "job", job["id"], count=len(recipients), current=len(recipients))


def _send_test(sandbox, db, job, recipient):
    db.execute(
        f"INSERT INTO message (key_id, content_id, contact_id, email, name, properties,"
        f" uuid, arrived_at) SELECT key_id, ?, id, email, ?, properties, {UUIDS}, ?"
        " FROM contact WHERE id = ?",
        (
            json.loads(job["payload"])["ContentID"],
            recipient.get("Name") or "",
            sandbox.now(),
            recipient["ContactID"],
        ),
    )
