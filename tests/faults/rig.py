"""Everything between a click on "Send" and an e-mail, ready to be broken.

One Odoo serves the users and does no scheduled work. Another, the *worker*, does all of
it and is killed and started again at will. Time passes by moving the dates of the
mailings in the database back: the add-on knows nothing of it.
"""

import os
from collections import Counter
from contextlib import ExitStack, contextmanager
from pathlib import Path

import psycopg2
from servers import (
    LAUNCHER,
    OdooServer,
    Rpc,
    SandboxServer,
    clone_database,
    find_account,
    wait_until,
)

SMALL_CHUNKS = Path(__file__).with_name("small_chunks.py")
JOB = "SELECT res_id FROM ir_model_data WHERE name = 'ir_cron_delivery'"
# What every settled mailing must have been sent to, and rows that must get nothing.
PLANNED = frozenset(f"reader{number}@example.com" for number in range(24))
OTHERS = {
    "twin of 1": {"email": "Reader1@Example.com"},
    "unsubscribed": {"email": "left@example.com", "massmailing_unsubscribed": True},
    "blacklisted": {"email": "black@example.com"},
    "malformed": {"email": "nobody"},
    "without": {"email": False},
}
TEXT = "<p>Dear $contacts-firstname|reader$ of $contacts-city$</p>"
# Odoo's own wait for the next turn of the sending job.
MOVE_ALARMS = [
    "UPDATE ir_cron_trigger SET call_at = call_at - interval '1 hour' WHERE id IN"
    " (SELECT id FROM ir_cron_trigger WHERE call_at > now() AT TIME ZONE 'UTC'"
    " FOR UPDATE SKIP LOCKED)",
    "UPDATE ir_cron SET nextcall = nextcall - interval '1 minute' WHERE id IN"
    f" (SELECT id FROM ir_cron WHERE id = ({JOB})"
    " AND nextcall > now() AT TIME ZONE 'UTC' FOR NO KEY UPDATE SKIP LOCKED)",
]
FINAL = ("done", "failed", "cancelled")
# Seconds that pass at least each time that time is let pass.
PACE = 60
SLOW_PACE = 5
SETTLE_SECONDS = 120  # of real time, for one mailing
RETRIES = 6  # times that a person presses "Retry" before he gives up


def of_this_process(name):
    """Return a name for a folder or a database that no other test process uses."""
    return name + os.environ.get("PYTEST_XDIST_WORKER", "")


