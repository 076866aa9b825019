"""Sending to the sandbox beside Odoo's own Email Marketing to a local SMTP server.

Both are used as a user uses them, over HTTP, in a real Odoo with one worker thread; the
clock runs from the click on "Send" until everything is where it is delivered from: at
the sandbox, which has all the recipients and is told to send the campaign, or at
the SMTP server. Neither is slower than it has to be: the sandbox's jobs take the time
of their work, and the minutes in which a sending can be undone are not waited for.
"""

import re
import time
from pathlib import Path

from aiosmtpd.controller import Controller
from servers import (
    Rpc,
    SandboxServer,
    find_account,
    free_port,
    set_undo_minutes,
    wait_until,
)

from .stage import odoo_and_cursor, peak_megabytes, scratch
from .table import Table, format_seconds

COMPETITOR_ROWS = 2_000
SIZES = [COMPETITOR_ROWS, 10_000, 200_000, 1_000_000]
DEADLINE = 3_600  # seconds
# What the design asks for, of a large mailing: ours makes some twenty calls whatever
# its size, so that it is the faster the larger it is, and Email Marketing is not.
LARGE_ROWS = 200_000
PER_SECOND = 10_000
TIMES_COMPETITOR = 500
MEGABYTES = 300
UNDO_SECONDS = 1
TIMES = f"Times Email Marketing's recipients per second at {COMPETITOR_ROWS:,}"
BODY = "<p>Dear $contacts-firstname|reader$, what is new in $contacts-city$?</p>"
COMPETITOR_BODY = (
    "<p>Dear <t t-out=\"object.name or 'reader'\"/>,"
    " what is new in <t t-out=\"object.city or ''\"/>?</p>"
)

READER = re.compile(r"r\d+@example\.com")
INSERT = """
INSERT INTO res_partner (
       name, complete_name, email, email_normalized, active, is_company, type, lang,
       city, ref, create_date, write_date)
SELECT 'Reader ' || number, 'Reader ' || number, 'r' || number || '@example.com',
       'r' || number || '@example.com', TRUE, FALSE, 'contact', 'en_US',
       'Town ' || number %% 500, 'bench ' || %s, now() AT TIME ZONE 'UTC',
       now() AT TIME ZONE 'UTC'
  FROM generate_series(1, %s) number
"""


class Mailbox:
    """An SMTP server's other end, which only counts the readers' e-mails: Odoo sends
    others as well."""

    def __init__(self):
        self.count = 0

    async def handle_DATA(self, _server, _session, envelope):
        self.count += any(READER.fullmatch(address) for address in envelope.rcpt_tos)
        return "250 OK"


def run(sizes):
    """Print the tables for mailings of these sizes; Email Marketing is tried where one
    of them is its size."""
    sandbox = SandboxServer(scratch(), job_seconds=0)
    try:
        with odoo_and_cursor() as (server, cursor):
            bench = Bench(server, sandbox, cursor)
            competitor = bench.competitor() if COMPETITOR_ROWS in sizes else None
            for rows in sizes:
                bench.send(rows, competitor)
            bench.undo(max(sizes))
    finally:
        sandbox.stop()


