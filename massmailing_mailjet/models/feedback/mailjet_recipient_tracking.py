from datetime import timedelta

from odoo import api, models
from odoo.tools import SQL

from ...const import DEPARTED_STATUSES
from ..recipients.figures import RESULT_COUNTS
from ..recipients.mailjet_recipient_status import find_reported_status

# How what is known of a row ``r`` and what is new ``f`` become one. Each of these
# gives the same whatever the order, and but for the counts however often.
EARLIEST = (
    "delivered_date",
    "opened_date",
    "clicked_date",
    "blocked_date",
    "complained_date",
    "unsubscribed_date",
)
LATEST = ("last_opened_date", "last_clicked_date")
COUNTS = ("open_count", "machine_open_count", "click_count")
FAILURE = ("bounced_date", "bounce_type", "bounce_reason")
COLUMNS = (*EARLIEST, *LATEST, *COUNTS, *FAILURE)

# A failure as one text that sorts: the worst first, of equal ones the earliest. It is
# a hard bounce (1), a soft one (2) or a block (3), its time, and why.
FAILURE_TIME = 'YYYYMMDD"T"HH24MISS'
KNOWN_FAILURE = SQL(
    """
    CASE WHEN r.bounced_date IS NOT NULL
         THEN CASE r.bounce_type WHEN 'hard' THEN '1' ELSE '2' END
              || to_char(r.bounced_date, %(form)s) || COALESCE(r.bounce_reason, '')
         WHEN r.blocked_date IS NOT NULL
         THEN '3' || to_char(r.blocked_date, %(form)s) || COALESCE(r.bounce_reason, '')
     END
    """,
    form=FAILURE_TIME,
)

# A refusal of which no mailing is known answers the last one that has reached the
# address in this time.
ANSWER_TIME = timedelta(days=30)


