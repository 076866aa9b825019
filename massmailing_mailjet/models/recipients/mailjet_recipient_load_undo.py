from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ...const import KIND_MODEL

# How many names are shown of what repeating a load would change.
SAMPLE_SIZE = 10


class MailjetRecipientLoad(models.Model):
    """Undoing and repeating a load: both remove rows that no other load has found."""

    _inherit = "mailjet.recipient.load"

    @api.ondelete(at_uninstall=False)
    def _unlink_except_by_unloading(self):
        if not self.env.su:
            raise UserError(
                self.env._(
                    "To undo a load, use its “Undo” button, which also removes its "
                    "recipients."
                )
            )

    # === ACTION METHODS === #

    def action_unload(self):
        """Undo these loads, as if they had never been done."""
        for load in self:
            mailing = load.mailing_id
            mailing._check_loadable()
            load.sudo()._release()
            load.sudo().unlink()
            self._after_release(mailing)
        return True

    # === UNDOING === #

    def _release(self, leaving=None):
        """Remove the load's rows, except those that another load has found as well:
        they are assigned to that load.

        :param SQL leaving: only the rows ``r`` for which this condition holds
        """
        self.ensure_one()
        leaving = leaving or SQL("TRUE")
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                """
                DELETE FROM mailjet_recipient_overlap o USING mailjet_recipient r
                 WHERE o.load_id = %s AND r.id = o.recipient_id AND %s
                """,
                self.id,
                leaving,
            )
        )
        self.env.cr.execute(
            SQL(
                """
                WITH heirs AS (
                    SELECT o.recipient_id, min(o.load_id) AS load_id
                      FROM mailjet_recipient_overlap o
                      JOIN mailjet_recipient r ON r.id = o.recipient_id
                     WHERE r.mailing_id = %(mailing)s AND r.load_id = %(load)s
                       AND %(leaving)s
                  GROUP BY o.recipient_id
                ), handed_over AS (
                    UPDATE mailjet_recipient r SET load_id = h.load_id
                      FROM heirs h WHERE r.id = h.recipient_id
                )
                DELETE FROM mailjet_recipient_overlap o USING heirs h
                 WHERE (o.recipient_id, o.load_id) = (h.recipient_id, h.load_id)
                """,
                mailing=self.mailing_id.id,
                load=self.id,
                leaving=leaving,
            )
        )
        self.env.cr.execute(
            SQL(
                """
                DELETE FROM mailjet_recipient r
                 WHERE r.mailing_id = %s AND r.load_id = %s AND %s
                """,
                self.mailing_id.id,
                self.id,
                leaving,
            )
        )
        self.env["mailjet.recipient"].invalidate_model()

    @api.model
    def _after_release(self, mailing):
        """Update the counts of the mailing and of its loads."""
        self.env.cr.execute(
            SQL(
                """
                UPDATE mailjet_recipient_load l
                   SET new_count = COALESCE(n.new, 0),
                       found_count = COALESCE(n.new, 0) + COALESCE(a.again, 0)
                  FROM mailjet_recipient_load k
             LEFT JOIN (SELECT load_id, count(*) AS new FROM mailjet_recipient
                         WHERE mailing_id = %(mailing)s GROUP BY load_id) n
                    ON n.load_id = k.id
             LEFT JOIN (SELECT o.load_id, count(*) AS again
                          FROM mailjet_recipient_overlap o
                          JOIN mailjet_recipient_load m ON m.id = o.load_id
                         WHERE m.mailing_id = %(mailing)s GROUP BY o.load_id) a
                    ON a.load_id = k.id
                 WHERE k.id = l.id AND l.mailing_id = %(mailing)s AND l.mode = 'add'
                """,
                mailing=mailing.id,
            )
        )
        self.invalidate_model(["new_count", "found_count"])
        self.env["mailjet.verdict"].sudo()._recompute_verdicts(mailing)

    # === REPEATING === #

    def _compare(self):
        """Return what repeating the load would add and what it would remove, each as
        the number of rows and a few of their names."""
        self.ensure_one()
        query = self._find()
        self.env.flush_all()
        table = SQL.identifier(self.env[KIND_MODEL[self.kind]]._table)
        found = SQL("FROM %s s WHERE s.id IN %s", table, query.subselect())
        if self.mode == "exclude":
            now = SQL("SELECT s.email_normalized %s AND email_normalized <> ''", found)
            then = SQL(
                "SELECT email_normalized FROM mailjet_exclusion WHERE load_id = %s",
                self.id,
            )
            return (
                self._sample(SQL("%s EXCEPT %s", now, then)),
                self._sample(SQL("%s EXCEPT %s", then, now)),
            )
        rows = SQL("FROM mailjet_recipient r WHERE mailing_id = %s", self.mailing_id.id)
        return (
            self._sample(
                SQL(
                    "SELECT s.name %s AND NOT EXISTS (SELECT %s AND %s = s.id)",
                    found,
                    rows,
                    self._link(),
                )
            ),
            self._sample(
                SQL(
                    """
                    SELECT r.name %s AND load_id = %s AND %s AND NOT EXISTS (
                        SELECT FROM mailjet_recipient_overlap o
                         WHERE o.recipient_id = r.id)
                    """,
                    rows,
                    self.id,
                    self._gone(query),
                )
            ),
        )

    def _sample(self, select):
        """Return how many names a query selects, and the first of them."""
        rows = self.env.execute_query(
            SQL(
                """
                SELECT count(*) OVER (), name FROM (%s) AS names(name)
              ORDER BY name LIMIT %s
                """,
                select,
                SAMPLE_SIZE,
            )
        )
        return rows[0][0] if rows else 0, [name for _count, name in rows if name]

    def _refresh(self):
        """Repeat the load: add what it finds now, and remove what it no longer
        finds."""
        self.ensure_one()
        query = self._find()
        self.env.flush_all()
        if self.mode == "exclude":
            self.env.cr.execute(
                SQL("DELETE FROM mailjet_exclusion WHERE load_id = %s", self.id)
            )
            self.sudo().write(self._insert_exclusions(query))
        else:
            self.sudo()._release(self._gone(query))
            self._insert_overlaps(query)
            self._insert_rows(query)
        self._after_release(self.mailing_id)

    def _gone(self, query):
        """Return the condition for a row ``r`` whose record the query does not find."""
        return SQL(
            "NOT EXISTS (SELECT FROM %s AS found(id) WHERE found.id = %s)",
            query.subselect(),
            self._link(),
        )
