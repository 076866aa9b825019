"""Sending to the sandbox beside Odoo's own Email Marketing to a local SMTP server.

Both are used as a user uses them, over HTTP, in a real Odoo with one worker thread; the
clock runs from the click on "Send" until everything is where it is delivered from: at
the sandbox, which has all the recipients and is asked to send the campaign, or at
the SMTP server. Neither is slower than it has to be: the sandbox's jobs take the time
of their work, and there are no minutes in which a sending can be undone.
"""

import time

from servers import Rpc, SandboxServer, find_account, set_undo_minutes, wait_until

from .email_marketing import DEADLINE, EmailMarketing
from .readers import make_readers, share_out
from .stage import Peak, odoo_and_cursor, scratch
from .table import Table, format_seconds

COMPETITOR_ROWS = 2_000
SIZES = [COMPETITOR_ROWS, 10_000, 200_000, 1_000_000]
# What a large mailing has to reach: ours makes some twenty calls whatever its size, so
# that a larger one sends more a second, which is not so for Email Marketing.
LARGE_ROWS = 200_000
PER_SECOND = 10_000
TIMES_COMPETITOR = 500
MEGABYTES = 300
# As many as a mailing in a dozen languages, from a dozen salespersons and so on.
CAMPAIGNS = 12
TIMES_ONE = 1.5
UNDO_SECONDS = 1
TIMES = f"Times Email Marketing's recipients per second at {COMPETITOR_ROWS:,}"
BODY = "<p>Dear $contacts-firstname|reader$, what is new in $contacts-city$?</p>"


def run(sizes):
    """Print the tables for mailings of these sizes, and that of Email Marketing if one
    of them is its size."""
    sandbox = SandboxServer(scratch(), job_seconds=0)
    try:
        with odoo_and_cursor() as (server, cursor):
            bench = Bench(server, sandbox, cursor)
            competitor = None
            if COMPETITOR_ROWS in sizes:
                competitor = EmailMarketing(bench.admin, cursor).send(COMPETITOR_ROWS)
            for rows in sizes:
                took = bench.send(rows, competitor)
                if rows == LARGE_ROWS:
                    bench.send_divided(rows, took)
            bench.undo(max(sizes))
    finally:
        sandbox.stop()


