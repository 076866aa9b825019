from collections import Counter
from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

from ..const import (
    DEPARTED_STATUSES,
    EDITABLE_STATES,
    EMAIL_PATTERN,
    EXCLUSION_FIGURES,
    EXCLUSION_REASONS,
    KIND_FIGURES,
    RECORD_ISSUES,
)

# The models that recipients come from: how a row names the record, and where the
# record has its address.
SOURCES = {
    "res.partner": {"link": "partner_id", "email": "email"},
    "crm.lead": {"link": "lead_id", "email": "email_from"},
}

# When each reason applies, in the terms of the query of `_judge`; the order of
# precedence is the one of `const.EXCLUSION_REASONS`.
CONDITIONS = {
    "unticked": SQL("selected IS NOT TRUE"),
    "complained": SQL("cause = 'complained'"),
    "unsubscribed": SQL("cause = 'unsubscribed'"),
    "bounced": SQL("cause = 'bounced'"),
    "blacklisted": SQL("cause = 'blacklisted' OR blacklisted"),
    **{issue: SQL("record_issue = %s", issue) for issue, _label in RECORD_ISSUES},
    "left_out": SQL("left_out"),
    "recent": SQL("recent"),
    "answered": SQL("answered"),
}

# Of rows that are in the list at Mailjet, those that must leave it: every address
# that no row may be mailed at any more.
STRICTER = SQL(
    """
    c.old_reason IS NULL AND c.reason IS DISTINCT FROM 'duplicate'
    AND NOT EXISTS (SELECT FROM reasoned o
                     WHERE o.email_normalized = c.email_normalized
                       AND o.id <> c.id AND o.reason IS NULL)
    """
)

# Rows of a mailing that are looked at one by one, so to say; for more of them the
# whole mailing is read in one go.
FEW_ROWS = 20_000

# Rows that are written in one go: for many more, Odoo would think that a job hangs.
MANY_ROWS = 200_000

# A transaction that was running while a mailing was judged may have changed records
# that were not seen; such changes are looked for this much further back.
LONGEST_TRANSACTION = timedelta(minutes=5)


