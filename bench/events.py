"""Mailjet's events: how many are stored and applied a second, with a million recipients
in the tables.

They are posted as Mailjet posts them, in groups over HTTP, to a real Odoo with one
worker; the cron that applies them then runs once.
"""

import json
import random
import time

import requests
from servers import Rpc

from .stage import odoo_and_cursor
from .table import Table

GROUP = 1_000
DRAFT = "8200000123"
STORED_PER_SECOND = 5_000
APPLIED_PER_SECOND = 20_000

# Of a hundred events of a newsletter: what they are, and for whom it is not pleasant.
MIX = (
    ["sent"] * 55
    + ["open"] * 32
    + ["click"] * 9
    + ["bounce"] * 2
    + ["blocked"]
    + ["unsub"]
)
AGENTS = ("Mozilla/5.0", "Mozilla/5.0 (X11; Linux x86_64) Thunderbird/128.0")
FIELDS = {
    "sent": {"mj_message_id": "1", "smtp_reply": "250 OK"},
    "open": {"ip": "192.0.2.1", "geo": "FR"},
    "click": {"ip": "192.0.2.1", "geo": "FR"},
    "bounce": {
        "blocked": False,
        "hard_bounce": False,
        "error_related_to": "recipient",
        "error": "quota exceeded",
        "comment": "452 4.2.2 mailbox full",
    },
    "blocked": {"error_related_to": "mailjet", "error": "preblocked"},
    "unsub": {"mj_list_id": 4_000_000_000, "ip": "192.0.2.1", "geo": "FR"},
}
RECIPIENTS = """
INSERT INTO mailjet_recipient (
       mailing_id, kind, partner_id, name, email, email_normalized, selected, verdict,
       status)
SELECT %s, 'contact', id, name, email, email_normalized, TRUE, 'send', 'pending'
  FROM res_partner WHERE name LIKE 'Reader %%' ORDER BY id
"""
CONTACTS = """
INSERT INTO res_partner (
       name, complete_name, email, email_normalized, active, is_company, type, lang,
       create_date, write_date)
SELECT 'Reader ' || number, 'Reader ' || number, 'r' || number || '@example.com',
       'r' || number || '@example.com', TRUE, FALSE, 'contact', 'en_US', now(), now()
  FROM generate_series(1, %s) number
"""


def run(events: int, rows: int):
    """Print the table for so many events on a mailing with so many recipients."""
    with odoo_and_cursor() as (server, cursor):
        bench = Bench(server, cursor, events, rows)
        bench.prepare()
        bench.store()
        bench.apply()
        bench.check()