class Bench:
    """One Odoo that sends with the add-on."""

    def __init__(self, server, sandbox, cursor):
        self.server, self.sandbox, self.cursor = server, sandbox, cursor
        self.admin, self.user = Rpc(server, "admin"), Rpc(server, "demo")
        self.admin.timeout = self.user.timeout = DEADLINE
        set_undo_minutes(self.admin, 0)
        self.account = find_account(self.admin)
        self.admin.call(
            "mailjet.account",
            "write",
            [self.account],
            {"api_url": sandbox.url, "monthly_limit": 100_000_000},
        )
        self._wait(self._is_idle)

    def _is_idle(self):
        """Return whether the jobs that are due when Odoo starts have run."""
        self.cursor.execute(
            "SELECT NOT EXISTS (SELECT FROM ir_cron WHERE active"
            " AND nextcall <= now() AT TIME ZONE 'UTC')"
        )
        return self.cursor.fetchone()[0]

    def send(self, rows, competitor):
        """Send to that many contacts, and return how many seconds it takes until all
        are ready in Mailjet.

        :param competitor: recipients per second of Email Marketing, None if unknown
        """
        table = Table(f"The add-on: {rows:,} recipients")
        mailing = self._make_mailing(make_readers(self.cursor, rows))
        ready = self._measure(table, mailing, rows)
        rate = rows / ready
        table.add("Recipients per second, ready in Mailjet", f"{rate:,.0f}")
        times = competitor and rate / competitor
        if times:
            table.add(TIMES, f"{times:,.0f}")
        if rows == LARGE_ROWS:
            table.add_target("speed", rate >= PER_SECOND, f"≥ {PER_SECOND:,}/s")
        if rows == LARGE_ROWS and times:
            met = times >= TIMES_COMPETITOR
            table.add_target("Email Marketing", met, f"≥ {TIMES_COMPETITOR} times")
        return ready

    def send_divided(self, rows, other):
        """Send to that many contacts of a dozen salespersons, as many campaigns.

        :param float other: seconds that one campaign takes
        """
        table = Table(f"The add-on: {rows:,} recipients in {CAMPAIGNS} campaigns")
        domain = make_readers(self.cursor, rows)
        share_out(self.admin, self.cursor, rows, CAMPAIGNS)
        mailing = self._make_mailing(domain, from_salesperson=True)
        ready = self._measure(table, mailing, rows)
        assert len(self._get_send_jobs(mailing)) == CAMPAIGNS
        table.compare("time of one campaign", [ready], [other], TIMES_ONE)

    def _measure(self, table, mailing, rows):
        """Send a mailing, and return how many seconds it takes until all of its
        recipients are ready in Mailjet."""
        self.sandbox.control("DELETE", "log")
        with Peak(self.server.popen.pid) as peak:
            start = time.time()
            self.user.call("mailjet.mailing", "action_send", [mailing])
            self._wait(lambda: self._state(mailing) == "done")
            done = time.time() - start
            self._wait(lambda: self._is_completed(mailing))
            took = time.time() - start
        assert sum(job["Count"] for job in self._get_send_jobs(mailing)) == rows
        ready = self._get_last_send_call() - start
        table.add("Ready in Mailjet and being sent", format_seconds(ready))
        table.add("Known to be sent in Odoo", format_seconds(done))
        table.add("In the sandbox's outbox", format_seconds(took))
        table.add("Requests", f"{len(self.sandbox.requests()):,}")
        table.add("Peak memory of the Odoo process", f"{peak.megabytes:,.0f} MB")
        table.add_target("memory", peak.megabytes <= MEGABYTES, f"≤ {MEGABYTES} MB")
        return ready

    def undo(self, rows):
        """Undo a sending to that many when they are all at Mailjet and wait to be
        sent."""
        table = Table(f"Undo: {rows:,} recipients")
        set_undo_minutes(self.admin, 60)
        mailing = self._make_mailing(make_readers(self.cursor, rows))
        self.user.call("mailjet.mailing", "action_send", [mailing])
        self._wait(lambda: self._is_ready(mailing))
        start = time.perf_counter()
        self.user.call("mailjet.mailing", "action_cancel", [mailing])
        answered = time.perf_counter() - start
        self._wait(lambda: self._state(mailing) == "draft")
        released = time.perf_counter() - start
        assert not self._count_outgoing(mailing)
        table.add("Answered", format_seconds(answered))
        table.add_target("undo", answered <= UNDO_SECONDS, f"≤ {UNDO_SECONDS} s")
        table.add("Ready for another sending", format_seconds(released))
        set_undo_minutes(self.admin, 0)

    def _is_ready(self, mailing):
        """Return whether everything is prepared, and only the minutes to undo it are
        left."""
        self._state(mailing)
        self.cursor.execute(
            "SELECT delivery_step = 'schedule' FROM mailjet_mailing WHERE id = %s",
            [mailing],
        )
        return self.cursor.fetchone()[0]

    def _count_outgoing(self, mailing):
        self.cursor.execute(
            "SELECT count(*) FROM mailjet_recipient"
            " WHERE mailing_id = %s AND status <> 'pending'",
            [mailing],
        )
        return self.cursor.fetchone()[0]

    def _make_mailing(self, domain, **values):
        filter_id = self.admin.call(
            "ir.filters",
            "create",
            [
                {
                    "name": domain,
                    "model_id": "res.partner",
                    "domain": domain,
                    "user_ids": False,
                }
            ],
        )[0]
        mailing = self.user.call(
            "mailjet.mailing",
            "create",
            [
                {
                    "name": domain,
                    "subject": "News for $contacts-firstname$",
                    "composition": "html",
                    "body_code": BODY,
                    "account_id": self.account,
                    **values,
                }
            ],
        )[0]
        self.user.call("mailjet.mailing", "action_load_filter", [mailing], filter_id)
        # As PostgreSQL does by itself within a minute.
        self.cursor.execute("ANALYZE mailjet_recipient")
        return mailing

    def _state(self, mailing):
        self.cursor.execute(
            "SELECT state, delivery_facts FROM mailjet_mailing WHERE id = %s",
            [mailing],
        )
        state, message = self.cursor.fetchone()
        assert state != "failed", message
        return state

    def _get_last_send_call(self):
        """Return when the sandbox was asked to send the last campaign."""
        return max(
            row["time"]
            for row in self.sandbox.requests(method="POST")
            if row["path"].endswith("/send") and row["effect"]
        )

    def _get_send_jobs(self, mailing):
        """Return the sandbox's jobs that send the campaigns of the mailing."""
        self.cursor.execute(
            "SELECT mailjet_draft_id FROM mailjet_campaign WHERE mailing_id = %s",
            [mailing],
        )
        return [
            job
            for (draft,) in self.cursor.fetchall()
            for job in self.sandbox.read(
                "batchjob", RefID=draft, JobType="Send newsletter"
            )
        ]

    def _is_completed(self, mailing):
        jobs = self._get_send_jobs(mailing)
        return jobs and all(job["Status"] == "Completed" for job in jobs)

    def _wait(self, condition):
        wait_until(condition, DEADLINE, "everything is sent")
