from collections import defaultdict

from odoo import models
from odoo.exceptions import UserError
from odoo.tools import SQL

from .mailjet_mailing_follow_up import FOLLOW_UP_ROWS


class MailjetMailing(models.Model):
    """How many people a follow-up would go to, before it is created. This reads every
    recipient of the mailing, so the form asks for it only as its menu opens."""

    _inherit = "mailjet.mailing"

    def get_follow_up_counts(self):
        """Return how many recipients each kind of follow-up has, as a dict: of the open
        one if there is one, else of the one that would be created."""
        self.ensure_one()
        self.check_access("read")
        return {kind: self._count_follow_up(kind) for kind in FOLLOW_UP_ROWS}

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
                condition=FOLLOW_UP_ROWS[kind],
                kind=kind,
            )
        )
        return count

    def _count_added(self):
        """Return how many records the filters and targets find only now."""
        queries = defaultdict(list)
        for load in self.load_ids.filtered("can_refresh"):
            if load.mode == "exclude":
                continue
            try:
                query = load._find()
            except UserError:
                continue  # named in the chatter when the follow-up is created
            query.add_where(self._is_new(load.kind))
            queries[load.kind].append(query.select())
        return sum(self._count_found(found) for found in queries.values())

    def _count_found(self, queries):
        found = SQL(" UNION ").join(SQL("(%s)", query) for query in queries)
        [(count,)] = self.env.execute_query(SQL("SELECT count(*) FROM (%s) f", found))
        return count
