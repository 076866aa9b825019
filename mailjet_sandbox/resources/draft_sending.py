"""test, send, schedule and status of a draft: Mailjet's checks and its state machine.

0 draft -> (send, schedule) -> 1 programmed -> job -> 2 sent
               0 <- (DELETE schedule) <- 1
"""

import json

from .. import envelope, errors, sending
from ..jobs import cancel_campaign, enqueue, has_given_up
from ..rest import is_email
from ..routing import no_content, route
from ..store import fetch, update
from .contacts import ensure_contact
from .drafts import CAMPAIGNDRAFT, DRAFT, PROGRAMMED
from .senders import active_sender

STATUS_NAMES = {-2: "Deleted", -1: "Archived", 0: "Draft", 1: "Programmed", 2: "Sent"}


def _check_content(call, draft):
    """Checks that also apply to a test; the texts of the last two are guesses."""
    if not active_sender(call.db, call.key_id, draft["sender_email"]):
        raise errors.legacy(400, "You need to specify a valid and active sender")
    if not draft["html"] and not draft["text"]:
        raise errors.legacy(400, "Missing content")
    if not draft["sender"].strip():
        raise errors.legacy(400, "You need to specify a sender")
    if not draft["subject"].strip():
        raise errors.legacy(400, "You need to specify a subject")


def _check_sendable(call, draft):
    if draft["status"] not in (DRAFT, PROGRAMMED):
        raise errors.legacy(400, "Newsletter has to be in status draft or programmed")
    _check_content(call, draft)
    live = "SELECT 1 FROM contactslist WHERE id = ? AND NOT is_deleted"
    if not fetch(call.db, live, draft["list_id"]):
        raise errors.legacy(400, "You need to specify a valid contacts list")
    if not sending.has_recipients(call.db, draft["list_id"]):
        raise errors.legacy(400, "The contacts list has no active subscribed contact")


@route("POST", "v3/REST/campaigndraft/*/test")
def test(call):
    draft = CAMPAIGNDRAFT.find(call, call.ids[0])
    recipients = call.fields("TTest", "Recipients").get("Recipients")
    if not isinstance(recipients, list) or not recipients:
        raise errors.too_short("Recipients")
    for recipient in recipients:
        if not isinstance(recipient, dict) or not is_email(recipient.get("Email")):
            raise errors.invalid_property("Recipients", "MJ01 Invalid email address")
    _check_content(call, draft)
    people = [
        {"ContactID": ensure_contact(call, item["Email"]), "Name": item.get("Name")}
        for item in recipients
    ]
    content_id = sending.open_content(call.db, "test", draft)
    payload = {"Recipients": people, "ContentID": content_id}
    enqueue(call, "test", ref_id=draft["id"], payload=json.dumps(payload))
    update(call.db, "draft", draft["id"], used=1)
    return call.rows([{"Status": STATUS_NAMES[draft["status"]].lower()}], 201)


@route("POST", "v3/REST/campaigndraft/*/send")
def send(call):
    """A draft that is accepted twice is sent once."""
    draft = CAMPAIGNDRAFT.find(call, call.ids[0])
    call.fields("TSend")
    return _program(call, draft, None)


@route("POST", "v3/REST/campaigndraft/*/schedule")
def schedule(call):
    draft = CAMPAIGNDRAFT.find(call, call.ids[0])
    return _program(call, draft, _given_date(call))


@route("PUT", "v3/REST/campaigndraft/*/schedule")
def reschedule(call):
    draft = _scheduled(call)
    return _program(call, draft, _given_date(call))


def _given_date(call):
    """Unix seconds, or None for now."""
    text = call.fields("TSchedule", "Date").get("Date")
    if isinstance(text, str) and text.upper() == "NOW":
        return None
    try:
        date = envelope.parse_time(text)
    except ValueError:
        raise errors.invalid_property("Date", "MJ02 Invalid date") from None
    if date < call.now + call.sandbox.settings.current.schedule_lead_seconds:
        raise errors.invalid_property("Date", "in the past or too close")
    return date


def _program(call, draft, date):
    """Schedule a draft for a date, or for now."""
    _check_sendable(call, draft)
    again = draft["status"] == PROGRAMMED
    if again and draft["scheduled_at"] is None:
        call.effect = False
        return call.rows([{"Status": "programmed"}])
    cancel_campaign(call.db, draft["id"])
    enqueue(call, "send", at=date, list_id=draft["list_id"], ref_id=draft["id"])
    update(
        call.db,
        "draft",
        draft["id"],
        status=PROGRAMMED,
        scheduled_at=date,
        delivered_at=call.now if date is None else None,
    )
    return call.rows([{"Status": "programmed"}], 200 if again else 201)


def _scheduled(call):
    """A programmed draft; 404 for any other, which has no schedule."""
    draft = CAMPAIGNDRAFT.find(call, call.ids[0])
    if draft["status"] != PROGRAMMED:
        raise errors.not_found()
    return draft


@route("GET", "v3/REST/campaigndraft/*/schedule")
def get_schedule(call):
    draft = _scheduled(call)
    date = draft["scheduled_at"] or draft["delivered_at"]
    return call.rows([{"Date": envelope.rfc3339(date), "Status": "programmed"}])


@route("DELETE", "v3/REST/campaigndraft/*/schedule")
def unschedule(call):
    """Back to draft, until the job has started, or after it was given up."""
    draft = _scheduled(call)
    stays = call.sandbox.settings.current.given_up_stays
    is_given_up = not stays and has_given_up(call.db, draft["id"])
    if not cancel_campaign(call.db, draft["id"]) and not is_given_up:
        raise errors.legacy(400, "Newsletter has to be in status programmed")
    values = {"status": DRAFT, "scheduled_at": None, "delivered_at": None}
    update(call.db, "draft", draft["id"], **values)
    return no_content()


@route("GET", "v3/REST/campaigndraft/*/status")
def status(call):
    draft = CAMPAIGNDRAFT.find(call, call.ids[0])
    return call.rows([{"Status": STATUS_NAMES[draft["status"]]}])
