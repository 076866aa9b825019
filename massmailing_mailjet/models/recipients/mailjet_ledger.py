from collections import Counter
from datetime import datetime, timedelta

from odoo import api, fields, models
from odoo.tools import SQL

from ...const import (
    DEPARTED_STATUSES,
    EDITABLE_STATES,
    EXCLUSION_FIGURES,
    EXCLUSION_REASONS,
    KIND_FIGURES,
    RECORD_ISSUES,
)
from ...tools.addresses import (
    ADDRESS,
    LONG_LABEL,
    MAX_ADDRESS,
    MAX_LABEL,
    MAX_NAME,
    SPACES,
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
                     WHERE o.mailing_id = c.mailing_id
                       AND o.email_normalized = c.email_normalized
                       AND o.id <> c.id AND o.reason IS NULL)
    """
)

# The reasons that each figure of the verdicts counts; "send" stands for none.
FIGURE_REASONS = {
    "planned_count": ("send",),
    "excluded_count": tuple(reason for reason, _label in EXCLUSION_REASONS),
    **EXCLUSION_FIGURES,
}

# What tells an address of one mailing from all others.
MAILING_ADDRESS = "mailing_id, email_normalized"

# The array keeps PostgreSQL from reading the whole table where few rows change, which
# it can not foresee.
WRITE_VERDICTS = SQL(
    """
    UPDATE mailjet_recipient r
       SET exclusion_reason = c.reason,
           verdict = CASE WHEN c.reason IS NULL THEN 'send' ELSE 'excluded' END
      FROM changed c
     WHERE c.id = r.id AND r.id = ANY(ARRAY(SELECT id FROM changed))
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
    _description = "Verdicts on mass mailing recipients"

    # === WHAT CHANGED === #

    @api.model
    def _refresh(self, mailing):
        """Read every row's record again and judge every row."""
        self._refresh_records(mailing)
        self._judge(mailing, recount=False)
        mailing.sudo().refreshed_date = self.env.cr.now()

    @api.model
    def _refresh_changed(self, mailing):
        """Do the same for what has changed since it was last done, which takes the
        same time whatever the number of rows."""
        since = mailing.refreshed_date
        if not since or mailing.follow_up_kind == "reminder":
            return self._refresh(mailing)
        changed = self._find_changed(mailing, since - LONGEST_TRANSACTION)
        if len(changed) > FEW_ROWS:
            return self._refresh(mailing)
        before = self._with_same_address(changed) if changed else []
        if changed:
            self._refresh_records(mailing, changed)
        if self._has_pressure_moved(mailing, since):
            self._judge(mailing, recount=False)
        else:
            self._judge_rows(before)
        mailing.sudo().refreshed_date = self.env.cr.now()
        return None

    @api.model
    def _update_after_unsubscribe(self, emails):
        """Judge the rows of these addresses again, in mailings still in preparation."""
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT r.id, r.mailing_id FROM mailjet_recipient r
                  JOIN mailjet_mailing m ON m.id = r.mailing_id
                 WHERE r.email_normalized = ANY(%s) AND m.state IN %s
                """,
                list(emails),
                EDITABLE_STATES,
            )
        )
        if len(rows) <= FEW_ROWS:
            return self._judge_rows([row_id for row_id, _mailing_id in rows])
        mailing_ids = {mailing_id for _row_id, mailing_id in rows}
        for mailing in self.env["mailjet.mailing"].browse(mailing_ids):
            self._judge(mailing, recount=False)
        return None

    @api.model
    def _find_changed(self, mailing, since):
        """Return the ids of rows whose record, or whose address's refusals, were
        changed since then."""
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
        """Return the SQL that tells what is wrong with a record ``s`` of the model."""
        email = SQL.identifier("s", SOURCES[model]["email"])
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
        """Return the SQL for what ``tools.addresses`` calls ``names_address`` and
        ``is_address``.

        :param SQL email: what the record has for an address
        :param SQL normalized: what Odoo has made of it
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

    # === VERDICTS === #

    @api.model
    def _judge(self, mailing, only_stricter=False, recount=True):
        """Give every row of a mailing its verdict and its one reason, and count.

        :param only_stricter: the list at Mailjet is made: take out who may not be
            mailed any more, unless another row of the address may, and let none in
        :param recount: count even when no verdict changes, as rows were added, removed
            or changed otherwise
        """
        self.env.flush_all()
        self.env["mailjet.consent.key"]._recall_recipients(mailing)
        changed = self._changed(mailing, self._facts(mailing), only_stricter)
        self.env.cr.execute(SQL("%s %s", changed, WRITE_VERDICTS))
        if self.env.cr.rowcount or recount:
            self.env["mailjet.recipient"].invalidate_model(
                ["verdict", "exclusion_reason"]
            )
            self._update_counts(mailing)

    @api.model
    def _judge_rows(self, row_ids, only_stricter=False):
        """Judge these rows, and the others of their addresses in their mailings: an
        address is always judged as a whole.

        Nothing else is read, whatever the size of the mailings, and their figures move
        by the differences; who changes one of the rows, or one of the figures, at the
        same time makes the statement fail.

        :raise psycopg2.OperationalError: to be tried again in a new transaction
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
        facts = self._facts(mailings, row_ids, emails or [])
        self.env.cr.execute(
            SQL(
                """
                %(changed)s,
                written AS (%(write)s),
                totals AS (SELECT mailing_id, %(differences)s
                             FROM changed GROUP BY mailing_id)
                UPDATE mailjet_mailing m SET %(additions)s
                  FROM totals t WHERE t.mailing_id = m.id
                """,
                changed=self._changed(mailings, facts, only_stricter),
                write=WRITE_VERDICTS,
                differences=SQL(", ").join(
                    SQL(
                        """
                        count(*) FILTER (WHERE COALESCE(reason, 'send') IN %(counted)s)
                        - count(*) FILTER (WHERE COALESCE(old_reason, 'send')
                                                 IN %(counted)s) AS %(figure)s
                        """,
                        counted=counted,
                        figure=SQL.identifier(figure),
                    )
                    for figure, counted in FIGURE_REASONS.items()
                ),
                additions=SQL(", ").join(
                    SQL("%s = COALESCE(m.%s, 0) + t.%s", *[SQL.identifier(figure)] * 3)
                    for figure in FIGURE_REASONS
                ),
            )
        )
        self.env["mailjet.recipient"].invalidate_model(["verdict", "exclusion_reason"])
        self.env["mailjet.mailing"].invalidate_model([*FIGURE_REASONS])

    @api.model
    def _changed(self, mailings, facts, only_stricter):
        """Return the beginning of a statement, with the rows whose reason is another
        one now: ``changed`` of ``id``, ``mailing_id``, ``old_reason`` and ``reason``.

        Of the rows that could be mailed at one address the first keeps it and the
        others are its duplicates.

        The whole statement that judges mailing 7, which is for nobody who got another
        one since May 1st::

            WITH facts AS (
                SELECT r.id, r.mailing_id, r.email_normalized,
                       r.exclusion_reason AS old_reason, r.selected, r.record_issue,
                       COALESCE(a.cause, k.cause) AS cause,
                       a.blacklisted, o.left_out, o.recent, FALSE AS answered
                  FROM mailjet_recipient r
             LEFT JOIN (addresses that refuse every mailing, of the store and the
                        blacklist) a ON a.email_normalized = r.email_normalized
             LEFT JOIN (records without an address that refuse) k
                    ON r.email_normalized IS NULL AND …
             LEFT JOIN (addresses that mailing 7 leaves out, and those of other mailings
                        sent since May 1st) o ON o.email_normalized = r.email_normalized
                                             AND o.mailing_id = r.mailing_id
                 WHERE r.mailing_id = ANY('{7}')
            ), reasoned AS (
                SELECT id, mailing_id, email_normalized, old_reason,
                       CASE WHEN selected IS NOT TRUE THEN 'unticked'
                            WHEN cause = 'bounced' THEN 'bounced'
                            …
                            WHEN recent THEN 'recent' END AS reason
                  FROM facts
            ), kept AS (…), judged AS (…), changed AS (…)  -- as below
            UPDATE mailjet_recipient r
               SET exclusion_reason = c.reason, verdict = …
              FROM changed c
             WHERE c.id = r.id AND r.id = ANY(ARRAY(SELECT id FROM changed))

        For a few rows, every subquery is restricted to their addresses as well, and the
        figures are moved in place of the last part: see :meth:`_judge_rows`.

        :param facts: see :meth:`_facts`
        :param only_stricter: see :meth:`_judge`
        """
        reasons = SQL(" ").join(
            SQL("WHEN %s THEN %s", CONDITIONS[reason], reason)
            for reason, _label in EXCLUSION_REASONS
            if reason in CONDITIONS
        )
        return SQL(
            """
            WITH facts AS (%(facts)s),
            reasoned AS (
                SELECT id, mailing_id, email_normalized, old_reason,
                       CASE %(reasons)s END AS reason
                  FROM facts
            ), kept AS (
                SELECT %(address)s, min(id) AS id FROM reasoned
                 WHERE reason IS NULL GROUP BY %(address)s HAVING count(*) > 1
            ), judged AS (
                SELECT r.id, r.mailing_id, r.email_normalized, r.old_reason,
                       CASE WHEN r.reason IS NULL AND r.id > k.id
                            THEN 'duplicate' ELSE r.reason END AS reason
                  FROM reasoned r
             LEFT JOIN kept k USING (%(address)s)
            ), changed AS (
                SELECT id, mailing_id, old_reason, reason FROM judged c
                 WHERE c.reason IS DISTINCT FROM c.old_reason AND %(change)s
            )
            """,
            facts=facts,
            reasons=reasons,
            address=SQL("email_normalized" if len(mailings) == 1 else MAILING_ADDRESS),
            change=STRICTER if only_stricter else SQL("TRUE"),
        )

    @api.model
    def _tick(self, mailing, query, selected):
        """Tick or untick the rows of a query, and judge them again."""
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
        return self._judge_rows(row_ids)

    @api.model
    def _tick_many(self, mailing, query, selected):
        """Tick or untick a large part of a mailing.

        Unticked comes before every other reason, so one statement writes the verdict
        as well; of ticked rows, most can be mailed, and the others are judged.
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
        self._judge(mailing)

    @api.model
    def _facts(self, mailings, row_ids=None, emails=None):
        """Return the query that brings together what the reasons depend on: what the
        rows say themselves, and what is known of their addresses.

        :param row_ids: by default every row of the mailings
        :param emails: the addresses of these rows: nothing is read about any other
        """
        joins = [
            SQL(
                "LEFT JOIN (%s) a ON a.email_normalized = r.email_normalized",
                self._refusing(emails),
            )
        ]
        # An empty set is not joined: a million rows would be looked up in it.
        marked = self.env["mailjet.consent"]._marked()
        has_marked = self.env.execute_query(SQL("SELECT FROM (%s) k LIMIT 1", marked))
        if has_marked:
            joins.append(
                SQL(
                    """
                    LEFT JOIN (%s) k ON r.email_normalized IS NULL
                          AND k.res_id = COALESCE(r.partner_id, r.lead_id)
                          AND k.is_lead = (r.lead_id IS NOT NULL)
                    """,
                    marked,
                )
            )
        omitted = self._omitted(mailings, emails)
        if omitted:
            joins.append(
                SQL(
                    """
                    LEFT JOIN (%s) o ON o.email_normalized = r.email_normalized
                          AND o.mailing_id = r.mailing_id
                    """,
                    omitted,
                )
            )
        return SQL(
            """
            SELECT r.id, r.mailing_id, r.email_normalized,
                   r.exclusion_reason AS old_reason, r.selected, r.record_issue,
                   %(cause)s AS cause, a.blacklisted, %(left_out)s AS left_out,
                   %(recent)s AS recent, %(answered)s AS answered
              FROM mailjet_recipient r %(joins)s
             WHERE r.mailing_id = ANY(%(mailings)s) AND %(rows)s
            """,
            cause=SQL("COALESCE(a.cause, k.cause)" if has_marked else "a.cause"),
            left_out=SQL("o.left_out" if omitted else "FALSE"),
            recent=SQL("o.recent" if omitted else "FALSE"),
            answered=self._answered(mailings),
            joins=SQL(" ").join(joins),
            mailings=mailings.ids,
            rows=_among(SQL("r.id"), row_ids),
        )

    @api.model
    def _analyze(self):
        """Let PostgreSQL know of many new rows at once: of a mailing that it has never
        heard of, it would look every row up by itself."""
        self.env.cr.execute("ANALYZE mailjet_recipient")

    @api.model
    def _refusing(self, emails):
        """Return the query of the addresses that get no mass mailing at all: each once,
        with the ``cause`` for which, and whether it is ``blacklisted``."""
        among = None if emails is None else SQL("SELECT unnest(%s::text[])", emails)
        return SQL(
            """
            SELECT email AS email_normalized, min(cause) AS cause,
                   bool_or(blacklisted) AS blacklisted
              FROM (SELECT email, cause, FALSE AS blacklisted FROM (%(refusals)s) s
                 UNION ALL
                    SELECT email, NULL, TRUE FROM mail_blacklist
                     WHERE active AND %(blacklisted)s) refusals
          GROUP BY email
            """,
            refusals=self.env["mailjet.consent"]._strongest(among),
            blacklisted=_among(SQL("email"), emails),
        )

    @api.model
    def _omitted(self, mailings, emails):
        """Return the query of the addresses that one of the mailings is not for: each
        once a mailing, with whether it is ``left_out`` or was mailed ``recent``ly. None
        when there can be none."""
        queries = [
            SQL(
                "SELECT mailing_id, email_normalized, TRUE, FALSE"
                " FROM mailjet_exclusion WHERE mailing_id = %s AND %s",
                mailing.id,
                _among(SQL("email_normalized"), emails),
            )
            for mailing in mailings
            if "leave_out" in mailing.load_ids.mapped("mode")
        ]
        queries += [
            SQL(
                "SELECT %s, o.email_normalized, FALSE, TRUE %s AND %s",
                mailing.id,
                self._from_recent(mailing),
                _among(SQL("o.email_normalized"), emails),
            )
            for mailing in mailings
            if mailing.pressure_days
        ]
        if not queries:
            return None
        return SQL(
            """
            SELECT mailing_id, email_normalized, bool_or(left_out) AS left_out,
                   bool_or(recent) AS recent
              FROM (%s) omissions (mailing_id, email_normalized, left_out, recent)
          GROUP BY mailing_id, email_normalized
            """,
            SQL(" UNION ALL ").join(queries),
        )

    @api.model
    def _from_recent(self, mailing):
        """Return the part of a query that finds the rows ``o`` of other mailings ``m``
        of the company that were mailed in the last days: before now, or before the
        mailing was sent."""
        until = mailing.sent_date or fields.Datetime.now()
        family = mailing._get_family() if mailing.origin_id else mailing
        return SQL(
            """
              FROM mailjet_mailing m JOIN mailjet_recipient o ON o.mailing_id = m.id
             WHERE m.id <> ALL(%s) AND m.company_id = %s
               AND m.sent_date >= %s AND m.sent_date <= %s
               AND o.status IN %s AND o.email_normalized IS NOT NULL
            """,
            (mailing | family).ids,
            mailing.company_id.id,
            until - timedelta(days=mailing.pressure_days),
            mailing.sent_date or datetime.max,
            DEPARTED_STATUSES,
        )

    @api.model
    def _find_recent(self, mailing, emails):
        """Return the ids of the last mailings for which addresses are left out of a
        mailing, by address."""
        if not mailing.pressure_days:
            return {}
        rows = self.env.execute_query(
            SQL(
                """
                SELECT DISTINCT ON (o.email_normalized) o.email_normalized, m.id %s
                   AND %s ORDER BY o.email_normalized, m.sent_date DESC, m.id DESC
                """,
                self._from_recent(mailing),
                _among(SQL("o.email_normalized"), emails),
            )
        )
        return dict(rows)

    @api.model
    def _answered(self, mailings):
        """Return the condition for a row ``r`` of a reminder to somebody who has
        answered since."""
        conditions = [
            SQL(
                "(r.mailing_id = %s AND %s)",
                mailing.id,
                self.env["mailjet.follow.up"]._has_answered(mailing),
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
                SELECT o.id FROM mailjet_recipient r
                  JOIN mailjet_recipient o USING (email_normalized, mailing_id)
                 WHERE r.id = ANY(%(ids)s)
                """,
                ids=list(row_ids),
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


def _among(column, values):
    """Return the SQL of whether a column has one of some values; None: any value."""
    return SQL("TRUE") if values is None else SQL("%s = ANY(%s)", column, list(values))
