from odoo import api, models
from odoo.tools import SQL

from ...const import EDITABLE_STATES
from .verdict_addresses import (
    find_left_topic,
    find_opted_out,
    find_paused,
)
from .verdict_facts import (
    COUNT_REASONS,
    WRITE_VERDICTS,
    collect_facts,
    find_changed,
    move_counts,
)

# Above this many rows, the whole mailing is recomputed at once.
FEW_ROWS = 20_000


class MailjetVerdict(models.AbstractModel):
    """Decides which rows of a mailing are mailed, by SQL over whole sets.

    Every row has one verdict and at most one reason, so that the counts of a mailing
    always add up to the rows loaded. ``verdict_facts.py`` shows the statement.
    """

    _name = "mailjet.verdict"
    _description = "Verdicts on mass mailing recipients"

    @api.model
    def _recompute_verdicts(
        self, mailing, only_stricter=False, recount=True, rows=None
    ):
        """Compute the verdict and the exclusion reason of every row of a mailing, and
        count.

        :param only_stricter: the list at Mailjet exists already: only exclude rows that
            may no longer be mailed, unless another row of the address may, and add none
        :param recount: count even if no verdict changes, as rows were added, removed or
            changed otherwise
        :param SQL rows: the condition for the rows ``r`` to exclude with
            ``only_stricter``, by default any
        """
        self.env.flush_all()
        self.env["mailjet.consent.key"]._recall_recipients(mailing)
        changed = self._find_changed(mailing, only_stricter, rows=rows)
        self.env.cr.execute(SQL("%s %s", changed, WRITE_VERDICTS))
        if self.env.cr.rowcount or recount:
            self._invalidate_verdicts()
            mailing._update_counts()

    @api.model
    def _recompute_rows(self, row_ids, only_stricter=False):
        """Do the same for these rows, and for the other rows of their addresses in
        their mailings: an address is always decided on as a whole.

        Nothing else is read, whatever the size of the mailings, and their counts change
        by the differences. A concurrent change of one of the rows or counts makes the
        statement fail.

        :raise psycopg2.OperationalError: to be retried in a new transaction
        """
        if not row_ids:
            return
        self.env.flush_all()
        row_ids = self._with_same_address(row_ids)
        [(mailing_ids, emails)] = self.env.execute_query(
            SQL(
                """
                SELECT array_agg(DISTINCT mailing_id), array_agg(DISTINCT
                       email_normalized) FILTER (WHERE email_normalized IS NOT NULL)
                  FROM mailjet_recipient WHERE id = ANY(%s)
                """,
                row_ids,
            )
        )
        mailings = self.env["mailjet.mailing"].sudo().browse(mailing_ids)
        self.env["mailjet.consent.key"]._recall(emails or [])
        changed = self._find_changed(mailings, only_stricter, row_ids, emails or [])
        self.env.cr.execute(SQL("%s %s", changed, move_counts()))
        self._invalidate_verdicts()
        self.env["mailjet.mailing"].invalidate_model([*COUNT_REASONS])

    @api.model
    def _update_after_unsubscribe(self, emails):
        """Recompute the verdicts of these addresses in mailings still in
        preparation."""
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT recipient.id, recipient.mailing_id
                  FROM mailjet_recipient recipient
                  JOIN mailjet_mailing mailing ON mailing.id = recipient.mailing_id
                 WHERE recipient.email_normalized = ANY(%s) AND mailing.state IN %s
                """,
                list(emails),
                EDITABLE_STATES,
            )
        )
        if len(rows) <= FEW_ROWS:
            return self._recompute_rows([row_id for row_id, _mailing_id in rows])
        mailing_ids = {mailing_id for _row_id, mailing_id in rows}
        for mailing in self.env["mailjet.mailing"].browse(mailing_ids):
            self._recompute_verdicts(mailing, recount=False)
        return None

    @api.model
    def _invalidate_verdicts(self):
        self.env["mailjet.recipient"].invalidate_model(["verdict", "exclusion_reason"])

    # === TICKING === #

    @api.model
    def _tick(self, mailing, query, selected):
        """Tick or untick the rows of a query, and recompute their verdicts."""
        self.env.flush_all()
        found = self.env.execute_query(
            SQL(
                "SELECT id FROM mailjet_recipient WHERE id IN %s LIMIT %s",
                query.subselect(),
                FEW_ROWS + 1,
            )
        )
        if len(found) > FEW_ROWS:
            return self._tick_many(mailing, query, selected)
        row_ids = [row_id for (row_id,) in found]
        self.env.cr.execute(
            SQL(
                """
                UPDATE mailjet_recipient SET selected = %(selected)s
                 WHERE id = ANY(%(ids)s) AND selected IS DISTINCT FROM %(selected)s
                """,
                selected=selected,
                ids=row_ids,
            )
        )
        self.env["mailjet.recipient"].invalidate_model(["selected"])
        return self._recompute_rows(row_ids)

    @api.model
    def _tick_many(self, mailing, query, selected):
        """Tick or untick a large part of a mailing.

        "Unticked" comes before every other reason, so one statement writes the verdict
        as well; most ticked rows can be mailed, and the verdicts of the rest are
        recomputed.
        """
        self.env.cr.execute(
            SQL(
                """
                UPDATE mailjet_recipient
                   SET selected = %(selected)s,
                       verdict = %(verdict)s, exclusion_reason = %(reason)s
                 WHERE id IN %(ids)s AND selected IS DISTINCT FROM %(selected)s
                """,
                selected=selected,
                verdict="send" if selected else "excluded",
                reason=None if selected else "unticked",
                ids=query.subselect(),
            )
        )
        self.env["mailjet.recipient"].invalidate_model()
        self._recompute_verdicts(mailing)

    # === WHAT THE VERDICTS DEPEND ON === #

    @api.model
    def _find_changed(
        self, mailings, only_stricter, row_ids=None, emails=None, rows=None
    ):
        """Return the beginning of a statement, with the rows whose reason changes; see
        ``verdict_facts.find_changed``.

        :param row_ids: by default every row of the mailings
        :param emails: the addresses of these rows: nothing is read about any other
        :param SQL rows: see :meth:`_recompute_verdicts`
        """
        Consent = self.env["mailjet.consent"]
        addresses = (
            emails if emails is None else SQL("SELECT unnest(%s::text[])", emails)
        )
        marked, left_topic, paused = self._drop_empty(
            Consent._marked(),
            find_left_topic(mailings.ids, Consent._left_topics()),
            find_paused(mailings.ids, Consent._paused()),
        )
        omissions = [("left_topic", left_topic), ("paused", paused)]
        for mailing in mailings:
            omissions += mailing._get_omissions()
        facts = collect_facts(
            mailings.ids,
            find_opted_out(Consent._strongest(addresses), emails),
            self._get_engaged(mailings),
            marked=marked,
            omissions=[(reason, query) for reason, query in omissions if query],
            emails=emails,
            row_ids=row_ids,
        )
        return find_changed(
            facts,
            is_one_mailing=len(mailings) == 1,
            only_stricter=only_stricter,
            rows=rows,
        )

    @api.model
    def _find_opted_out(self, mailing):
        """Return the query of the ids of those rows of a query ``r`` whose address gets
        no mailing now, or none of this topic."""
        Consent = self.env["mailjet.consent"]
        return SQL(
            """
            SELECT id FROM r WHERE email_normalized IN (
                   %(opted_out)s
             UNION ALL SELECT email FROM mail_blacklist WHERE active
             UNION ALL %(paused)s
             UNION ALL SELECT email FROM (%(left)s) left_topic
                        WHERE topic_id = %(topic)s)
            """,
            opted_out=Consent._opted_out(),
            paused=Consent._paused(),
            left=Consent._left_topics(),
            topic=mailing.topic_id.id or None,
        )

    @api.model
    def _drop_empty(self, *queries):
        """Return the queries, with None for those that find nothing: an empty set must
        not be joined, since each of a million rows would be looked up in it."""
        exist = SQL(", ").join(SQL("EXISTS (%s)", query) for query in queries)
        [found] = self.env.execute_query(SQL("SELECT %s", exist))
        return [
            query if is_any else None
            for query, is_any in zip(queries, found, strict=True)
        ]

    @api.model
    def _get_engaged(self, mailings):
        """Return the condition for a row ``recipient`` of a reminder to a person who
        has reacted in the meantime."""
        conditions = [
            SQL(
                "(recipient.mailing_id = %s AND %s)",
                mailing.id,
                mailing._has_engaged(),
            )
            for mailing in mailings
            if mailing.follow_up_kind == "reminder"
        ]
        return SQL("(%s)", SQL(" OR ").join(conditions or [SQL("FALSE")]))

    @api.model
    def _with_same_address(self, row_ids):
        """Return the ids of these rows and of every other row of their addresses in
        their mailings."""
        rows = self.env.execute_query(
            SQL(
                """
                SELECT unnest(%(ids)s::int[])
                 UNION
                SELECT other.id FROM mailjet_recipient recipient
                  JOIN mailjet_recipient other USING (email_normalized, mailing_id)
                 WHERE recipient.id = ANY(%(ids)s)
                """,
                ids=list(row_ids),
            )
        )
        return [row_id for (row_id,) in rows]
