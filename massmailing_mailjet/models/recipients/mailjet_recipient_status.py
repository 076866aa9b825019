from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL, Query

from ...const import STATUS_FACTS
from .counts import COUNT_DOMAINS, RESULT_COUNTS

# The statuses that Mailjet reports.
REPORTED = {status for status, _condition in STATUS_FACTS}
# Statuses that may follow when nothing was reported before, or only bad news that can
# still improve.
GOOD_NEWS = {"opened", "clicked", "unsubscribed", "complained"}

# Which statuses each status may become. Mailjet may report an email at any time: before
# the mailing is known to be sent, or after its row was released. Stopping a send
# releases all its rows, whatever was reported of them.
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

# Rows written in one statement: with many more, Odoo would consider the cron stuck.
MANY_ROWS = 200_000


def get_sources(status):
    """Return the statuses that may become a status, in the order of the table."""
    return tuple(old for old, following in TRANSITIONS.items() if status in following)


def find_reported_status():
    """Return the SQL of the new status of a row with ``old_status``: that of the first
    fact that holds in what was reported of its email."""
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


def find_remaining_status():
    """Return the SQL of the status that is left of a row with ``old_status`` once what
    was measured of it is erased."""
    return SQL(
        "CASE WHEN old_status IN ('opened', 'clicked') THEN CASE %s ELSE 'sent' END"
        " ELSE old_status END",
        SQL(" ").join(
            SQL("WHEN %s THEN %s", SQL(condition), status)
            for status, condition in STATUS_FACTS
        ),
    )


class MailjetRecipient(models.Model):
    """The status of recipients: nothing else writes it, except for
    ``mailjet.recipient.tracking``, which merges Mailjet's events and erases what may
    not be measured, each in one statement: see :func:`find_reported_status` and
    :func:`find_remaining_status`.
    """

    _inherit = "mailjet.recipient"

    @api.model
    def _mark_outgoing(self, rows):
        """Mark rows as being uploaded to Mailjet.

        :param SQL rows: the condition for these rows ``r``
        """
        self._set_status(
            ("pending",), "outgoing", SQL("r.verdict = 'send' AND %s", rows)
        )

    @api.model
    def _mark_failed(self, rows, errors):
        """Mark the rows that Mailjet rejected, with Mailjet's reasons.

        :param SQL rows: the condition for the uploaded rows ``r``
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
    def _mark_sent(self, campaign):
        """Mark rows that were in the list when the campaign was sent, up to one
        transaction's limit, and return whether there may be more."""
        rows = campaign._get_rows()
        count = self._set_status(
            ("outgoing",),
            "sent",
            # A range, so that the rows are written in the order in which they are
            # stored.
            SQL(
                """
                %s AND r.id <= (SELECT max(id) FROM (
                    SELECT r.id FROM mailjet_recipient r
                     WHERE %s AND r.status = 'outgoing' ORDER BY r.id LIMIT %s) first)
                """,
                rows,
                rows,
                MANY_ROWS,
            ),
        )
        return count == MANY_ROWS

    def _release(self):
        """Make these rows available for another send."""
        self._release_rows(SQL("r.id = ANY(%s)", self.ids))

    @api.model
    def _release_rows(self, rows):
        """Make rows available for another send.

        :param SQL rows: the condition for these rows ``r``
        """
        self._set_status(get_sources("pending"), "pending", rows, reason=SQL("NULL"))

    @api.model
    def _leave_campaign(self, rows):
        """Take rows out of the campaign that they were assigned to.

        :param SQL rows: the condition for these rows ``r``
        """
        self.env.cr.execute(
            SQL("UPDATE mailjet_recipient r SET campaign_id = NULL WHERE %s", rows)
        )
        self.invalidate_model(["campaign_id"])

    @api.model
    def _set_status(self, old, new, rows, reason=None, source=None):
        """Write a status and return how many rows it changed.

        :param old: the statuses that the rows may have now
        :param SQL rows: the condition for the rows ``r``
        :param SQL reason: why Mailjet rejected them
        :param SQL source: what else the condition reads from
        :raise ValueError: if one of the old statuses may not become the new one
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
        """Return, by the names of the result counts, the SQL of whether each of them
        includes a row: from the same domains that show the rows behind the counts.

        :param str alias: of a table or query with the columns of recipients
        """
        recipients = self.sudo()
        query = Query(self.env, alias, SQL.identifier(self._table))
        return {
            name: SQL(
                "((%s) IS TRUE)",
                Domain(COUNT_DOMAINS[name])
                .optimize_full(recipients)
                ._to_sql(recipients, alias, query),
            )
            for name in RESULT_COUNTS
        }
