"""Everything between a click on "Send" and an email, ready to be broken.

One Odoo serves the users and does no scheduled work. Another, the *worker*, does all of
it and is killed and started again at will. Time passes as :mod:`clock` lets it.
"""

from collections import Counter
from contextlib import ExitStack

from clock import PACE, SETTLE_SECONDS, SLOW_PACE, Clock
from readers import PLANNED, TEXT, make_readers
from rig_database import RigDatabase
from servers import (
    LAUNCHER,
    OdooServer,
    Rpc,
    SandboxServer,
    clone_database,
    find_account,
    wait_until,
)
from workers import LoadedOdoo, Worker

# A mailing that somebody took back is a draft again.
FINAL = ("done", "failed", "draft")
RETRIES = 6  # times that a person presses "Retry" before giving up


class Rig:
    """The sandbox, a database, an Odoo for its users and one that works: open while
    used as a context manager."""

    def __init__(self, scratch, database):
        self.scratch, self.database_name = scratch, database
        self.workers = []
        self.launcher = LAUNCHER  # of the workers
        self.end = ExitStack()

    def __enter__(self):
        with self.end as end:
            self._open()
            self.end = end.pop_all()
        return self

    def __exit__(self, *_exc_info):
        self.kill_workers()
        self.end.close()

    def _open(self):
        """Start everything, with what ends it."""
        self.sandbox = SandboxServer(self.scratch, job_seconds=0.05)
        self.end.callback(self.sandbox.stop)
        self.environment = {"REQUESTS_CA_BUNDLE": str(self.sandbox.authority)}
        clone_database(self.scratch, self.database_name)
        self.front = OdooServer(
            self.scratch,
            self.database_name,
            clone=False,
            name="front",
            cron_threads=0,
            environment=self.environment,
        )
        self.end.callback(self.front.drop)
        self.admin = Rpc(self.front, "admin")
        self.user = Rpc(self.front, "demo")
        self.database = RigDatabase(self.database_name)
        self.end.callback(self.database.close)
        self.loaded_odoo = LoadedOdoo(self.scratch, self.database, self.environment)
        self.end.callback(self.loaded_odoo.stop)
        self._prepare()

    def _prepare(self):
        """Make the readers, and stop everything but the job of the sending."""
        self.filter = make_readers(self.admin)
        self.account = find_account(self.admin)
        self.admin.call(
            "mailjet.account", "write", [self.account], {"monthly_limit": 10_000_000}
        )
        self.clock = Clock(self.database, self.sandbox)
        self.clock.stop_other_jobs()
        self.sql("DELETE FROM mailjet_campaign")
        self.sql("UPDATE mailjet_mailing SET state = 'draft'")

    def begin(self, https=False):
        """Begin with an empty sandbox, reached by https or by http."""
        self.clock.pace = PACE
        self.sandbox.control("POST", "reset")
        url = self.sandbox.https_url if https else self.sandbox.url
        self.sql("UPDATE mailjet_account SET api_url = %s", url)
        if not self.workers:
            self.start_worker()

    # === PROCESSES === #

    def start_worker(self, cron_threads=1):
        """Start an Odoo that does scheduled work."""
        worker = Worker(
            self.loaded_odoo,
            self.scratch,
            self.database_name,
            cron_threads=cron_threads,
            launcher=self.launcher,
        )
        self.workers.append(worker)

    def kill_workers(self):
        """Kill every worker, as a crash would."""
        while self.workers:
            self.workers.pop().kill()

    def restart_worker(self):
        """Crash, and begin again."""
        self.kill_workers()
        self.start_worker()

    def reconnect(self):
        """Continue after a restart of the database server, with a new worker."""
        self.database.close()
        self.database.connect()
        self.restart_worker()
        wait_until(self._answers, SETTLE_SECONDS, "Odoo answers its users again")

    def _answers(self):
        try:
            return self.user.call("res.users", "context_get")
        except (AssertionError, ValueError):
            return None

    def die_at_hanging_call(self, when):
        """Crash during a planned hang, and begin again; a call that is to be `late`
        has its effect when the next worker is there."""
        assert self.wait_for_hanging_call()
        self.kill_workers()
        if when != "late":
            self.forget_faults()
        self.start_worker()
        self.forget_faults()

    # === FAULTS === #

    def plan(self, kind, method="", path="", **values):
        """Plan a fault between Mailjet and its client."""
        plan = {"kind": kind, "method": method, "path": path, **values}
        self.sandbox.control("POST", "faults", json=plan)

    def plan_twice(self, kind, method, path, **values):
        """Plan a fault before a call has its effect, and another after it."""
        for when in ("before", "after"):
            self.plan(kind, method, path, when=when, **values)

    def wait_for_hanging_call(self):
        """Return whether a planned hang has caught a call; False when it never will,
        since the mailing has come to its end."""
        return wait_until(self._caught, SETTLE_SECONDS, "a call hangs") == "caught"

    def _caught(self):
        if self.is_hanging():
            return "caught"
        state = self.sql("SELECT state FROM mailjet_mailing ORDER BY id DESC LIMIT 1")
        if state[0][0] in FINAL:
            return "never"
        self.clock.let_time_pass()
        return None

    def is_hanging(self):
        """Return whether a planned hang has caught a call."""
        faults = self.sandbox.control("GET", "faults")
        return any(fault["waiting"] for fault in faults)

    def release_hanging_calls(self):
        """Let the calls that hang continue, and keep the other faults."""
        self.sandbox.control("POST", "faults/release")

    def forget_faults(self):
        """From here on everything works; calls that hang continue."""
        self.sandbox.control("DELETE", "faults")

    def cut_connections(self):
        """Let the database server end every connection of Odoo's."""
        self.database.cut_connections()

    # === MAILINGS === #

    def make_mailing(self, **values):
        """Return a mailing to the readers, ready to be sent."""
        mailing = self.user.call(
            "mailjet.mailing",
            "create",
            [
                {
                    "name": "Faulty",
                    "subject": "News for $contacts-firstname$",
                    "composition": "html",
                    "body_code": TEXT,
                    "account_id": self.account,
                    **values,
                }
            ],
        )[0]
        self.user.call("mailjet.mailing", "action_load_filter", [mailing], self.filter)
        return mailing

    def schedule(self, minutes=60, mailing=None):
        """Press "Schedule", or choose another time for a mailing. From now on time
        passes slowly, so that everything can be done before the hour."""
        mailing = mailing or self.make_mailing()
        self.clock.pace = SLOW_PACE
        hour = self.clock.get_hour(minutes)
        self.user.call("mailjet.mailing", "action_schedule", [mailing], hour)
        return mailing

    def wait_until_held(self, mailing):
        """Let time pass until Mailjet waits for the mailing's hour."""
        self.clock.wait_until(
            lambda: self._read("delivery_step", mailing) == "scheduled",
            f"Mailjet holds mailing {mailing}",
        )

    def send(self, mailing=None):
        """Press "Send", and return the mailing."""
        mailing = mailing or self.make_mailing()
        self.user.call("mailjet.mailing", "action_send", [mailing])
        return mailing

    def settle(self, mailing):
        """Let time pass until the mailing is sent; a person presses "Retry" when it
        fails. Return its state then."""
        for _retry in range(RETRIES):
            self.clock.wait_until(
                lambda: self.state(mailing) in FINAL, f"mailing {mailing} is settled"
            )
            if self.state(mailing) != "failed":
                break
            self.user.call("mailjet.mailing", "action_retry", [mailing])
        return self.user.read(
            "mailjet.mailing", mailing, "state", "delivery_message", "sent_count"
        )

    def wait_until_state(self, mailing, state):
        """Let time pass until the mailing is in a state."""
        self.clock.wait_until(
            lambda: self.state(mailing) == state, f"mailing {mailing} is {state}"
        )

    def sql(self, query, *values):
        return self.database.sql(query, *values)

    def state(self, mailing):
        """Return the mailing's state in the database."""
        return self._read("state", mailing)

    def _read(self, column, mailing):
        query = f"SELECT {column} FROM mailjet_mailing WHERE id = %s"
        return self.sql(query, mailing)[0][0]

    # === WHAT MAILJET HAS SEEN === #

    def assert_sent_once(self, mailing, planned=PLANNED):
        """Check that the mailing was sent once, to each planned address once, and to
        nobody else; and that Odoo says the same."""
        state = self.settle(mailing)
        assert state["state"] == "done", (state, self.history())
        assert len(self.send_calls()) == 1, self.history()
        self.assert_received_once(state, mailing, planned)

    def send_calls(self):
        """Return the calls that send a campaign, now or at an hour."""
        return [
            row
            for row in self.sandbox.requests(method="POST")
            if row["path"].endswith(("/send", "/schedule")) and row["effect"]
        ]

    def assert_received_once(self, state, mailing, planned=PLANNED, campaigns=1):
        """Check that each planned address got one email of so many campaigns, that
        nobody else got any, and that Odoo, whose figures are given, says the same."""
        wait_until(lambda: self._received(planned), 20, "Mailjet has sent everything")
        messages = self.sandbox.messages(kind="campaign")
        assert len({message["campaign"] for message in messages}) == campaigns
        received = Counter(message["to"] for message in messages)
        assert received == Counter(planned), self.history()
        assert state["sent_count"] == len(planned)
        rows = self.sql(
            "SELECT email_normalized FROM mailjet_recipient"
            " WHERE mailing_id = %s AND status = 'sent'",
            mailing,
        )
        assert sorted(email for (email,) in rows) == sorted(planned)

    def _received(self, planned):
        messages = self.sandbox.messages(kind="campaign", limit=len(planned) + 1)
        return len(messages) >= len(planned)

    def history(self):
        """Return the requests, for the message of a failed check."""
        return "\n" + "\n".join(
            f"{row['method']} {row['path']} {row['status']} {row['fault'] or ''}"
            for row in self.sandbox.requests()
        )
