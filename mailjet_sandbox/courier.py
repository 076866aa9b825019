"""Posts events to the webhooks that are registered for them.

One thread, at most one call per webhook and interval: a group of all events since then
(version 2), or one bare object (version 1).  Only HTTP 200 is success; after anything
else the very same group is repeated later, and after a day the URL is given up: its
backup, if any, is used from then on.
"""

import json
import logging
import threading

import requests

from . import events
from .store import fetch, insert, update

_logger = logging.getLogger(__name__)

GROUP_ROWS = 10_000
TIMEOUT = 20
IDLE_SECONDS = 1.0


class Courier:
    """Groups new events and posts what is due, by the sandbox's clock."""

    def __init__(self, sandbox):
        self._sandbox = sandbox
        self._condition = threading.Condition()
        self._stopping = False
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._session = requests.Session()
        self._session.trust_env = False  # the webhook is on this machine

    def start(self):
        self._thread.start()

    def stop(self):
        self._stopping = True
        self.wake()
        self._thread.join()
        self._session.close()

    def wake(self):
        """Check again: something happened, or the clock moved."""
        with self._condition:
            self._condition.notify()

    def _run(self):
        while not self._stopping:
            try:
                self._make_groups()
                self._post_due()
            except Exception:
                _logger.exception("webhooks")
            with self._condition:
                if not self._stopping:
                    self._condition.wait(self._pause())

    def _pause(self):
        """Seconds until there may be something to do; never less than the interval
        between two calls."""
        interval = self._sandbox.settings.current.webhook_seconds
        with self._sandbox.store.read() as db:
            due = fetch(
                db, "SELECT min(next_at) FROM event_group WHERE state = 'waiting'"
            )[0]
        if due is None:
            return max(interval, IDLE_SECONDS) if interval else IDLE_SECONDS
        return min(max(due - self._sandbox.now(), interval, 0.01), IDLE_SECONDS)

    # --- groups -----------------------------------------------------------------------

    def _make_groups(self):
        with self._sandbox.store.write() as db:
            rows = db.execute(
                "SELECT * FROM event WHERE group_id IS NULL ORDER BY id LIMIT ?",
                (GROUP_ROWS,),
            ).fetchall()
            by_target = {}
            for row in rows:
                by_target.setdefault(self._target(db, row), []).append(row)
            for target, members in by_target.items():
                self._make_group(db, target, members)

    def _target(self, db, event):
        """(key, url, version) of the webhook to post an event to, or None."""
        webhook = fetch(
            db,
            "SELECT url, version FROM eventcallbackurl WHERE key_id = ?"
            " AND event_type = ? AND status = 'alive' ORDER BY is_backup LIMIT 1",
            event["key_id"],
            event["type"],
        )
        return webhook and (event["key_id"], webhook["url"], webhook["version"])

    def _make_group(self, db, target, members):
        if target is None:
            self._assign(db, members, 0)
            return
        key_id, url, version = target
        objects = [events.payload(db, row) for row in members]
        bodies = [objects] if version == 2 else objects
        for position, body in enumerate(bodies):
            group_id = self.enqueue(db, key_id, url, json.dumps(body))
            self._assign(db, members if version == 2 else [members[position]], group_id)

    def _assign(self, db, members, group_id):
        db.executemany(
            "UPDATE event SET group_id = ? WHERE id = ?",
            [(group_id, row["id"]) for row in members],
        )

    def enqueue(self, db, key_id, url, body):
        """Queue a text to be posted to a webhook; returns the id of the group."""
        now = self._sandbox.now()
        return insert(
            db,
            "event_group",
            key_id=key_id,
            url=url,
            body=body,
            created_at=now,
            next_at=now,
        )

    # --- calls ------------------------------------------------------------------------

    def _post_due(self):
        with self._sandbox.store.read() as db:
            due = db.execute(
                "SELECT * FROM event_group WHERE state = 'waiting' AND next_at <= now()"
                " ORDER BY id"
            ).fetchall()
        for group in due:
            if self._stopping:
                return
            answer = self._post(group)
            with self._sandbox.store.write() as db:
                self._note(db, group, answer)

    def _post(self, group):
        try:
            return self._session.post(
                group["url"],
                data=group["body"].encode(),
                headers={"Content-Type": "application/json"},
                timeout=TIMEOUT,
                allow_redirects=False,
            ).status_code
        except requests.RequestException as error:
            return type(error).__name__

    def _note(self, db, group, answer):
        settings, now = self._sandbox.settings.current, self._sandbox.now()
        values = {"attempts": group["attempts"] + 1, "answer": str(answer)}
        if answer == 200:
            values["state"] = "delivered"
        elif now - group["created_at"] >= settings.webhook_give_up_seconds:
            values["state"] = "failed"
            db.execute(
                "UPDATE eventcallbackurl SET status = 'dead'"
                " WHERE key_id = ? AND url = ?",
                (group["key_id"], group["url"]),
            )
        else:
            values["next_at"] = now + settings.webhook_retry_seconds
        update(db, "event_group", group["id"], **values)
