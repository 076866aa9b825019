from datetime import timedelta

from odoo import api, models
from odoo.tools import SQL

from ...const import SENT_STATUSES
from ..recipients.counts import CAMPAIGN_COUNTS, RESULT_COUNTS
from ..recipients.mailjet_recipient_status import find_reported_status

# How the stored data of a row ``r`` and the new facts ``f`` are merged. The result does
# not depend on their order nor, except for the counts, on repetitions.
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

# A failure as one text that sorts, the worst first, then the earliest: hard bounce (1),
# soft bounce (2) or block (3), then its time, then its reason.
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

# An opt-out without a known mailing is attributed to the latest mailing that reached
# the address within this time.
ANSWER_TIME = timedelta(days=30)


class MailjetRecipientTracking(models.AbstractModel):
    """Writes the results of emails on their recipients, for whole sets, and keeps the
    counts of mailings and campaigns equal to their rows."""

    _name = "mailjet.recipient.tracking"
    _description = "Mass mailing tracking"

    @api.model
    def _merge(self, facts):
        """Merge facts into the recipients.

        A concurrent change of a row makes the statement fail, so that the counts change
        exactly by the difference that the statement makes. Rows are found by their
        ``ctid``, which is the fastest way and does not change within a transaction.

        :param SQL facts: a query of ``row_ctid``, the ``ctid`` of a recipient, the
            columns of :data:`EARLIEST`, :data:`LATEST` and :data:`COUNTS`, and
            ``failure``, see :data:`KNOWN_FAILURE`; each recipient occurs once
        :raise psycopg2.OperationalError: to be retried in a new transaction
        """
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                """
                WITH facts AS (%(facts)s),
                merged AS (%(merged)s),
                rated AS (SELECT n.*, %(status)s AS status FROM merged n),
                written AS (
                    UPDATE mailjet_recipient r SET %(assignments)s
                      FROM rated n WHERE n.ctid = r.ctid
                       AND (%(old_values)s) IS DISTINCT FROM (%(new_values)s)
                ), parts AS (%(parts)s
                ), counted AS (%(counted)s
                ), totals AS (%(totals)s)
                UPDATE mailjet_mailing m SET %(additions)s
                  FROM totals t WHERE t.mailing_id = m.id AND (%(some)s)
                """,
                facts=facts,
                merged=self._merged(),
                status=find_reported_status(),
                assignments=_join("%s = n.%s", (*COLUMNS, "status")),
                old_values=_join("r.%s", (*COLUMNS, "status")),
                new_values=_join("n.%s", (*COLUMNS, "status")),
                **self._get_differences(),
                additions=_join("%s = COALESCE(m.%s, 0) + t.%s", RESULT_COUNTS),
                some=SQL(" OR ").join(
                    SQL("t.%s <> 0", SQL.identifier(name)) for name in RESULT_COUNTS
                ),
            )
        )
        self._invalidate_counts()

    @api.model
    def _get_differences(self):
        """Return the parts of a statement that has the rows before and after a change
        as ``rated``: what it makes of the counts of each campaign as ``parts``, adds
        that to the campaigns of divided mailings as ``counted``, and sums it up by
        mailing as ``totals``."""
        differences = SQL(", ").join(
            SQL(
                "sum(%s::int - %s) AS %s",
                condition,
                SQL.identifier(f"old_{name}"),
                SQL.identifier(name),
            )
            for name, condition in self._get_conditions("rated")
        )
        some = SQL(" OR ").join(
            SQL("p.%s <> 0", SQL.identifier(name)) for name in CAMPAIGN_COUNTS
        )
        return {
            "parts": SQL(
                "SELECT mailing_id, campaign_id, %s FROM rated"
                " GROUP BY mailing_id, campaign_id",
                differences,
            ),
            "counted": SQL(
                "UPDATE mailjet_campaign c SET %s FROM parts p"
                " WHERE p.campaign_id = c.id AND (%s)",
                _join("%s = COALESCE(c.%s, 0) + p.%s", CAMPAIGN_COUNTS),
                some,
            ),
            "totals": SQL(
                "SELECT mailing_id, %s FROM parts GROUP BY mailing_id",
                _join("sum(%s) AS %s", RESULT_COUNTS),
            ),
        }

    @api.model
    def _invalidate_counts(self):
        self.env["mailjet.recipient"].invalidate_model()
        self.env["mailjet.mailing"].invalidate_model([*RESULT_COUNTS])
        self.env["mailjet.campaign"].invalidate_model([*CAMPAIGN_COUNTS])

    @api.model
    def _merge_opt_outs(self, opt_outs):
        """Count opt-outs that did not come from Mailjet, each for the latest mailing
        that its address had received before.

        :param opt_outs: dicts of ``email``, ``cause``, ``date``
        """
        dates = {"complained": {}, "unsubscribed": {}}
        for opt_out in opt_outs:
            if opt_out["email"] and opt_out["cause"] != "bounced":
                known = dates[
                    "complained" if opt_out["cause"] == "complained" else "unsubscribed"
                ]
                known.setdefault(opt_out["email"], opt_out["date"])
        for fact, by_email in dates.items():
            if by_email:
                self._merge(self._find_answered(fact, by_email))

    @api.model
    def _find_answered(self, fact, by_email):
        """Return the query of facts for :meth:`_merge` of the opt-outs of addresses."""
        columns = {name: SQL("NULL::timestamp") for name in (*EARLIEST, *LATEST)}
        columns |= {name: SQL("0") for name in COUNTS}
        columns |= {f"{fact}_date": SQL("f.date"), "failure": SQL("NULL")}
        return SQL(
            """
            SELECT r.row_ctid, %(columns)s
              FROM unnest(%(emails)s::text[], %(dates)s::timestamp[]) AS f (email, date)
        CROSS JOIN LATERAL (
                   SELECT r.ctid AS row_ctid FROM mailjet_recipient r
                     JOIN mailjet_mailing m ON m.id = r.mailing_id
                    WHERE r.email_normalized = f.email AND r.status IN %(sent)s
                      AND m.sent_date BETWEEN f.date - %(time)s AND f.date
                 ORDER BY m.sent_date DESC, r.id LIMIT 1) r
            """,
            columns=SQL(", ").join(
                SQL("%s AS %s", value, SQL.identifier(name))
                for name, value in columns.items()
            ),
            emails=list(by_email),
            dates=list(by_email.values()),
            sent=SENT_STATUSES,
            time=ANSWER_TIME,
        )

    @api.model
    def _merged(self):
        """Return the query of the merged rows. OFFSET keeps PostgreSQL from reading the
        whole table for them."""
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
            SELECT r.ctid, r.mailing_id, r.campaign_id, r.is_unmeasured,
                   r.status AS old_status,
                   %(old_counts)s,
                   %(columns)s,
                   CASE WHEN k.failure < '3'
                        THEN substr(k.failure, 2, 15)::timestamp
                    END AS bounced_date,
                   CASE left(k.failure, 1) WHEN '1' THEN 'hard' WHEN '2' THEN 'soft'
                    END AS bounce_type,
                   NULLIF(substr(k.failure, 17), '') AS bounce_reason
              FROM facts f CROSS JOIN LATERAL (
                   SELECT ctid, *, %(old_facts)s FROM mailjet_recipient
                    WHERE ctid = f.row_ctid OFFSET 0) r
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
        """Return pairs of a count's name and the SQL of whether it includes a row."""
        return self.env["mailjet.recipient"]._get_result_conditions(alias).items()


def _column(expression, name):
    """Return the SQL of one column: the expression may use its name several times."""
    marks = expression.count("%s") + 1
    return SQL(f"{expression} AS %s", *[SQL.identifier(name)] * marks)


def _join(form, names):
    return SQL(", ").join(
        SQL(form, *[SQL.identifier(name)] * form.count("%s")) for name in names
    )
