"""A mailing's recipients beside bare SQL: loading, verdicts, figures, screens.

Everything of the add-on is done as a user does it, over HTTP, in a real Odoo; the bare
SQL runs in the same PostgreSQL between the measurements.
"""

from statistics import median

from servers import Rpc

from .contacts import make_contacts
from .screens import compare_screens
from .stage import odoo_and_cursor, peak_megabytes
from .table import Table, measure_seconds

ROUNDS = 3
FEW_ROWS = 1_000
MAILED = 500_000  # in the other mailing of this week
SINGLE_ROUNDS = 5
SINGLE_SECONDS = 0.05
FILTERS = {"all": "[('name', '=like', 'Contact %')]", "few": "[('city', '=', 'Few')]"}

BARE_INSERT = """
INSERT INTO bench_recipient (
       mailing_id, load_id, kind, partner_id, name, email, email_normalized, selected,
       verdict, status)
SELECT %s, %s, 'contact', id, name, email, email_normalized, TRUE, 'send', 'pending'
  FROM res_partner
 WHERE active AND NOT is_company AND name LIKE 'Contact %%' ORDER BY id
"""
BARE_WINDOW = """
SELECT count(*) FILTER (WHERE place > 1)
  FROM (SELECT row_number() OVER (PARTITION BY email_normalized ORDER BY id) AS place
          FROM mailjet_recipient WHERE mailing_id = %s) places
"""


def run(rows: int):
    """Print the tables for a mailing with that many rows."""
    with odoo_and_cursor() as (server, cursor):
        bench = Bench(server, cursor, rows)
        bench.prepare()
        bench.loading()
        bench.verdicts()
        bench.single_rows()
        bench.screens()
        bench.memory()


