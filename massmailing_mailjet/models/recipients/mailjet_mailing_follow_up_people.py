from collections import defaultdict

from odoo import models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ...const import KIND_MODEL, RECORD_SOURCES, SENT_STATUSES

# The rows ``r`` of a sent mailing that go into each kind of follow-up. If it was
# divided, some may be left of campaigns that were stopped after others were sent.
FOLLOW_UP_ROWS = {
    "remaining": SQL(
        """
        (r.status = 'failed' OR r.status = 'pending' AND r.verdict = 'send'
         AND EXISTS (SELECT FROM mailjet_campaign c
                      WHERE c.mailing_id = r.mailing_id AND c.is_part))
        """
    ),
    "reminder": SQL("r.status = 'sent'"),
}


class MailjetMailing(models.Model):
    """Whom a follow-up goes to, and how many they would be. Counting reads every
    recipient of the mailing, so the form asks for it only as its menu opens."""

    _inherit = "mailjet.mailing"

    def get_follow_up_counts(self):
        """Return how many recipients each kind of follow-up has, as a dict: of the open
        one if there is one, else of the one that would be created. Where some are not
        measured, ``unmeasured`` is how many got the mailing and are in no reminder,
        since nobody knows whether they have opened it."""
        self.ensure_one()
        self.check_access("read")
        counts = {kind: self._count_follow_up(kind) for kind in FOLLOW_UP_ROWS}
        unmeasured = self._count_not_measured() if self.state == "done" else 0
        return counts | ({"unmeasured": unmeasured} if unmeasured else {})

    def _get_follow_up_rows(self, kind):
        """Return the SQL of whether a row ``r`` of the mailing goes into a kind of
        follow-up: into a reminder, only those who are known not to have opened it."""
        if kind != "reminder":
            return FOLLOW_UP_ROWS[kind]
        is_measured = self.env["mailjet.measuring"]._is_measured("open")
        return SQL("%s AND %s", FOLLOW_UP_ROWS[kind], is_measured)

    def _count_not_measured(self):
        """Return how many rows got the mailing and are not measured."""
        self.env["mailjet.recipient"].flush_model()
        [(count,)] = self.env.execute_query(
            SQL(
                "SELECT count(*) FROM mailjet_recipient r"
                " WHERE r.mailing_id = %s AND %s AND NOT %s",
                self.id,
                FOLLOW_UP_ROWS["reminder"],
                self.env["mailjet.measuring"]._is_measured("open"),
            )
        )
        return count

    def _count_follow_up(self, kind):
        if self.state != "done":
            return 0
        existing = self._find_open_follow_up(kind)
        if existing:
            return existing.planned_count
        count = self._count_left(kind)
        return count + self._count_added() if kind == "remaining" else count

    def _count_left(self, kind):
        """Return how many rows of the mailing no follow-up of the kind has yet."""
        self.env["mailjet.recipient"].flush_model()
        [(count,)] = self.env.execute_query(
            SQL(
                """
                SELECT count(*) FROM mailjet_recipient r
                 WHERE r.mailing_id = %(mailing)s AND %(condition)s
                   AND NOT EXISTS (SELECT FROM mailjet_recipient f
                                    WHERE f.source_id = r.id
                                      AND f.source_kind = %(kind)s)
                """,
                mailing=self.id,
                condition=self._get_follow_up_rows(kind),
                kind=kind,
            )
        )
        return count

    def _count_added(self):
        """Return how many records the filters and targets find only now."""
        queries = defaultdict(list)
        for load, query, error in self._find_added():
            if not error:
                queries[load.kind].append(query.select())
        return sum(self._count_found(found) for found in queries.values())

    def _count_found(self, queries):
        found = SQL(" UNION ").join(SQL("(%s)", query) for query in queries)
        [(count,)] = self.env.execute_query(SQL("SELECT count(*) FROM (%s) f", found))
        return count

    # === RECORDS FOUND SINCE === #

    def _find_added(self):
        """Yield each load of the mailing that can be repeated, with the query of the
        records that it finds only now, or else the error that says why it finds none;
        the other one is None."""
        for load in self.load_ids.filtered("can_refresh"):
            if load.mode == "exclude":
                continue
            try:
                query = load._find()
            except UserError as error:
                yield load, None, error
            else:
                query.add_where(self._is_new(load.kind))
                yield load, query, None

    def _is_new(self, kind):
        """Return the condition for a record that has no row in any mailing of the
        family, and whose address none of them has reached."""
        model = KIND_MODEL[kind]
        table = self.env[model]._table
        return SQL(
            """
            NOT EXISTS (SELECT FROM mailjet_recipient r
                         WHERE r.mailing_id = ANY(%(family)s)
                           AND (%(link)s = %(record)s
                                OR r.email_normalized = %(email)s
                                   AND r.status IN %(sent)s))
            """,
            family=self._get_family().ids,
            link=SQL.identifier("r", RECORD_SOURCES[model]["link"]),
            record=SQL.identifier(table, "id"),
            email=SQL.identifier(table, "email_normalized"),
            sent=SENT_STATUSES,
        )