class Bench:
    """One Odoo and its two ways to send."""

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

    def _make_readers(self, rows):
        """Insert so many contacts, unless they are there, and return the domain that
        finds them."""
        reference = f"bench {rows}"
        self.cursor.execute(
            "SELECT FROM res_partner WHERE ref = %s LIMIT 1", [reference]
        )
        if not self.cursor.rowcount:
            self.cursor.execute(INSERT, [rows, rows])
            self.cursor.execute("VACUUM ANALYZE res_partner")
        return f"[('ref', '=', '{reference}')]"

    # === OURS === #

    def send(self, rows, competitor):
        """Send to so many contacts."""
        table = Table(f"The add-on: {rows:,} recipients")
        mailing = self._make_mailing(self._make_readers(rows))
        self.sandbox.control("DELETE", "log")
        with Peak(self.server.popen.pid) as peak:
            start = time.time()
            self.user.call("mailjet.mailing", "action_send", [mailing])
            self._wait(lambda: self._state(mailing) == "done")
            done = time.time() - start
            self._wait(lambda: self._get_send_job(mailing)["Status"] == "Completed")
            took = time.time() - start
        assert self._get_send_job(mailing)["Count"] == rows
        ready = self._get_departure() - start
        rate = rows / ready
        table.add("Ready in Mailjet and being sent", format_seconds(ready))
        table.add("Known to be sent in Odoo", format_seconds(done))
        table.add("In the sandbox's outbox", format_seconds(took))
        table.add("Recipients per second, ready in Mailjet", f"{rate:,.0f}")
        table.add("Requests", f"{len(self.sandbox.requests()):,}")
        table.add("Peak memory of the Odoo process", f"{peak.megabytes:,.0f} MB")
        table.add_target("memory", peak.megabytes <= MEGABYTES, f"≤ {MEGABYTES} MB")
        times = competitor and rate / competitor
        if times:
            table.add(TIMES, f"{times:,.0f}")
        if rows == LARGE_ROWS:
            table.add_target("speed", rate >= PER_SECOND, f"≥ {PER_SECOND:,}/s")
        if rows == LARGE_ROWS and times:
            met = times >= TIMES_COMPETITOR
            table.add_target("Email Marketing", met, f"≥ {TIMES_COMPETITOR} times")

    def undo(self, rows):
        """Undo a sending of so many when they are all at Mailjet and wait to be
        sent."""
        table = Table(f"Undo: {rows:,} recipients")
        set_undo_minutes(self.admin, 60)
        mailing = self._make_mailing(self._make_readers(rows))
        self.user.call("mailjet.mailing", "action_send", [mailing])
        self._wait(lambda: self._is_ready(mailing))
        start = time.perf_counter()
        self.user.call("mailjet.mailing", "action_cancel", [mailing])
        answered = time.perf_counter() - start
        self._wait(lambda: self._state(mailing) == "cancelled")
        released = time.perf_counter() - start
        assert not self._count_outgoing(mailing)
        table.add("Answered", format_seconds(answered))
        table.add_target("undo", answered <= UNDO_SECONDS, f"≤ {UNDO_SECONDS} s")
        table.add("Ready for another sending", format_seconds(released))
        set_undo_minutes(self.admin, 0)

    def _is_ready(self, mailing):
        """Return whether all is prepared, and only the minutes of undoing are waited
        for."""
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

    def _make_mailing(self, domain):
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
                }
            ],
        )[0]
        self.user.call("mailjet.mailing", "action_load_filter", [mailing], filter_id)
        return mailing

    def _state(self, mailing):
        self.cursor.execute(
            "SELECT state, delivery_message FROM mailjet_mailing WHERE id = %s",
            [mailing],
        )
        state, message = self.cursor.fetchone()
        assert state != "failed", message
        return state

    def _get_departure(self):
        """Return when the sandbox was told to send the campaign."""
        (call,) = (
            row["time"]
            for row in self.sandbox.requests(method="POST")
            if row["path"].endswith("/send") and row["effect"]
        )
        return call

    def _get_send_job(self, mailing):
        """Return the sandbox's job that sends the mailing."""
        self.cursor.execute(
            "SELECT mailjet_draft_id FROM mailjet_mailing WHERE id = %s", [mailing]
        )
        (job,) = self.sandbox.read(
            "batchjob", RefID=self.cursor.fetchone()[0], JobType="Send newsletter"
        )
        return job

    # === EMAIL MARKETING === #

    def competitor(self):
        """Send with Email Marketing; return its recipients per second."""
        table = Table(f"Odoo's Email Marketing: {COMPETITOR_ROWS:,} recipients")
        domain = self._make_readers(COMPETITOR_ROWS)
        mailbox = Mailbox()
        smtp = Controller(mailbox, hostname="127.0.0.1", port=free_port())
        smtp.start()
        try:
            mailing = self._make_competitors_mailing(domain, smtp.port)
            start = time.perf_counter()
            self.admin.call("mailing.mailing", "action_launch", [mailing])
            # It puts the e-mails in a queue, of which Odoo sends a thousand once an
            # hour, unless it is told to go on.
            self._wait(self._is_queued)
            while mailbox.count < COMPETITOR_ROWS:
                self._run_job("mail", "ir_cron_mail_scheduler_action")
            took = time.perf_counter() - start
        finally:
            smtp.stop()
        table.add("Delivered to the SMTP server", f"{took:.1f} s")
        table.add("Recipients per second", f"{COMPETITOR_ROWS / took:,.1f}")
        return COMPETITOR_ROWS / took

    def _is_queued(self):
        self.cursor.execute("SELECT state = 'done' FROM mailing_mailing ORDER BY id")
        return self.cursor.fetchall()[-1][0]

    def _run_job(self, module, name):
        """Run a scheduled job at once, and wait for it."""
        _model, job = self.admin.call(
            "ir.model.data", "check_object_reference", module, name
        )
        self.admin.call("ir.cron", "method_direct_trigger", [job])

    def _make_competitors_mailing(self, domain, port):
        self.admin.call(
            "ir.mail_server",
            "create",
            [
                {
                    "name": "Bench",
                    "smtp_host": "127.0.0.1",
                    "smtp_port": port,
                    "smtp_encryption": "none",
                    "sequence": 0,
                }
            ],
        )
        model = self.admin.find("ir.model", ("model", "=", "res.partner"))
        return self.admin.call(
            "mailing.mailing",
            "create",
            [
                {
                    "subject": "News",
                    "mailing_model_id": model,
                    "mailing_domain": domain,
                    "body_arch": COMPETITOR_BODY,
                    "body_html": COMPETITOR_BODY,
                }
            ],
        )[0]

    def _wait(self, condition):
        wait_until(condition, DEADLINE, "everything is sent")


class Peak:
    """The most memory that a process takes while something is done, in megabytes."""

    def __init__(self, pid):
        self.pid = pid

    def __enter__(self):
        # Forget the peak so far. https://man7.org/linux/man-pages/man5/proc.5.html
        Path(f"/proc/{self.pid}/clear_refs").write_text("5")
        return self

    def __exit__(self, *_exc_info):
        self.megabytes = peak_megabytes(self.pid)