class MailjetLedger(models.AbstractModel):
    """Judges, marks and counts the recipients of a mailing, by SQL over whole sets.

    Every row has one verdict and at most one reason, so that the figures of a mailing
    always add up to the rows loaded.
    """

    _name = "mailjet.ledger"
    _description = "Mass Mailing Ledger"

    # === WHAT CHANGED === #

    @api.model
    def _refresh(self, mailing):
        """Read every row's record again and judge every row."""
        self._refresh_records(mailing)
        self._judge(mailing)
        mailing.sudo().refreshed_date = self.env.cr.now()

    @api.model
    def _refresh_changed(self, mailing):
        """Do the same for what has changed since it was last done, which takes the
        same time whatever the number of rows."""
        since = mailing.refreshed_date
        is_reminder = mailing.follow_up_kind == "reminder"
        if not since or is_reminder or self._has_pressure_moved(mailing, since):
            return self._refresh(mailing)
        since -= LONGEST_TRANSACTION
        changed = self._find_changed(mailing, since)
        if len(changed) > FEW_ROWS:
            return self._refresh(mailing)
        if changed:
            before = self._with_same_address(mailing, changed)
            self._refresh_records(mailing, changed)
            self._judge(mailing, before)
        mailing.sudo().refreshed_date = self.env.cr.now()
        return None

    @api.model
    def _update_after_unsubscribe(self, emails):
        """Judge the rows of these addresses again, in mailings still in preparation."""
        rows = self.env["mailjet.recipient"].search(
            [
                ("mailing_id.state", "in", EDITABLE_STATES),
                ("email_normalized", "in", emails),
            ]
        )
        for mailing, of_mailing in rows.grouped("mailing_id").items():
            self._judge(mailing, of_mailing.ids)

    @api.model
    def _find_changed(self, mailing, since):
        """Return the ids of rows whose record, or whose address's refusals or place on
        the blacklist, were changed since then."""
        self.env.flush_all()
        arguments = {"mailing": mailing.id, "since": since}
        queries = [
            SQL(
                """
                SELECT r.id FROM mailjet_recipient r JOIN %(table)s s ON s.id = %(link)s
                 WHERE r.mailing_id = %(mailing)s AND s.write_date >= %(since)s
                """,
                table=SQL.identifier(self.env[model]._table),
                link=SQL.identifier("r", source["link"]),
                **arguments,
            )
            for model, source in SOURCES.items()
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
                  JOIN mail_blacklist b ON b.email = r.email_normalized
                 WHERE r.mailing_id = %(mailing)s AND b.write_date >= %(since)s
                """,
                **arguments,
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
        return [
            row_id
            for (row_id,) in self.env.execute_query(
                SQL("%s LIMIT %s", SQL(" UNION ").join(queries), FEW_ROWS + 1)
            )
        ]

    @api.model
    def _has_pressure_moved(self, mailing, since):
        """Return whether another mailing has come into, or dropped out of, the days in
        which nobody is mailed twice."""
        if not mailing.pressure_days:
            return False
        now = fields.Datetime.now()
        window = timedelta(days=mailing.pressure_days)
        moved = [
            "|",
            ("sent_date", ">=", since - LONGEST_TRANSACTION),
            "&",
            ("sent_date", ">=", since - window - LONGEST_TRANSACTION),
            ("sent_date", "<=", now - window),
        ]
        return bool(
            self.env["mailjet.mailing"]
            .sudo()
            .with_context(active_test=False)
            .search_count([("company_id", "=", mailing.company_id.id), *moved], limit=1)
        )

    # === THE RECORDS BEHIND THE ROWS === #

    @api.model
    def _record_issue(self, model):
        """Return the SQL that tells what is wrong with a record ``s`` of the model.

        Odoo makes an address of part of a text such as "two words@example.com"; such
        a text is invalid here.
        """
        return SQL(
            """
            CASE WHEN NOT s.active THEN 'archived'
                 WHEN COALESCE(btrim(%(email)s, %(space)s), '') = '' THEN 'no_email'
                 WHEN s.email_normalized IS NULL
                   OR s.email_normalized !~ %(pattern)s
                   OR (%(email)s <> s.email_normalized
                       AND lower(btrim(%(email)s, %(space)s))
                           <> lower(s.email_normalized)
                       AND %(email)s !~ '[<,;]') THEN 'invalid_email'
             END
            """,
            email=SQL.identifier("s", SOURCES[model]["email"]),
            space=" \t\r\n",
            pattern=EMAIL_PATTERN,
        )

    @api.model
    def _refresh_records(self, mailing, row_ids=None, only_issue=False):
        """Bring rows up to date with their records; those of a deleted record keep
        the name and address they had.

        :param row_ids: by default every row of the mailing
        :param only_issue: leave names and addresses as they were handed to Mailjet
        """
        self.env.flush_all()
        rows = SQL("TRUE") if row_ids is None else SQL("r.id = ANY(%s)", row_ids)
        for model, source in SOURCES.items():
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
                   AND r.partner_id IS NULL AND r.lead_id IS NULL AND %s
                """,
                mailing.id,
                rows,
            )
        )
        self.env["mailjet.recipient"].invalidate_model(
            ["name", "email", "email_normalized", "record_issue"]
        )

    # === VERDICTS === #

    @api.model
    def _judge(self, mailing, row_ids=None, only_stricter=False):
        """Give rows their verdict and their one reason, in one statement, and count.

        Of the rows that could be mailed at one address the first keeps it and the
        others are its duplicates.

        :param row_ids: only these rows and the others of their addresses; by default
            the whole mailing. An address is always judged as a whole.
        :param only_stricter: the list at Mailjet is made: take out who may not be
            mailed any more, unless another row of the address may, and let none in
        """
        self.env.flush_all()
        if row_ids is not None:
            row_ids = self._with_same_address(mailing, row_ids)
        self.env["mailjet.consent.key"]._recall_recipients(mailing, row_ids)
        reasons = SQL(" ").join(
            SQL("WHEN %s THEN %s", CONDITIONS[reason], reason)
            for reason, _label in EXCLUSION_REASONS
            if reason in CONDITIONS
        )
        self.env.cr.execute(
            SQL(
                """
                WITH facts AS (%(facts)s),
                reasoned AS (
                    SELECT id, email_normalized, old_reason,
                           CASE %(reasons)s END AS reason
                      FROM facts
                ), kept AS (
                    SELECT email_normalized, min(id) AS id FROM reasoned
                     WHERE reason IS NULL
                  GROUP BY email_normalized HAVING count(*) > 1
                ), judged AS (
                    SELECT r.id, r.email_normalized, r.old_reason,
                           CASE WHEN r.reason IS NULL AND r.id > k.id
                                THEN 'duplicate' ELSE r.reason END AS reason
                      FROM reasoned r LEFT JOIN kept k USING (email_normalized)
                ), changed AS (
                    SELECT id, c.reason FROM judged c
                     WHERE c.reason IS DISTINCT FROM c.old_reason AND %(change)s
                )
                UPDATE mailjet_recipient r
                   SET exclusion_reason = c.reason,
                       verdict = CASE WHEN c.reason IS NULL
                                      THEN 'send' ELSE 'excluded' END
                  FROM changed c WHERE c.id = r.id
                """,
                facts=self._facts(mailing, row_ids),
                reasons=reasons,
                change=STRICTER if only_stricter else SQL("TRUE"),
            )
        )
        self.env["mailjet.recipient"].invalidate_model(["verdict", "exclusion_reason"])
        self._update_counts(mailing)

    @api.model
    def _tick(self, mailing, query, selected):
        """Tick or untick the rows of a query, and judge them again.

        Unticked comes before every other reason, so one statement writes the verdict
        as well; of ticked rows, most can be mailed, and the others are judged.
        """
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL(
                """
                WITH ticked AS (
                    UPDATE mailjet_recipient
                       SET selected = %(selected)s,
                           verdict = %(verdict)s, exclusion_reason = %(reason)s
                     WHERE id IN %(ids)s AND selected IS DISTINCT FROM %(selected)s
                 RETURNING id
                )
                SELECT id FROM ticked LIMIT %(limit)s
                """,
                selected=selected,
                verdict="send" if selected else "excluded",
                reason=None if selected else "unticked",
                ids=query.subselect(),
                limit=FEW_ROWS + 1,
            )
        )
        self.env["mailjet.recipient"].invalidate_model()
        ticked = [row_id for (row_id,) in rows]
        self._judge(mailing, ticked if len(ticked) <= FEW_ROWS else None)

    @api.model
    def _facts(self, mailing, row_ids):
        """Return the query that brings together what the reasons depend on: what the
        rows say themselves, and what is known of their addresses."""
        return SQL(
            """
            SELECT r.id, r.email_normalized, r.exclusion_reason AS old_reason,
                   r.selected, r.record_issue,
                   COALESCE(u.cause, k.cause) AS cause,
                   b.email IS NOT NULL AS blacklisted,
                   x.email_normalized IS NOT NULL AS left_out,
                   t.email_normalized IS NOT NULL AS recent,
                   %(answered)s AS answered
              FROM mailjet_recipient r
         LEFT JOIN (%(refusing)s) u ON u.email = r.email_normalized
         LEFT JOIN (%(marked)s) k ON k.res_id = COALESCE(r.partner_id, r.lead_id)
               AND k.is_lead = (r.lead_id IS NOT NULL)
         LEFT JOIN mail_blacklist b ON b.email = r.email_normalized AND b.active
         LEFT JOIN (SELECT DISTINCT email_normalized FROM mailjet_exclusion
                     WHERE mailing_id = %(mailing)s) x
                ON x.email_normalized = r.email_normalized
         LEFT JOIN (%(recent)s) t ON t.email_normalized = r.email_normalized
             WHERE r.mailing_id = %(mailing)s AND %(rows)s
            """,
            refusing=self.env["mailjet.consent"]._strongest(
                None if row_ids is None else self._addresses(row_ids)
            ),
            marked=self.env["mailjet.consent"]._marked(),
            recent=self._recent(mailing),
            answered=self.env["mailjet.follow.up"]._has_answered(mailing),
            mailing=mailing.id,
            rows=SQL("TRUE") if row_ids is None else SQL("r.id = ANY(%s)", row_ids),
        )

    @api.model
    def _analyze(self):
        """Let PostgreSQL know of many new rows at once: of a mailing that it has never
        heard of, it would look every row up by itself."""
        self.env.cr.execute("ANALYZE mailjet_recipient")

    @api.model
    def _addresses(self, row_ids):
        """Return the query of the addresses of rows."""
        return SQL(
            "SELECT email_normalized FROM mailjet_recipient WHERE id = ANY(%s)", row_ids
        )

    @api.model
    def _recent(self, mailing):
        """Return the query of the addresses that got another mailing of the company in
        the last days."""
        if not mailing.pressure_days:
            return SQL("SELECT NULL::varchar AS email_normalized WHERE FALSE")
        return SQL(
            """
            SELECT DISTINCT o.email_normalized
              FROM mailjet_mailing m JOIN mailjet_recipient o ON o.mailing_id = m.id
             WHERE m.id <> ALL(%s) AND m.company_id = %s AND m.sent_date >= %s
               AND o.status IN %s AND o.email_normalized IS NOT NULL
            """,
            (mailing | mailing._get_family()).ids,
            mailing.company_id.id,
            fields.Datetime.now() - timedelta(days=mailing.pressure_days),
            DEPARTED_STATUSES,
        )

    @api.model
    def _with_same_address(self, mailing, row_ids):
        """Return the ids of these rows and of every other row of their addresses."""
        rows = self.env.execute_query(
            SQL(
                """
                SELECT unnest(%(ids)s::int[])
                 UNION
                SELECT o.id FROM mailjet_recipient r
                  JOIN mailjet_recipient o USING (email_normalized, mailing_id)
                 WHERE r.id = ANY(%(ids)s) AND r.mailing_id = %(mailing)s
                """,
                ids=list(row_ids),
                mailing=mailing.id,
            )
        )
        return [row_id for (row_id,) in rows]

    # === FIGURES === #

    @api.model
    def _update_counts(self, mailing):
        """Store the mailing's figures, all from one grouped query."""
        groups = (
            self.env["mailjet.recipient"]
            .sudo()
            ._read_group(
                [("mailing_id", "=", mailing.id)],
                ["kind", "exclusion_reason", "status"],
                ["__count"],
            )
        )
        kinds, reasons, statuses = Counter(), Counter(), Counter()
        for kind, reason, status, count in groups:
            kinds[kind] += count
            reasons[reason] += count
            statuses[status] += count
        planned = reasons.pop(False, 0)
        mailing.sudo().write(
            {
                "recipient_count": planned + reasons.total(),
                "planned_count": planned,
                "excluded_count": reasons.total(),
                **{
                    figure: sum(reasons[reason] for reason in counted)
                    for figure, counted in EXCLUSION_FIGURES.items()
                },
                **{figure: kinds[kind] for kind, figure in KIND_FIGURES.items()},
                "sent_count": sum(statuses[status] for status in DEPARTED_STATUSES),
                "failed_count": statuses["failed"],
            }
        )

    # === STATUSES === #

    @api.model
    def _mark_sent(self, mailing):
        """Mark rows that were in the list when the campaign departed, as many as one
        transaction should, and return whether there may be others."""
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                """
                UPDATE mailjet_recipient SET status = 'sent' WHERE id IN (
                    SELECT id FROM mailjet_recipient
                     WHERE mailing_id = %s AND status = 'outgoing'
                     LIMIT %s)
                """,
                mailing.id,
                MANY_ROWS,
            )
        )
        is_full = self.env.cr.rowcount == MANY_ROWS
        self.env["mailjet.recipient"].invalidate_model(["status"])
        if not is_full:
            self._update_counts(mailing)
        return is_full

    @api.model
    def _release(self, mailing):
        """Let the rows of a sending that was given up wait for another one."""
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                """
                UPDATE mailjet_recipient
                   SET status = 'pending', failure_reason = NULL
                 WHERE mailing_id = %s AND status <> 'pending'
                """,
                mailing.id,
            )
        )
        self.env["mailjet.recipient"].invalidate_model(["status", "failure_reason"])
        self._update_counts(mailing)
