"""`/_sandbox/...`: what tests and demos may ask of the sandbox itself.  JSON, no key.

GET health           200 "ok"
POST reset           forget everything but the command line's keys
GET log, DELETE log  requests; filters method, path (contains), after (id)
GET faults           planned faults and their effects; POST plans more (see faults)
POST faults/release  let the requests that hang now continue
DELETE faults        forget all faults, and let hanging requests continue
GET settings, PUT    see settings.Settings; `clock_offset` moves the clock
GET keys, PUT        change or create one: public, secret, runlevel, is_active,
                     open_tracked, click_tracked (0: its tracking is off)
POST schedules       move scheduled campaigns forward: seconds
PUT drafts           what somebody does in Mailjet's own application: id (default: the
                     newest draft), status: 0 (its schedule is canceled), -1 (archived),
                     -2 (deleted) or null (not found any more)
PUT senders          key (default: the first), email, status, dkim, spf
GET messages         rendered; filters recipient, campaign (id or CustomValue), kind
                     (campaign, test, send); limit (100), offset
POST events          let something happen: message (id) or recipient, type (open, ...),
                     fields (of the event; null leaves one out)
POST webhook-calls   post a body, as it is given, to the webhook of a type
GET webhook-calls    what was posted: state (waiting, delivered, failed), attempts
"""

import json
from dataclasses import asdict

from werkzeug.exceptions import BadRequest, HTTPException
from werkzeug.routing import Map, Rule
from werkzeug.wrappers import Response

from . import events, jobs, seed, sent_messages
from .store import fetch, update

KEY_SWITCHES = ("runlevel", "is_active", "open_tracked", "click_tracked")
RUNLEVELS = ("Normal", "Softlock", "Hardlock", "Deleted")
_URLS = Map(
    [
        Rule(f"/_sandbox/{path}", methods=[method], endpoint=endpoint)
        for method, path, endpoint in (
            ("GET", "health", "health"),
            ("POST", "reset", "reset"),
            ("GET", "log", "log"),
            ("DELETE", "log", "clear_log"),
            ("GET", "faults", "faults"),
            ("POST", "faults", "plan_faults"),
            ("POST", "faults/release", "release_faults"),
            ("DELETE", "faults", "clear_faults"),
            ("GET", "settings", "settings"),
            ("PUT", "settings", "change_settings"),
            ("GET", "keys", "keys"),
            ("PUT", "keys", "change_key"),
            ("POST", "schedules", "bring_schedules_nearer"),
            ("PUT", "drafts", "change_draft"),
            ("PUT", "senders", "change_sender"),
            ("GET", "messages", "messages"),
            ("POST", "events", "add_event"),
            ("POST", "webhook-calls", "add_webhook_call"),
            ("GET", "webhook-calls", "webhook_calls"),
        )
    ]
)