class Bench:
    """One mailing with all the contacts and one with a few."""

    def __init__(self, server, cursor, rows):
        self.server, self.cursor, self.rows = server, cursor, rows
        self.user = Rpc(server, "demo")
        self.user.timeout = 3600

    # === PREPARATION === #

    def prepare(self):
        self.table = Table(f"Preparation: {self.rows:,} contacts")
        took = measure_seconds(make_contacts, self.cursor, self.rows)
        self.table.add_seconds("Making the contacts by SQL", [took])
        self.cursor.execute(
            "UPDATE res_partner SET city = 'Few' WHERE id IN (SELECT id FROM "
            "res_partner WHERE active AND name LIKE 'Contact %%' LIMIT %s)",
            [FEW_ROWS],
        )
        self.filters = {
            name: self._create(
                "ir.filters",
                name=name,
                model_id="res.partner",
                domain=domain,
                user_ids=False,
            )
            for name, domain in FILTERS.items()
        }
        self.big, self.small = (self._make_mailing(name) for name in ("Big", "Small"))
        self._call("action_load_filter", self.small, self.filters["few"])
        self._make_equal_table()

    def _make_equal_table(self):
        """Make a table with the columns, the indexes and the foreign keys of ours."""
        self.cursor.execute(
            "CREATE TABLE bench_recipient (LIKE mailjet_recipient INCLUDING ALL)"
        )
        self.cursor.execute(
            "SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint "
            "WHERE conrelid = 'mailjet_recipient'::regclass AND contype = 'f'"
        )
        for name, definition in self.cursor.fetchall():
            self.cursor.execute(
                f"ALTER TABLE bench_recipient ADD CONSTRAINT {name} {definition}"
            )

    def _make_mailing(self, name):
        return self._create(
            "mailjet.mailing",
            name=name,
            subject=name,
            composition="html",
            body_code="<p>$contacts-firstname$</p>",
        )

    def _create(self, model, **values):
        return self.user.call(model, "create", [values])[0]

    def _call(self, method, mailing, *args):
        return self.user.call("mailjet.mailing", method, [mailing], *args)

    # === MEASUREMENTS === #

    def loading(self):
        """Load, beside a bare INSERT … SELECT; each from the same empty mailing."""
        self.table = Table("Loading, verdicts and figures included")
        ours, bare, undone = [], [], []
        (load,) = self.user.read("mailjet.mailing", self.small, "load_ids")["load_ids"]
        for _round in range(ROUNDS):
            self.cursor.execute("TRUNCATE bench_recipient")
            self.cursor.execute("CHECKPOINT")
            bare.append(
                measure_seconds(self.cursor.execute, BARE_INSERT, [self.small, load])
            )
            self.cursor.execute("VACUUM ANALYZE mailjet_recipient")
            self.cursor.execute("CHECKPOINT")
            ours.append(
                measure_seconds(
                    self._call, "action_load_filter", self.big, self.filters["all"]
                )
            )
            if len(ours) < ROUNDS:
                loads = self.user.read("mailjet.mailing", self.big, "load_ids")
                undone.append(
                    measure_seconds(
                        self.user.call,
                        "mailjet.recipient.load",
                        "action_unload",
                        loads["load_ids"],
                    )
                )
                assert self._count_rows() == 0
        self.cursor.execute("DROP TABLE bench_recipient")
        counts = self.user.read(
            "mailjet.mailing", self.big, "recipient_count", "planned_count"
        )
        self.table.add("Rows loaded", f"{counts['recipient_count']:,}")
        self.table.add("Emails planned", f"{counts['planned_count']:,}")
        self.table.add_seconds("The add-on", ours)
        self.table.add_seconds("Bare INSERT … SELECT into an equal table", bare)
        self.table.compare("load", ours, bare, 1.5)
        self.table.add_seconds("Undoing the load", undone)

    def _count_rows(self):
        self.cursor.execute(
            "SELECT count(*) FROM mailjet_recipient WHERE mailing_id = %s", [self.big]
        )
        return self.cursor.fetchone()[0]

    def verdicts(self):
        """Compute all verdicts, beside one bare window-function pass over the rows."""
        self.table = Table("Verdicts of all rows, figures included")
        self.cursor.execute("VACUUM ANALYZE mailjet_recipient")
        ours, bare = [], []
        for days in [30, 0] * ROUNDS:
            bare.append(measure_seconds(self.cursor.execute, BARE_WINDOW, [self.big]))
            ours.append(
                measure_seconds(
                    self._call, "write", self.big, {"frequency_cap_days": days}
                )
            )
        self.table.add_seconds("The add-on, nothing changes", ours)
        self.table.add_seconds("Bare window function, nothing is written", bare)
        self.table.compare("verdicts", ours, bare, 1.5)
        domain = [["mailing_id", "=", self.big]]
        for method in ("action_untick", "action_tick"):
            took = measure_seconds(self._tick, method, domain)
            self.table.add_seconds(f"{method[7:].title()} every row", [took])
        self.cursor.execute("VACUUM ANALYZE mailjet_recipient")

    def single_rows(self):
        """Tick one row and unsubscribe one address, when nobody was mailed this week,
        and when many were."""
        self.table = Table("One row and one address of the mailing")
        self._call("write", self.big, {"frequency_cap_days": 7})
        self.stranger = self._create("res.partner", name="X", email="x@example.com")
        self._measure_single_rows("nobody mailed this week")
        mailed = min(MAILED, self.rows // 2)
        self._mail(mailed)
        self._measure_single_rows(f"{mailed:,} mailed this week")

    def _measure_single_rows(self, beside):
        (row, partner) = self._find_row()
        self._check_single(
            f"Tick, {beside}",
            lambda ticked: self.user.call(
                "mailjet.recipient", "write", [row], {"selected": bool(ticked)}
            ),
        )
        took = self._check_single(
            f"Unsubscribe, {beside}",
            lambda turn: self._unsubscribe(partner, not turn),
        )
        alone = self._repeat(lambda turn: self._unsubscribe(self.stranger, not turn))
        self.table.add_seconds("Unsubscribe a contact of no mailing", alone)
        self.table.compare("unsubscribe", took, alone, 1.3)

    def _unsubscribe(self, partner, value):
        values = {"massmailing_unsubscribed": value}
        self.user.call("res.partner", "write", [partner], values)

    def _check_single(self, what, act):
        """Print how long an act takes that is done and undone in turn, and whether that
        is fast enough."""
        took = self._repeat(act)
        self.table.add_seconds(what, took)
        met = median(took) <= SINGLE_SECONDS
        self.table.add_target(what, met, f"≤ {SINGLE_SECONDS * 1000:.0f} ms")
        return took

    def _repeat(self, act):
        return [measure_seconds(act, number % 2) for number in range(2 * SINGLE_ROUNDS)]

    def _find_row(self):
        """Return a row that is to be sent, and its contact."""
        self.cursor.execute(
            "SELECT id, partner_id FROM mailjet_recipient"
            " WHERE mailing_id = %s AND verdict = 'send' ORDER BY id DESC LIMIT 1",
            [self.big],
        )
        return self.cursor.fetchone()

    def _mail(self, count):
        """Make the rows of another mailing, sent to the first of the contacts."""
        other = self._make_mailing("This week's")
        self.cursor.execute(
            "INSERT INTO mailjet_recipient (mailing_id, kind, partner_id, name, email,"
            " email_normalized, selected, verdict, status) SELECT %s, kind, partner_id,"
            " name, email, email_normalized, TRUE, 'send', 'sent' FROM"
            " mailjet_recipient WHERE mailing_id = %s ORDER BY id LIMIT %s",
            [other, self.big, count],
        )
        self.cursor.execute(
            "UPDATE mailjet_mailing SET state = 'done', sent_date ="
            " now() AT TIME ZONE 'UTC' - interval '1 day' WHERE id = %s",
            [other],
        )
        self.cursor.execute("VACUUM ANALYZE mailjet_recipient")

    def _tick(self, method, domain):
        """Tick as the web client does with a whole search result."""
        ids = self.user.call("mailjet.recipient", "search", domain, limit=20_000)
        self.user.call(
            "mailjet.recipient", method, ids, context={"active_domain": domain}
        )

    def screens(self):
        """Open each step in a browser: the big mailing beside the small one."""
        compare_screens(self.server, (self.small, FEW_ROWS), (self.big, self.rows))

    def memory(self):
        self.table = Table("Memory")
        peak = peak_megabytes(self.server.popen.pid)
        self.table.add("Peak of the Odoo process", f"{peak:,.0f} MB")
