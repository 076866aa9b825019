from odoo import models
from odoo.tools import SQL

from ..mailjet_mailing_campaigns import combine
from .mailjet_variable_value import ROWS, get_rows


class MailjetMailing(models.Model):
    """Which campaign each row of a mailing belongs to, by the divisions of the mailing.

    Each combination of parts, one of each division, has a number.
    """

    _inherit = "mailjet.mailing"

    def _get_part(self, divisions, number):
        """Return the combined :class:`Part` of that number."""
        parts = []
        for division in reversed(divisions):
            number, index = divmod(number, len(division))
            parts.insert(0, division[index])
        return combine(self.env, parts)

    def _get_send_query(self):
        """Return the query of the rows to send, in no order; see
        ``mailjet.variable.value``."""
        query = self.env["mailjet.variable.value"]._get_query(
            SQL("r.mailing_id = %s AND r.verdict = 'send'", self._origin.id)
        )
        query.order = None
        return query

    def _select_parts(self, divisions, condition, rows=ROWS):
        """Return the SQL of the ``id`` and the ``number`` of the combined part of
        recipients.

        :param list divisions: see :meth:`_get_divisions`
        :param SQL condition: which rows ``r``
        :param SQL rows: the table of them
        """
        query = self.env["mailjet.variable.value"]._get_query(condition, rows)
        query.order = None
        if any(part.is_drawn for division in divisions for part in division):
            query.add_join(
                "LEFT JOIN", "spot", self._select_spots(), SQL("spot.id = r.id")
            )
        number = SQL("0")
        for division in divisions:
            number = SQL("(%s) * %s + %s", number, len(division), _choose(division))
        return query.select(SQL("r.id"), SQL("%s AS number", number))

    def _select_spots(self):
        """Return the SQL of the ``position`` and the ``total`` of each row to send. The
        order is drawn by lot, the same each time, and takes turns between the rows of
        each load and each mailbox provider: of a hundred that are alike, there is one
        in every hundredth of the order, from where chance begins."""
        return SQL(
            """
            (SELECT id, row_number() OVER (ORDER BY turn, lot, id) AS position,
                    count(*) OVER () AS total
               FROM (SELECT id, lot,
                            (row_number() OVER alike - %(start)s)
                            / count(*) OVER (PARTITION BY load_id, domain) AS turn
                       FROM (SELECT id, load_id,
                                    split_part(email_normalized, '@', 2) AS domain,
                                    hashtextextended(email_normalized, %(seed)s) AS lot
                               FROM mailjet_recipient
                              WHERE mailing_id = %(mailing)s AND verdict = 'send'
                            ) lots
                     WINDOW alike AS (PARTITION BY load_id, domain ORDER BY lot, id)
                    ) turns)
            """,
            start=SQL(
                "(hashtextextended(concat(load_id, ' ', domain), %s)"
                " & 1048575)::float8 / 1048576",
                self._origin.id,
            ),
            seed=self._origin.id,
            mailing=self._origin.id,
        )

    def _count_parts(self, divisions):
        """Return the numbers of rows to send, by the number of their combined part."""
        self.env.flush_all()
        rows = SQL("r.mailing_id = %s AND r.verdict = 'send'", self._origin.id)
        counts = self.env.execute_query(
            SQL(
                "SELECT number, count(*) FROM (%s) parts"
                " GROUP BY number ORDER BY number",
                self._select_parts(divisions, rows),
            )
        )
        return dict(counts)

    def _get_parts_of(self, people):
        """Return the :class:`Part` of each of some people, by id, as far as it is not
        drawn by lot; nothing if the mailing is sent as one campaign.

        :param people: some of :meth:`_get_people`
        """
        divisions = [
            [part for part in division if not part.is_drawn]
            for division in self._get_divisions(people)
        ]
        if not any(len(division) > 1 for division in divisions):
            return {}
        self.env.flush_all()
        statement = self._select_parts(
            divisions, SQL("r.id = ANY(%s)", people.ids), get_rows(people)
        )
        return {
            person: self._get_part(divisions, number)
            for person, number in self.env.execute_query(statement)
        }

    def _get_content_for(self, person, version=None):
        """Return the mailing as one person would get it if it was sent now: with the
        values of the part that the person is in, on a record that is not stored. What
        is drawn by lot is left to the sending.

        :param person: one of :meth:`_get_people`
        :param version: None for the one that the person gets
        """
        part = self._get_parts_of(person).get(person.id)
        values = part.values if part else {}
        if version is None:
            version = self.env["mailjet.version"].browse(values.get("version_id"))
        return self._with_version(version, values.get("own_values"))

    def _with_own_values(self, own_values):
        """Return the mailing with other values, on a record that is not stored: only
        until the next one is asked for, since they share the cache."""
        if not own_values:
            return self
        # The values of the last one are still in the cache.
        self.new(origin=self).invalidate_recordset(flush=False)
        return self.new(own_values, origin=self)


def _choose(division):
    """Return the SQL of the index of the part of a division that a row gets into."""
    *conditions, last = range(len(division))
    if not conditions:
        return SQL("0")
    return SQL(
        "CASE %s ELSE %s END",
        SQL(" ").join(
            SQL("WHEN %s THEN %s", division[index].condition, index)
            for index in conditions
        ),
        last,
    )
