from datetime import timedelta

from odoo import api, models
from odoo.tools import SQL

from ...const import RECORD_SOURCES
from ...tools.addresses import (
    ADDRESS,
    LONG_LABEL,
    MAX_ADDRESS,
    MAX_LABEL,
    MAX_NAME,
    SPACES,
)
from .mailjet_verdict import FEW_ROWS

# A transaction that was running during a refresh may have changed records that the
# refresh did not see: the next one looks this much further back.
LONGEST_TRANSACTION = timedelta(minutes=5)


class MailjetRecordSync(models.AbstractModel):
    """Updates the rows of mailings from their contacts, accounts and leads, by SQL over
    whole sets."""

    _name = "mailjet.record.sync"
    _description = "Refresh of mass mailing recipients"

    @api.model
    def _refresh(self, mailing):
        """Read the records of all rows again and recompute all verdicts."""
        self._refresh_records(mailing)
        self.env["mailjet.verdict"]._recompute_verdicts(mailing, recount=False)
        mailing.sudo().refreshed_date = self.env.cr.now()

    @api.model
    def _refresh_changed(self, mailing):
        """Do the same for the changes since the last refresh, in a time that does not
        depend on the number of rows."""
        if not mailing.refreshed_date or mailing.follow_up_kind == "reminder":
            return self._refresh(mailing)
        since = mailing.refreshed_date - LONGEST_TRANSACTION
        changed = self._find_changed(mailing, since)
        if len(changed) > FEW_ROWS:
            return self._refresh(mailing)
        Verdict = self.env["mailjet.verdict"]
        before = Verdict._with_same_address(changed) if changed else []
        if changed:
            self._refresh_records(mailing, changed)
        if mailing._has_moved(since):
            Verdict._recompute_verdicts(mailing, recount=False)
        else:
            Verdict._recompute_rows(before)
        mailing.sudo().refreshed_date = self.env.cr.now()
        return None

    @api.model
    def _find_affected(self, mailing, rows):
        """Return the ids of those of the rows to send that may have to be excluded,
        since something has changed after the last refresh. What is stored now decides,
        and no clock, unless the mailing excludes for reasons that time brings: then the
        answer is all of the rows, if there may be any.

        :param SQL rows: the condition for the rows ``r``
        """
        self.env.flush_all()
        query = SQL(
            """
            SELECT r.id, r.partner_id, r.lead_id, r.email, r.email_normalized
              FROM mailjet_recipient r
             WHERE r.verdict = 'send' AND %s
            """,
            rows,
        )
        since = mailing.refreshed_date and mailing.refreshed_date - LONGEST_TRANSACTION
        is_timeless = mailing.follow_up_kind != "reminder" and not mailing.purpose
        if since and is_timeless and not mailing._has_moved(since):
            query = SQL(
                "WITH r AS MATERIALIZED (%s) %s UNION %s",
                query,
                self._find_differing(),
                self.env["mailjet.verdict"]._find_opted_out(mailing),
            )
        return [row_id for row_id, *_columns in self.env.execute_query(query)]

    @api.model
    def _find_differing(self):
        """Return the query of the ids of those rows of a query ``r`` whose record is
        archived or deleted, or has another address."""
        queries = [
            SQL("SELECT id FROM r WHERE partner_id IS NULL AND lead_id IS NULL"),
            *(
                SQL(
                    """
                    SELECT r.id FROM r JOIN %(table)s s ON s.id = %(link)s
                     WHERE %(link)s IS NOT NULL
                       AND (s.active IS NOT TRUE
                            OR (r.email, r.email_normalized)
                               IS DISTINCT FROM (%(email)s, s.email_normalized))
                    """,
                    table=SQL.identifier(self.env[model]._table),
                    link=SQL.identifier("r", source["link"]),
                    email=SQL.identifier("s", source["email"]),
                )
                for model, source in RECORD_SOURCES.items()
            ),
        ]
        return SQL(" UNION ").join(queries)

    @api.model
    def _find_changed(self, mailing, since):
        """Return the ids of rows whose record, or whose address's opt-outs, have
        changed since then; or whose address has paused until then, or has answered what
        the mailing asks."""
        self.env.flush_all()
        arguments = {"mailing": mailing.id, "since": since}
        queries = [
            SQL(
                """
                SELECT r.id FROM mailjet_recipient r JOIN %(table)s s ON s.id = %(link)s
                 WHERE r.mailing_id = %(mailing)s
                   AND s.massmailing_change_date >= %(since)s
                """,
                table=SQL.identifier(self.env[model]._table),
                link=SQL.identifier("r", source["link"]),
                **arguments,
            )
            for model, source in RECORD_SOURCES.items()
        ]
        queries.append(
            SQL(
                """
                SELECT r.id FROM mailjet_recipient r
                  JOIN mailjet_consent c ON c.email = r.email_normalized
                 WHERE r.mailing_id = %(mailing)s AND c.write_date >= %(since)s
                """,
                **arguments,
            )
        )
        queries.append(
            SQL(
                """
                SELECT r.id FROM mailjet_recipient r
                  JOIN (%(resumed)s) c ON c.email = r.email_normalized
                 WHERE r.mailing_id = %(mailing)s
                """,
                resumed=self.env["mailjet.consent"]._resumed(since),
                mailing=mailing.id,
            )
        )
        queries.append(
            SQL(
                """
                SELECT id FROM mailjet_recipient
                 WHERE mailing_id = %s AND partner_id IS NULL AND lead_id IS NULL
                   AND record_issue IS DISTINCT FROM 'deleted'
                """,
                mailing.id,
            )
        )
        queries += mailing._find_answered_since(since)
        return [
            row_id
            for (row_id,) in self.env.execute_query(
                SQL("%s LIMIT %s", SQL(" UNION ").join(queries), FEW_ROWS + 1)
            )
        ]

    # === THE RECORDS BEHIND THE ROWS === #

    @api.model
    def _record_issue(self, model):
        """Return the SQL of what is wrong with a record ``s`` of the model."""
        email = SQL.identifier("s", RECORD_SOURCES[model]["email"])
        return SQL(
            """
            CASE WHEN NOT s.active THEN 'archived'
                 WHEN COALESCE(btrim(%(email)s, %(space)s), '') = '' THEN 'no_email'
                 WHEN %(is_named)s THEN NULL
                 ELSE 'invalid_email'
             END
            """,
            email=email,
            space=SPACES,
            is_named=self._names_address(email, SQL("s.email_normalized")),
        )

    @api.model
    def _names_address(self, email, normalized):
        """Return the SQL equivalent of ``names_address`` and ``is_address`` in
        ``tools.addresses``.

        :param SQL email: the address as entered on the record
        :param SQL normalized: Odoo's normalized form of it
        """
        return SQL(
            """
            CASE WHEN %(normalized)s IS NULL OR length(%(normalized)s) > %(longest)s
                   OR strpos(%(normalized)s, '@') > %(longest_name)s + 1
                   OR %(normalized)s !~ %(pattern)s
                   OR (length(%(normalized)s) - strpos(%(normalized)s, '@')
                           > %(longest_label)s
                       AND split_part(%(normalized)s, '@', 2) ~ %(long_label)s)
                   THEN FALSE
                 WHEN %(email)s = %(normalized)s THEN TRUE
                 ELSE %(normalized)s IN (
                    SELECT btrim(split_part(CASE WHEN place = 1
                                                 THEN translate(piece, ',;', '>>')
                                                 ELSE piece END, '>', 1), %(space)s)
                      FROM unnest(string_to_array(lower(%(email)s COLLATE "C"), '<'))
                           WITH ORDINALITY AS pieces(piece, place))
             END
            """,
            email=email,
            normalized=normalized,
            longest=MAX_ADDRESS,
            longest_name=MAX_NAME,
            longest_label=MAX_LABEL,
            long_label=LONG_LABEL,
            pattern=ADDRESS,
            space=SPACES,
        )

    @api.model
    def _refresh_records(self, mailing, row_ids=None, only_issue=False):
        """Update rows from their records; rows of a deleted record keep their name and
        address.

        :param row_ids: by default every row of the mailing
        :param only_issue: keep the names and addresses as they were uploaded to Mailjet
        """
        self.env.flush_all()
        rows = SQL("TRUE") if row_ids is None else SQL("r.id = ANY(%s)", row_ids)
        for model, source in RECORD_SOURCES.items():
            columns = {"record_issue": self._record_issue(model)}
            if not only_issue:
                columns |= {
                    "name": SQL("s.name"),
                    "email": SQL.identifier("s", source["email"]),
                    "email_normalized": SQL("s.email_normalized"),
                }
            self.env.cr.execute(
                SQL(
                    """
                    UPDATE mailjet_recipient r SET %(assignments)s
                      FROM %(table)s s
                     WHERE r.mailing_id = %(mailing)s AND %(link)s = s.id AND %(rows)s
                       AND (%(present)s) IS DISTINCT FROM (%(values)s)
                    """,
                    assignments=SQL(", ").join(
                        SQL("%s = %s", SQL.identifier(column), value)
                        for column, value in columns.items()
                    ),
                    table=SQL.identifier(self.env[model]._table),
                    mailing=mailing.id,
                    link=SQL.identifier("r", source["link"]),
                    rows=rows,
                    present=SQL(", ").join(
                        SQL.identifier("r", column) for column in columns
                    ),
                    values=SQL(", ").join(columns.values()),
                )
            )
        self.env.cr.execute(
            SQL(
                """
                UPDATE mailjet_recipient r SET record_issue = 'deleted'
                 WHERE r.mailing_id = %s
                   AND r.partner_id IS NULL AND r.lead_id IS NULL
                   AND r.record_issue IS DISTINCT FROM 'deleted' AND %s
                """,
                mailing.id,
                rows,
            )
        )
        self.env["mailjet.recipient"].invalidate_model(
            ["name", "email", "email_normalized", "record_issue"]
        )
