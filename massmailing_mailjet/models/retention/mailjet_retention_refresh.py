import time
from datetime import timedelta
from functools import partial

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.tools import SQL

from ...const import SENT_STATUSES
from ..attempt import attempt
from .const import ANSWER_DAYS, ENDED_BY_CONTACT
from .mailjet_mailing_retention import STAYING

# Addresses whose contacts are read in one transaction.
PORTION = 20_000
RUN_SECONDS = 45
# A search that is this young is not repeated by the cron.
FRESH = timedelta(hours=12)


class MailjetRetention(models.Model):
    """Keeps the list of a company equal to the contacts of its prospects: portion by
    portion, each in a transaction of its own."""

    _inherit = "mailjet.retention"

    @api.model
    def _refresh_soon(self, companies):
        """Let the cron search the prospects of companies."""
        companies.sudo().mailjet_retention_date = False
        self.env.ref("massmailing_mailjet.ir_cron_retention")._trigger()

    @api.model
    def _cron_refresh(self):
        """Search the prospects of every company whose last search is not of today;
        failures are logged and retried the next time."""
        deadline = time.monotonic() + RUN_SECONDS
        due = fields.Datetime.now() - FRESH
        companies = self.env["res.company"].search(
            [
                ("mailjet_retention_months", ">", 0),
                "|",
                ("mailjet_retention_date", "=", False),
                ("mailjet_retention_date", "<", due),
            ]
        )
        for company in companies:
            attempt(company, partial(self._refresh, deadline=deadline))
            self.env["ir.cron"]._commit_progress(1)

    @api.model
    def _refresh(self, company, deadline):
        """Search the prospects of a company, from where the last run has stopped.

        :param float deadline: time of the monotonic clock after which the rest is left
            to another run
        """
        while emails := self._get_next(company, company.mailjet_retention_cursor):
            self._refresh_addresses(company, emails)
            company.mailjet_retention_cursor = emails[-1]
            self.env["ir.cron"]._commit_progress()
            if time.monotonic() > deadline:
                self.env.ref("massmailing_mailjet.ir_cron_retention")._trigger()
                return
        self._advance(company)
        company.mailjet_retention_cursor = False
        company.mailjet_retention_date = fields.Datetime.now()

    @api.model
    def _get_next(self, company, after):
        """Return the next addresses of records and of the list, in their order."""
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT email FROM (
                    (%(partners)s) UNION (%(leads)s) UNION (%(listed)s)) f
                 ORDER BY email LIMIT %(limit)s
                """,
                limit=PORTION,
                **{
                    name: SQL(
                        """
                        SELECT DISTINCT %(email)s AS email FROM %(table)s
                         WHERE %(email)s > %(after)s
                           AND (company_id IS NULL OR company_id = %(company)s)
                      ORDER BY 1 LIMIT %(limit)s
                        """,
                        email=SQL.identifier(email),
                        table=SQL.identifier(table),
                        after=after or "",
                        company=company.id,
                        limit=PORTION,
                    )
                    for name, table, email in (
                        ("partners", "res_partner", "email_normalized"),
                        ("leads", "crm_lead", "email_normalized"),
                        ("listed", "mailjet_retention", "email"),
                    )
                },
            )
        )
        return [email for (email,) in rows]

    @api.model
    def _get_limit(self, company):
        """Return the time since which a contact is recent."""
        months = company.mailjet_retention_months
        return fields.Datetime.now() - relativedelta(months=months)

    @api.model
    def _refresh_addresses(self, company, emails):
        """List the prospects among addresses who are without contact, and take those
        out who are in contact again; whoever was asked before is remembered.

        Both parts read the list as it was before: none of their rows is the other's.
        """
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                """
                WITH prospect AS MATERIALIZED (%(prospects)s),
                dropped AS (
                    DELETE FROM mailjet_retention t
                     WHERE t.company_id = %(company)s AND t.email = ANY(%(emails)s)
                       AND NOT EXISTS (
                           SELECT FROM prospect p WHERE p.email = t.email
                              AND (t.state IN %(remembered)s OR p.date < %(since)s))
                )
                INSERT INTO mailjet_retention AS t (
                       company_id, email, state, last_contact_date, contact_kind,
                       record_count)
                SELECT %(company)s, p.email, 'found', p.date, p.kind, p.record_count
                  FROM prospect p
                 WHERE p.date < %(since)s OR EXISTS (
                       SELECT FROM mailjet_retention k
                        WHERE k.company_id = %(company)s AND k.email = p.email
                          AND k.state IN %(remembered)s)
                    ON CONFLICT (company_id, email) WHERE email IS NOT NULL DO UPDATE
                   SET last_contact_date = EXCLUDED.last_contact_date,
                       contact_kind = EXCLUDED.contact_kind,
                       record_count = EXCLUDED.record_count, %(changes)s
                 WHERE t.state = 'kept' OR EXCLUDED.last_contact_date >= %(since)s
                    OR (t.last_contact_date, t.contact_kind, t.record_count)
                       IS DISTINCT FROM (EXCLUDED.last_contact_date,
                           EXCLUDED.contact_kind, EXCLUDED.record_count)
                """,
                prospects=self._find_prospects(company, emails),
                company=company.id,
                emails=emails,
                remembered=ENDED_BY_CONTACT,
                since=self._get_limit(company),
                changes=self._set_state(company),
            )
        )
        self.invalidate_model()

    @api.model
    def _forget_clicks(self, emails):
        """Look again for the last contacts of addresses of which it was a click that
        may be erased by now, in every company: the list must not tell of it."""
        rows = self.search([("email", "in", emails), ("contact_kind", "=", "click")])
        for company, prospects in rows.grouped("company_id").items():
            self._refresh_addresses(company, prospects.mapped("email"))

    @api.model
    def _set_state(self, company):
        """Return the assignments to a row ``t`` of the list: a recent contact keeps the
        prospect, and the next silence is another one."""
        is_recent = SQL(
            "EXCLUDED.last_contact_date >= %s::timestamp", self._get_limit(company)
        )
        is_over = SQL("t.state = 'kept' AND NOT (%s)", is_recent)
        assignments = [
            SQL(
                """
                state = CASE WHEN %s THEN 'kept' WHEN t.state = 'kept' THEN 'found'
                             ELSE t.state END
                """,
                is_recent,
            ),
            *(
                SQL(
                    "%(name)s = CASE WHEN %(over)s THEN NULL ELSE t.%(name)s END",
                    name=SQL.identifier(name),
                    over=is_over,
                )
                for name in ("mailing_id", "asked_date")
            ),
        ]
        return SQL(", ").join(assignments)

    # === FROM STATE TO STATE === #

    @api.model
    def _advance(self, company):
        """Note who was asked, whose time to answer is over, and who has opted out and
        cannot be asked."""
        opted_out = SQL(
            "t.email IN (%s UNION SELECT email FROM mail_blacklist WHERE active)",
            self.env["mailjet.consent"]._opted_out(),
        )
        over = fields.Datetime.now() - timedelta(days=ANSWER_DAYS)
        self._note_asked(company)
        for changes, condition in (
            (
                SQL("mailing_id = NULL"),
                SQL(
                    "t.state = 'found' AND t.mailing_id IN"
                    " (SELECT id FROM mailjet_mailing WHERE state = 'done')"
                ),
            ),
            (
                SQL("state = 'expired'"),
                SQL("t.state = 'asked' AND t.asked_date < %s", over),
            ),
            (SQL("state = 'expired'"), SQL("t.state = 'found' AND %s", opted_out)),
            (
                SQL("state = 'found'"),
                SQL(
                    "t.state = 'expired' AND t.asked_date IS NULL AND NOT (%s)",
                    opted_out,
                ),
            ),
        ):
            self._update(company, changes, condition)

    @api.model
    def _update(self, company, changes, condition):
        """Change the rows ``t`` of a company that match, and return how many."""
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                "UPDATE mailjet_retention t SET %s WHERE t.company_id = %s AND (%s)",
                changes,
                company.id,
                condition,
            )
        )
        self.invalidate_model()
        return self.env.cr.rowcount

    @api.model
    def _note_asked(self, company):
        """Note who was sent a mailing that asks, since the last contact: also those who
        were not in the list for a while, as their records were archived."""
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                """
                UPDATE mailjet_retention t
                   SET state = 'asked', mailing_id = m.id,
                       asked_date = COALESCE(c.sent_date, m.sent_date)
                  FROM mailjet_recipient r
                  JOIN mailjet_mailing m ON m.id = r.mailing_id
             LEFT JOIN mailjet_campaign c ON c.id = r.campaign_id
                 WHERE t.company_id = %(company)s AND t.state = 'found'
                   AND m.company_id = %(company)s AND m.purpose = %(purpose)s
                   AND r.email_normalized = t.email AND r.status IN %(sent)s
                   AND COALESCE(c.sent_date, m.sent_date) > t.last_contact_date
                """,
                company=company.id,
                purpose=STAYING,
                sent=SENT_STATUSES,
            )
        )
        self.invalidate_model()