class Control:
    def __init__(self, sandbox):
        self.sandbox = sandbox

    def respond(self, request):
        """The Response to one request; errors are {"error": text}."""
        try:
            endpoint, _values = _URLS.bind_to_environ(request.environ).match()
            result = getattr(self, endpoint)(request)
        except HTTPException as error:
            return _json({"error": error.description}, error.code)
        if isinstance(result, str):
            return Response(result, content_type="text/plain")
        return _json(result)

    def health(self, _request):
        return "ok"

    def reset(self, _request):
        self.sandbox.reset()
        return {}

    def log(self, request):
        return self.sandbox.log.select(
            request.args.get("method"),
            request.args.get("path"),
            request.args.get("after", 0, int),
        )

    def clear_log(self, _request):
        self.sandbox.log.clear()
        return {}

    def faults(self, _request):
        return self.sandbox.faults.rows()

    def plan_faults(self, request):
        plans = _json_of(request)
        if isinstance(plans, dict):
            plans = [plans]
        if not isinstance(plans, list) or not all(isinstance(p, dict) for p in plans):
            raise BadRequest("a fault is a JSON object")
        try:
            self.sandbox.faults.add(*plans)
        except ValueError as error:
            raise BadRequest(str(error)) from None
        return self.faults(request)

    def release_faults(self, request):
        self.sandbox.faults.release()
        return self.faults(request)

    def clear_faults(self, _request):
        self.sandbox.faults.clear()
        return []

    def settings(self, _request):
        return asdict(self.sandbox.settings.current)

    def change_settings(self, request):
        try:
            self.sandbox.settings.change(_object(request))
        except ValueError as error:
            raise BadRequest(str(error)) from None
        self.sandbox.worker.wake()
        return self.settings(request)

    def bring_schedules_nearer(self, request):
        """For tests in which time passes though the clock, which others read, stays."""
        seconds = _object(request, "seconds").get("seconds")
        if not isinstance(seconds, (int, float)):
            raise BadRequest("seconds must be a number")
        with self.sandbox.store.write() as db:
            jobs.bring_schedules_nearer(db, seconds)
        self.sandbox.worker.wake()
        return {}

    def keys(self, _request):
        with self.sandbox.store.read() as db:
            rows = db.execute("SELECT * FROM apikey ORDER BY id").fetchall()
        return [dict(row) for row in rows]

    def change_key(self, request):
        """Set what is given; a key that does not exist needs a secret as well."""
        given = _object(request, "public", "secret", *KEY_SWITCHES)
        if given.get("runlevel", "Normal") not in RUNLEVELS:
            raise BadRequest(f"runlevel must be one of {', '.join(RUNLEVELS)}")
        public = given.pop("public", None)
        with self.sandbox.store.write() as db:
            row = fetch(db, "SELECT id FROM apikey WHERE public = ?", public)
            if row:
                key_id = row["id"]
            elif public and given.get("secret"):
                key_id = seed.create_key(self.sandbox, db, public, given["secret"])
            else:
                raise BadRequest("a new key needs public and secret")
            if given:
                update(db, "apikey", key_id, **given)
        return self.keys(request)

    def change_draft(self, request):
        given = _object(request, "id", "status")
        status = given.get("status")
        if status not in (0, -1, -2, None):
            raise BadRequest("status must be 0, -1, -2 or null")
        with self.sandbox.store.write() as db:
            row = fetch(
                db,
                "SELECT id FROM draft WHERE id = coalesce(?, id) ORDER BY id DESC",
                given.get("id"),
            )
            if row is None:
                raise BadRequest("no such draft")
            jobs.cancel_campaign(db, row["id"])
            if status is None:
                db.execute("DELETE FROM draft WHERE id = ?", (row["id"],))
            else:
                values = {"scheduled_at": None, "delivered_at": None}
                update(db, "draft", row["id"], status=status, **values)
        return {"id": row["id"], "status": status}

    def change_sender(self, request):
        """What an activation click or the domain's DNS would change."""
        given = _object(request, "key", "email", "status", "dkim", "spf")
        public = given.get("key", self.sandbox.keys[0][0])
        with self.sandbox.store.write() as db:
            row = fetch(
                db,
                "SELECT sender.* FROM sender JOIN apikey ON apikey.id = key_id"
                " WHERE public = ? AND email = ? ORDER BY sender.id DESC",
                public,
                given.get("email"),
            )
            if row is None:
                raise BadRequest("no such sender")
            if "status" in given:
                update(db, "sender", row["id"], status=given["status"])
            for name in ("dkim", "spf"):
                if name in given:
                    column = {f"{name}_status": given[name]}
                    update(db, "dns", row["dns_id"], **column)
        return {}

    def messages(self, request):
        return sent_messages.select(self.sandbox, request.args)

    def add_event(self, request):
        """Note an event of the newest message that fits."""
        given = _object(request, "message", "recipient", "type", "fields")
        if given.get("type") not in (*events.STATUSES, "bounce"):
            raise BadRequest("no such type of event")
        with self.sandbox.store.write() as db:
            message = fetch(
                db,
                "SELECT * FROM message WHERE id = ? OR email = ? ORDER BY id DESC",
                given.get("message"),
                given.get("recipient"),
            )
            if message is None:
                raise BadRequest("no such message")
            fields = given.get("fields") or {}
            now = self.sandbox.now()
            events.record(db, now, message, given["type"], **fields)
        self.sandbox.courier.wake()
        return {}

    def add_webhook_call(self, request):
        given = _object(request, "type", "body")
        with self.sandbox.store.write() as db:
            webhook = fetch(
                db,
                "SELECT key_id, url FROM eventcallbackurl WHERE event_type = ?",
                given.get("type"),
            )
            if webhook is None:
                raise BadRequest("no such webhook")
            self.sandbox.courier.enqueue(db, *webhook, str(given.get("body", "")))
        self.sandbox.courier.wake()
        return {}

    def webhook_calls(self, _request):
        with self.sandbox.store.read() as db:
            rows = db.execute("SELECT * FROM event_group ORDER BY id").fetchall()
        return [dict(row) for row in rows]


def _object(request, *allowed):
    """The JSON object of a body; 400 for anything else or an unknown name."""
    given = _json_of(request)
    if not isinstance(given, dict):
        raise BadRequest("the body is not a JSON object")
    unknown = set(given) - set(allowed)
    if allowed and unknown:
        raise BadRequest(f"unknown: {', '.join(sorted(unknown))}")
    return given


def _json_of(request):
    try:
        return json.loads(request.get_data() or b"{}")
    except ValueError:
        raise BadRequest("the body is not JSON") from None


def _json(value, status=200):
    return Response(json.dumps(value), status, content_type="application/json")