class Rig:
    """The sandbox, a database, an Odoo for its users and one that works: open while
    used as a context manager."""

    def __init__(self, scratch, database):
        self.scratch, self.database = scratch, database
        self.workers = []
        self.launcher = LAUNCHER  # of the workers
        self.pace = PACE
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
        clone_database(self.scratch, self.database)
        self.front = self.start_server("front", cron_threads=0)
        self.end.callback(self.front.drop)
        self.admin = Rpc(self.front, "admin")
        self.user = Rpc(self.front, "demo")
        self._connect()
        self.end.callback(self._disconnect)
        self._prepare()

    def _connect(self):
        self.connection = psycopg2.connect(dbname=self.database)
        self.bell = psycopg2.connect(dbname="postgres")
        for connection in (self.connection, self.bell):
            connection.autocommit = True

    def _disconnect(self):
        for connection in (self.connection, self.bell):
            connection.close()

    # === PREPARATION === #

    def _prepare(self):
        """Make the readers and let the other scheduled jobs rest."""
        contacts = [
            {"name": f"Reader {email[6:-12]}", "email": email, "city": "Oslo"}
            for email in sorted(PLANNED)
        ]
        contacts += [{"name": name, **values} for name, values in OTHERS.items()]
        for contact in contacts:
            contact["ref"] = "fault"
        self.admin.call("res.partner", "create", contacts)
        self.admin.call("mail.blacklist", "create", [{"email": "black@example.com"}])
        self.filter = self.make_filter("Readers", "[('ref', '=', 'fault')]")
        self.account = find_account(self.admin)
        self.admin.call(
            "mailjet.account", "write", [self.account], {"monthly_limit": 10_000_000}
        )
        self.sql(
            "UPDATE ir_cron SET nextcall = now() + interval '1 year'"
            f" WHERE id <> ({JOB})"
        )
        self.sql("UPDATE mailjet_mailing SET state = 'draft', next_action_date = NULL")
        rows = self.sql(
            "SELECT column_name FROM information_schema.columns WHERE table_name ="
            " 'mailjet_mailing' AND data_type = 'timestamp without time zone'"
        )
        self.dates = [name for (name,) in rows]

    def make_filter(self, name, domain):
        """Return a shared filter of contacts."""
        values = {"name": name, "model_id": "res.partner", "domain": domain}
        return self.admin.call("ir.filters", "create", [values | {"user_ids": False}])[
            0
        ]

    def begin(self, https=False):
        """Start afresh: an empty sandbox, reached by the one or the other scheme."""
        self.pace = PACE
        self.sandbox.control("POST", "reset")
        url = self.sandbox.https_url if https else self.sandbox.url
        self.sql("UPDATE mailjet_account SET api_url = %s", url)
        if not self.workers:
            self.start_worker()

    # === PROCESSES === #

    def start_server(self, name, **options):
        """Return one more Odoo on the database."""
        return OdooServer(
            self.scratch,
            self.database,
            clone=False,
            name=name,
            environment=self.environment,
            **options,
        )

    def start_worker(self, cron_threads=1):
        """Start an Odoo that does scheduled work."""
        worker = self.start_server(
            "worker", http=False, cron_threads=cron_threads, launcher=self.launcher
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
        """Go on after a restart of the database server, with a new worker."""
        self._disconnect()
        self._connect()
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
        since the mailing has gone all its way."""
        return wait_until(self._caught, SETTLE_SECONDS, "a call hangs") == "caught"

    def _caught(self):
        if any(fault["waiting"] for fault in self.sandbox.control("GET", "faults")):
            return "caught"
        state = self.sql("SELECT state FROM mailjet_mailing ORDER BY id DESC LIMIT 1")
        if state[0][0] in FINAL:
            return "never"
        self.let_time_pass()
        return None

    def release_hanging_calls(self):
        """Let the calls that hang go on, and keep the other faults."""
        self.sandbox.control("POST", "faults/release")

    def forget_faults(self):
        """From here on everything goes well; calls that hang go on."""
        self.sandbox.control("DELETE", "faults")

    def cut_connections(self):
        """Let the database server end every connection of Odoo's, as its restart
        would."""
        self.sql(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = %s AND pid <> pg_backend_pid()",
            self.database,
        )

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
        """Press "Send later", or choose another time for a mailing. From now on time
        passes slowly enough for everything to be done before the hour."""
        mailing = mailing or self.make_mailing()
        self.pace = SLOW_PACE
        (hour,) = self.sql(
            "SELECT to_char(now() AT TIME ZONE 'UTC' + %s * interval '1 minute',"
            " 'YYYY-MM-DD HH24:MI:SS')",
            minutes,
        )[0]
        self.user.call("mailjet.mailing", "action_schedule", [mailing], hour)
        return mailing

    def wait_until_held(self, mailing):
        """Let time pass until Mailjet waits for the mailing's hour."""
        self._pass_time_until(
            lambda: self.step(mailing) == "scheduled",
            f"Mailjet holds mailing {mailing}",
        )

    def send(self, mailing=None):
        """Press "Send", and return the mailing."""
        mailing = mailing or self.make_mailing()
        self.user.call("mailjet.mailing", "action_send", [mailing])
        return mailing

    def settle(self, mailing):
        """Let everything go its way until the mailing is sent; a person presses "Retry"
        when it fails. Return what it looks like then."""
        for _retry in range(RETRIES):
            self._pass_time_until(
                lambda: self.state(mailing) in FINAL, f"mailing {mailing} is settled"
            )
            if self.state(mailing) != "failed":
                break
            self.user.call("mailjet.mailing", "action_retry", [mailing])
        return self.user.read(
            "mailjet.mailing", mailing, "state", "delivery_message", "sent_count"
        )

    def wait_until_state(self, mailing, state):
        """Let everything go its way until the mailing is in a state."""
        self._pass_time_until(
            lambda: self.state(mailing) == state, f"mailing {mailing} is {state}"
        )

    def _pass_time_until(self, condition, what):
        """Let time pass until a condition holds."""
        wait_until(lambda: condition() or self.let_time_pass(), SETTLE_SECONDS, what)

    def state(self, mailing):
        """Return the mailing's state in the database."""
        return self.sql("SELECT state FROM mailjet_mailing WHERE id = %s", mailing)[0][
            0
        ]

    def step(self, mailing):
        """Return the mailing's remote step in the database."""
        query = "SELECT delivery_step FROM mailjet_mailing WHERE id = %s"
        return self.sql(query, mailing)[0][0]

    def let_time_pass(self):
        """Bring what the mailings and their job wait for nearer, except what a worker
        has in hand, and wake the workers up. The hour of what Mailjet holds comes
        nearer with the mailing's."""
        with self.transaction() as cursor:
            cursor.execute(
                "SELECT id, GREATEST(next_action_date - now() AT TIME ZONE 'UTC',"
                " %s * interval '1 second'), send_requested_date IS NOT NULL"
                " FROM mailjet_mailing WHERE next_action_date IS"
                " NOT NULL FOR NO KEY UPDATE SKIP LOCKED",
                [self.pace],
            )
            for mailing, wait, has_told_mailjet in cursor.fetchall():
                if has_told_mailjet:
                    seconds = {"seconds": wait.total_seconds()}
                    self.sandbox.control("POST", "schedules", json=seconds)
                self._move_dates(cursor, mailing, wait)
        with self.transaction() as cursor:
            for statement in MOVE_ALARMS:
                cursor.execute(statement)
        with self.bell.cursor() as cursor:
            cursor.execute(f"NOTIFY cron_trigger, '{self.database}'")

    def _move_dates(self, cursor, mailing, wait):
        """Move all dates of a mailing back by a while."""
        assignments = ", ".join(
            f"{column} = {column} - %(wait)s" for column in self.dates
        )
        cursor.execute(
            f"UPDATE mailjet_mailing SET {assignments} WHERE id = %(mailing)s",
            {"wait": wait, "mailing": mailing},
        )

    @contextmanager
    def transaction(self):
        """A cursor whose changes are committed together."""
        with psycopg2.connect(dbname=self.database) as connection:
            with connection.cursor() as cursor:
                yield cursor
        connection.close()

    def sql(self, query, *values):
        """Return the rows of a statement."""
        with self.connection.cursor() as cursor:
            cursor.execute(query, values or None)
            return cursor.fetchall() if cursor.description else []

    # === WHAT MAILJET HAS SEEN === #

    def assert_sent_once(self, mailing, planned=PLANNED):
        """Check that the mailing departed once, to each planned address once, and to
        nobody else; and that Odoo says the same."""
        state = self.settle(mailing)
        assert state["state"] == "done", (state, self.history())
        assert len(self.departures()) == 1, self.history()
        self.assert_received_once(state, mailing, planned)

    def departures(self):
        """Return the calls that let a campaign depart, now or at an hour."""
        return [
            row
            for row in self.sandbox.requests(method="POST")
            if row["path"].endswith(("/send", "/schedule")) and row["effect"]
        ]

    def assert_received_once(self, state, mailing, planned=PLANNED):
        """Check that each planned address got one e-mail of one campaign, that nobody
        else got any, and that Odoo, whose figures are given, says the same."""
        wait_until(lambda: self._received(planned), 20, "Mailjet has sent everything")
        messages = self.sandbox.messages(kind="campaign")
        assert len({message["campaign"] for message in messages}) == 1
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