class Bench:
    """One mailing that was sent, and what Mailjet says of it."""

    def __init__(self, server, cursor, events, rows):
        self.server, self.cursor = server, cursor
        self.events, self.rows = events, rows
        self.admin = Rpc(server, "admin")
        self.admin.timeout = 3600

    def prepare(self):
        """Make the recipients, and keep the cron from running by itself."""
        self.table = Table(f"{self.events:,} events, {self.rows:,} recipients")
        mailing = self.admin.call(
            "mailjet.mailing", "create", [{"name": "Big", "subject": "Big"}]
        )[0]
        self.cron = self.admin.call(
            "ir.model.data",
            "check_object_reference",
            "massmailing_mailjet",
            "ir_cron_feedback",
        )[1]
        self.cursor.execute("UPDATE ir_cron SET active = FALSE")
        self.cursor.execute(
            "WITH sent AS (UPDATE mailjet_mailing SET state = 'done' WHERE id = %s"
            " RETURNING id, account_id) INSERT INTO mailjet_campaign (mailing_id,"
            " account_id, state, mailjet_draft_id)"
            " SELECT id, account_id, 'done', %s FROM sent RETURNING account_id",
            [mailing, DRAFT],
        )
        (account,) = self.cursor.fetchone()
        self.cursor.execute(
            "UPDATE mailjet_account SET webhook_password = 'bench',"
            " webhook_token = id || '-bench' WHERE id = %s",
            [account],
        )
        self.cursor.execute(CONTACTS, [self.rows])
        self.cursor.execute(RECIPIENTS, [mailing])
        self.cursor.execute("VACUUM ANALYZE res_partner")
        # As a sending does it: each row is handed over, and marked as sent.
        for status in ("outgoing", "sent"):
            self.cursor.execute(
                "UPDATE mailjet_recipient SET status = %s WHERE mailing_id = %s",
                [status, mailing],
            )
            self.cursor.execute("VACUUM ANALYZE mailjet_recipient")
        self.url = f"{self.server.url}/mailjet/webhook/{account}-bench"
        self.mailing = mailing

    def store(self):
        """Post the events as Mailjet does, one group after the other."""
        groups = [self._make_group(number) for number in range(self.events // GROUP)]
        with requests.Session() as session:
            session.trust_env = False
            session.auth = ("mailjet", "bench")
            start = time.perf_counter()
            for group in groups:
                answer = session.post(self.url, data=group, timeout=600)
                assert answer.status_code == 200, answer.status_code
            took = time.perf_counter() - start
        self._compare("Stored", took, STORED_PER_SECOND)

    def apply(self):
        """Let the cron apply them all."""
        self.cursor.execute("ANALYZE mailjet_event")
        start = time.perf_counter()
        while self._count("mailjet_event_queue"):
            self.admin.call("ir.cron", "method_direct_trigger", [self.cron])
        self._compare("Applied", time.perf_counter() - start, APPLIED_PER_SECOND)

    def check(self):
        """Compare the stored figures with the rows, for a figure that is fast and
        wrong is worth nothing."""
        applied = f"mailjet_event WHERE reason IS NULL AND mailing_id = {self.mailing}"
        assert self._count(applied) == self.events
        figures = self.admin.read(
            "mailjet.mailing", self.mailing, "opened_count", "optout_count"
        )
        for name, column in (
            ("opened_count", "opened_date"),
            ("optout_count", "unsubscribed_date"),
        ):
            self.cursor.execute(
                f"SELECT count({column}) FROM mailjet_recipient WHERE mailing_id = %s",
                [self.mailing],
            )
            assert self.cursor.fetchone()[0] == figures[name], name
        self.table.add("Opened", f"{figures['opened_count']:,}")
        self.table.add("Unsubscribed", f"{figures['optout_count']:,}")

    def _compare(self, what, seconds, least):
        rate = self.events / seconds
        verdict = "met" if rate >= least else "NOT met"
        self.table.add(
            f"{what}, per second (at least {least:,})", f"{rate:,.0f} {verdict}"
        )

    def _count(self, rows):
        self.cursor.execute(f"SELECT count(*) FROM {rows}")
        return self.cursor.fetchone()[0]

    def _make_group(self, number):
        chance = random.Random(number)
        return json.dumps(
            [self._make_event(number * GROUP + place, chance) for place in range(GROUP)]
        )

    def _make_event(self, number, chance):
        kind = chance.choice(MIX)
        event = {
            "event": kind,
            "time": int(time.time()) - 86_400 + number % 80_000,
            "MessageID": 95_420_017_985_181_303 + number,
            "Message_GUID": f"606434fb-5cf2-4ee8-adaf-{number:012}",
            "email": f"r{chance.randint(1, self.rows)}@example.com",
            "mj_campaign_id": 7_657_476_099,
            "mj_contact_id": 5_754_145_803 + number,
            "customcampaign": f"mj.nl={DRAFT}",
            "CustomID": "",
            "Payload": "",
            **FIELDS[kind],
        }
        if kind in ("open", "click", "unsub"):
            event["agent"] = chance.choice(AGENTS)
        if kind == "click":
            event["url"] = f"https://example.com/offer/{chance.randint(1, 20)}"
        return event
