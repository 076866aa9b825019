from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL, Query

from ...const import STATUS_FACTS
from .figures import PEOPLE, RESULT_COUNTS

# What Mailjet reports of an email.
REPORTED = {status for status, _condition in STATUS_FACTS}
# Reports on an email of which nothing was reported before, or only bad news that can
# still turn good.
GOOD_NEWS = {"opened", "clicked", "unsubscribed", "complained"}

# Which statuses each status may become. Mailjet reports an email whenever it likes:
# before the mailing is known to be sent, or after its row was released. A sending that
# is stopped releases all its rows, whatever was reported of them.
TRANSITIONS = {
    "pending": {"outgoing", *REPORTED},
    "outgoing": {"pending", "sent", "failed", *REPORTED},
    "failed": {"pending", *REPORTED},
    "sent": {"pending", "bounced", "blocked", *GOOD_NEWS},
    "blocked": {"pending", "sent", "bounced", *GOOD_NEWS},
    "bounced": {"pending", "sent", *GOOD_NEWS},
    "opened": {"pending", "clicked", "unsubscribed", "complained"},
    "clicked": {"pending", "unsubscribed", "complained"},
    "unsubscribed": {"pending", "complained"},
    "complained": {"pending"},
}

# Rows that are written in one go: for many more, Odoo would think that a job hangs.
MANY_ROWS = 200_000


def get_sources(status):
    """Return the statuses that may become a status, in the order of the table."""
    return tuple(old for old, following in TRANSITIONS.items() if status in following)


def find_reported_status():
    """Return the SQL of the status of a row that had ``old_status``, from what was
    reported of its email: that of the first fact that holds."""
    return SQL(
        "CASE %s ELSE old_status END",
        SQL(" ").join(
            SQL(
                "WHEN (%s) AND old_status IN %s THEN %s",
                SQL(condition),
                (status, *get_sources(status)),
                status,
            )
            for status, condition in STATUS_FACTS
        ),
    )


class MailjetRecipient(models.Model):
    """The status of recipients: nothing else writes it, but for the reports of Mailjet,
    which ``mailjet.trace`` merges in one statement, see :func:`find_reported_status`.
    """

    _inherit = "mailjet.recipient"

    @api.model
    def _mark_outgoing(self, rows):
        """Mark rows as being handed over to Mailjet.

        :param SQL rows: the condition for these rows ``r``
        """
        self._set_status(
            ("pending",), "outgoing", SQL("r.verdict = 'send' AND %s", rows)
        )

    @api.model
    def _mark_failed(self, rows, errors):
        """Mark the rows that Mailjet refused, with Mailjet's reasons.

        :param SQL rows: the condition for the rows ``r`` that were handed over
        :param errors: pairs of address and reason
        """
        self._set_status(
            ("outgoing",),
            "failed",
            SQL("r.email_normalized = e.email AND %s", rows),
            reason=SQL("e.reason"),
            source=SQL(
                "FROM unnest(%s, %s) AS e(email, reason)",
                [email.strip().lower() for email, _reason in errors],
                [reason for _email, reason in errors],
            ),
        )

    @api.model
    def _mark_sent(self, mailing):
        """Mark rows that were in the list when the campaign was sent, as many as one
        transaction should, and return whether there may be others."""
        count = self._set_status(
            ("outgoing",),
            "sent",
            SQL(
                """
                r.id IN (SELECT id FROM mailjet_recipient
                          WHERE mailing_id = %s AND status = 'outgoing' LIMIT %s)
                """,
                mailing.id,
                MANY_ROWS,
            ),
        )
        if count == MANY_ROWS:
            return True
        mailing._update_counts()
        return False

    def _release(self):
        """Let these rows wait for another sending."""
        self._release_rows(SQL("r.id = ANY(%s)", self.ids))

    @api.model
    def _release_rows(self, rows):
        """Let rows wait for another sending.

        :param SQL rows: the condition for these rows ``r``
        """
        self._set_status(get_sources("pending"), "pending", rows, reason=SQL("NULL"))

    @api.model
    def _set_status(self, old, new, rows, reason=None, source=None):
        """Write a status, and return of how many rows.

        :param old: the statuses of which the rows have one
        :param SQL rows: the condition for the rows ``r``
        :param SQL reason: why Mailjet refused them
        :param SQL source: what else the condition reads
        :raise ValueError: when one status may not become the other
        """
        if not set(old) <= set(get_sources(new)):
            raise ValueError(f"Recipients that are {old} do not become {new}.")
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                "UPDATE mailjet_recipient r SET status = %s%s %s"
                " WHERE r.status IN %s AND %s",
                new,
                SQL(", failure_reason = %s", reason) if reason else SQL(""),
                source or SQL(""),
                old,
                rows,
            )
        )
        count = self.env.cr.rowcount
        self.invalidate_model(["status", "failure_reason"])
        return count

    @api.model
    def _get_result_conditions(self, alias):
        """Return the SQL of whether each of the counts of results counts a row, by the
        names of the counts, from the same domains that show the rows behind them.

        :param str alias: of a table or query with the columns of recipients
        """
        recipients = self.sudo()
        query = Query(self.env, alias, SQL.identifier(self._table))
        return {
            name: SQL(
                "((%s) IS TRUE)",
                Domain(PEOPLE[name])
                .optimize_full(recipients)
                ._to_sql(recipients, alias, query),
            )
            for name in RESULT_COUNTS
        }