class MailjetTrace(models.AbstractModel):
    """Writes what became of e-mails on their recipients, for whole sets, and keeps the
    mailings' figures equal to their rows."""

    _name = "mailjet.trace"
    _description = "Mass mailing tracking"

    @api.model
    def _merge(self, facts):
        """Add facts to what is known of recipients.

        Whoever changes a row at the same time makes the statement fail: the figures
        are moved by the difference that it makes, and never by one that it does not.
        Rows are found by their place, which is the quickest way there is, and does not
        change within a transaction.

        :param SQL facts: a query of ``place``, the ``ctid`` of a recipient, the columns
            of :data:`EARLIEST`, :data:`LATEST` and :data:`COUNTS`, and ``failure``, see
            :data:`KNOWN_FAILURE`; a recipient occurs once
        :raise psycopg2.OperationalError: to be tried again in a new transaction
        """
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                """
                WITH facts AS (%(facts)s),
                merged AS (%(merged)s),
                judged AS (SELECT n.*, %(status)s AS status FROM merged n),
                written AS (
                    UPDATE mailjet_recipient r SET %(assignments)s
                      FROM judged n WHERE n.ctid = r.ctid
                       AND (%(old_values)s) IS DISTINCT FROM (%(new_values)s)
                ), totals AS (
                    SELECT mailing_id, %(differences)s FROM judged GROUP BY mailing_id
                )
                UPDATE mailjet_mailing m SET %(additions)s
                  FROM totals t WHERE t.mailing_id = m.id AND (%(some)s)
                """,
                facts=facts,
                merged=self._merged(),
                status=find_reported_status(),
                assignments=_join("%s = n.%s", (*COLUMNS, "status")),
                old_values=_join("r.%s", (*COLUMNS, "status")),
                new_values=_join("n.%s", (*COLUMNS, "status")),
                differences=SQL(", ").join(
                    SQL(
                        "sum(%s::int - %s) AS %s",
                        condition,
                        SQL.identifier(f"old_{name}"),
                        SQL.identifier(name),
                    )
                    for name, condition in self._get_conditions("judged")
                ),
                additions=SQL(", ").join(
                    SQL("%s = COALESCE(m.%s, 0) + t.%s", *[SQL.identifier(name)] * 3)
                    for name in RESULT_COUNTS
                ),
                some=SQL(" OR ").join(
                    SQL("t.%s <> 0", SQL.identifier(name)) for name in RESULT_COUNTS
                ),
            )
        )
        self.env["mailjet.recipient"].invalidate_model()
        self.env["mailjet.mailing"].invalidate_model([*RESULT_COUNTS])

    @api.model
    def _merge_refusals(self, refusals):
        """Count refusals that came in otherwise than by Mailjet, each for the last
        mailing that its address got before.

        :param refusals: dicts of ``email``, ``cause``, ``date``
        """
        dates = {"complained": {}, "unsubscribed": {}}
        for refusal in refusals:
            if refusal["email"] and refusal["cause"] != "bounced":
                known = dates[
                    "complained" if refusal["cause"] == "complained" else "unsubscribed"
                ]
                known.setdefault(refusal["email"], refusal["date"])
        for fact, by_email in dates.items():
            if by_email:
                self._merge(self._answered(fact, by_email))

    @api.model
    def _answered(self, fact, by_email):
        """Return the query of facts for :meth:`_merge` of refusals of addresses."""
        columns = {name: SQL("NULL::timestamp") for name in (*EARLIEST, *LATEST)}
        columns |= {name: SQL("0") for name in COUNTS}
        columns |= {f"{fact}_date": SQL("f.date"), "failure": SQL("NULL")}
        return SQL(
            """
            SELECT r.place, %(columns)s
              FROM unnest(%(emails)s::text[], %(dates)s::timestamp[]) AS f (email, date)
        CROSS JOIN LATERAL (
                   SELECT r.ctid AS place FROM mailjet_recipient r
                     JOIN mailjet_mailing m ON m.id = r.mailing_id
                    WHERE r.email_normalized = f.email AND r.status IN %(departed)s
                      AND m.sent_date BETWEEN f.date - %(time)s AND f.date
                 ORDER BY m.sent_date DESC, r.id LIMIT 1) r
            """,
            columns=SQL(", ").join(
                SQL("%s AS %s", value, SQL.identifier(name))
                for name, value in columns.items()
            ),
            emails=list(by_email),
            dates=list(by_email.values()),
            departed=DEPARTED_STATUSES,
            time=ANSWER_TIME,
        )

    @api.model
    def _merged(self):
        """Return the query of the rows as they will be. OFFSET keeps PostgreSQL from
        reading the whole table for them."""
        failure = SQL('LEAST(%s COLLATE "C", f.failure COLLATE "C")', KNOWN_FAILURE)
        columns = [
            *(_column("LEAST(r.%s, f.%s)", name) for name in EARLIEST),
            *(_column("GREATEST(r.%s, f.%s)", name) for name in LATEST),
            *(
                _column(
                    "CASE WHEN f.%s > 0 THEN COALESCE(r.%s, 0) + f.%s ELSE r.%s END",
                    name,
                )
                for name in COUNTS
            ),
        ]
        return SQL(
            """
            SELECT r.ctid, r.mailing_id, r.status AS old_status, %(old_counts)s,
                   %(columns)s,
                   CASE WHEN k.failure < '3'
                        THEN substr(k.failure, 2, 15)::timestamp
                    END AS bounced_date,
                   CASE left(k.failure, 1) WHEN '1' THEN 'hard' WHEN '2' THEN 'soft'
                    END AS bounce_type,
                   NULLIF(substr(k.failure, 17), '') AS bounce_reason
              FROM facts f CROSS JOIN LATERAL (
                   SELECT ctid, *, %(old_facts)s FROM mailjet_recipient
                    WHERE ctid = f.place OFFSET 0) r
        CROSS JOIN LATERAL (SELECT %(failure)s AS failure) k
            """,
            columns=SQL(", ").join(columns),
            failure=failure,
            old_counts=_join("r.%s", [f"old_{name}" for name in RESULT_COUNTS]),
            old_facts=SQL(", ").join(
                SQL("%s::int AS %s", condition, SQL.identifier(f"old_{name}"))
                for name, condition in self._get_conditions("mailjet_recipient")
            ),
        )

    @api.model
    def _get_conditions(self, alias):
        """Return the names of the counts with what each counts of a query's rows."""
        return self.env["mailjet.recipient"]._get_result_conditions(alias).items()


def _column(expression, name):
    """Return the SQL of one column: the expression names it several times."""
    marks = expression.count("%s") + 1
    return SQL(f"{expression} AS %s", *[SQL.identifier(name)] * marks)


def _join(form, names):
    return SQL(", ").join(
        SQL(form, *[SQL.identifier(name)] * form.count("%s")) for name in names
    )
