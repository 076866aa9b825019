import logging
from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

from ..const import FINAL_IMPORT_STATUSES
from ..exceptions import MailjetNotFoundError
from ..tools.mailjet_dates import parse_date

_logger = logging.getLogger(__name__)

# Addresses that Mailjet is told of in one call.
PUSH_ROWS = 1_000

# How often Mailjet is asked how many contacts it excludes; and how often whom, where
# their number is the same.
COUNT_INTERVAL = timedelta(hours=1)
READ_INTERVAL = timedelta(days=1)

# For how long a job of Mailjet's is waited for, and how long until it is asked about.
JOB_TIME = timedelta(hours=1)
JOB_DELAY = timedelta(minutes=5)


class MailjetSuppression(models.Model):
    """An address that gets no campaign of an account, as Mailjet said last, or as it
    was told."""

    _name = "mailjet.suppression"
    _description = "Mailjet Exclusion"
    _order = "email"
    _rec_name = "email"
    _log_access = False

    account_id = fields.Many2one(
        "mailjet.account", required=True, ondelete="cascade", readonly=True
    )
    email = fields.Char(string="Address", required=True, readonly=True)
    excluded_date = fields.Datetime(string="Excluded on", readonly=True)
    origin = fields.Selection(
        [("mailjet", "Mailjet"), ("odoo", "Odoo")],
        string="Excluded by",
        required=True,
        readonly=True,
    )

    seen_date = fields.Datetime(
        string="Confirmed on",
        readonly=True,
        help="When Mailjet was last asked for all exclusions and named this one.",
    )

    _account_email_uniq = models.UniqueIndex("(account_id, email)")

    # === WHAT MAILJET SAYS === #

    @api.model
    def _is_due(self, account, client):
        """Return whether all exclusions are to be read, or are being read: not while
        Mailjet still works on what it was told, and not where their number says that
        nothing has changed since they were last read.

        :raise MailjetError: when Mailjet cannot be asked
        """
        if not self._check_jobs(account, client):
            return False
        if account._is_reading_suppressions():
            return True
        now, last = fields.Datetime.now(), account.suppressions_date
        if last and now < last + COUNT_INTERVAL:
            return False
        begun = account.suppressions_start
        if last and begun and now < begun + READ_INTERVAL:
            if client.count_excluded_contacts() == account.suppressions_count:
                account.suppressions_date = now
                return False
        account.write({"suppressions_start": now, "suppressions_offset": 0})
        return True

    @api.model
    def _fetch_page(self, account, client):
        """Take over the next page of Mailjet's exclusions, and return whether there are
        more. A run that is stopped goes on from there.

        :raise MailjetError: when Mailjet cannot be asked
        """
        offset = account.suppressions_offset
        contacts, count, has_more = client.get_excluded_contacts(offset)
        rows = [(email, parse_date(date)) for email, date in contacts]
        self._tighten(self._take_over(account, rows, account.suppressions_start))
        offset += count
        account.suppressions_offset = offset
        if not has_more:
            self._finish(account, offset, client.count_excluded_contacts())
        return has_more

    @api.model
    def _tighten(self, rows):
        """Let the addresses that Mailjet has come to exclude refuse mass mailings."""
        self.env["mailjet.consent"]._tighten(
            {
                "email": email,
                "cause": "unsubscribed",
                "date": date or fields.Datetime.now(),
                "comment": self.env._("Excluded from all campaigns."),
            }
            for email, date in rows
        )

    @api.model
    def _take_over(self, account, rows, start):
        """Add the exclusions of one page that we do not have, and return these.

        :param rows: Mailjet's, as pairs of address and date (or None)
        :param datetime start: when the reading of all pages has begun
        """
        emails, dates = (
            (list(part) for part in zip(*rows, strict=True)) if rows else ([], [])
        )
        self.env.flush_all()
        new = self.env.execute_query(
            SQL(
                """
                WITH found AS (
                    SELECT * FROM unnest(%(emails)s::text[], %(dates)s::timestamp[])
                               AS f (email, date)
                ), seen AS (
                    UPDATE mailjet_suppression s SET seen_date = %(start)s
                      FROM found f
                     WHERE s.account_id = %(account)s AND s.email = f.email
                )
                INSERT INTO mailjet_suppression
                       (account_id, email, excluded_date, origin, seen_date)
                SELECT %(account)s, email, date, 'mailjet', %(start)s FROM found
                    ON CONFLICT (account_id, email) DO NOTHING
             RETURNING email, excluded_date
                """,
                account=account.id,
                emails=emails,
                dates=dates,
                start=start,
            )
        )
        self.invalidate_model()
        return new

    @api.model
    def _finish(self, account, count, total):
        """Note that all pages were read, and forget what none of them held. Where
        Mailjet has as many as were read, none was missed between two pages.

        :param int count: how many were read
        :param int total: how many there are
        """
        is_whole = count == total
        account.write(
            {
                "suppressions_date": fields.Datetime.now(),
                "suppressions_offset": 0,
                "suppressions_end": fields.Datetime.now(),
                "suppressions_count": total if is_whole else -1,
            }
        )
        if is_whole:
            self._forget(account)

    @api.model
    def _forget(self, account):
        """Delete what Mailjet excludes no more."""
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                """
                DELETE FROM mailjet_suppression
                 WHERE account_id = %s AND (seen_date IS NULL OR seen_date < %s)
                   AND (origin = 'mailjet' OR excluded_date < %s)
                """,
                account.id,
                account.suppressions_start,
                # What was pushed a moment ago may not be done at Mailjet yet.
                account.suppressions_start - JOB_TIME,
            )
        )
        self.invalidate_model()

    # === JOBS AT MAILJET === #

    @api.model
    def _note_job(self, account, job_id, emails, excluded):
        """Remember a job of Mailjet's until its result is known.

        :param bool excluded: whether it excludes the addresses, or lets them in again
        """
        now = fields.Datetime.now()
        job = {"emails": emails, "excluded": excluded, "date": str(now)}
        account = account.sudo()
        account.exclusion_jobs = {**(account.exclusion_jobs or {}), job_id: job}
        self.env.ref("massmailing_mailjet.ir_cron_pull")._trigger(now + JOB_DELAY)

    @api.model
    def _check_jobs(self, account, client):
        """Ask for the results of the jobs that Mailjet works on, and undo our rows of
        those that failed: they are made again.

        :return: whether there is none left to wait for
        :raise MailjetError: when Mailjet cannot be asked
        """
        account = account.sudo()
        waiting = {}
        for job_id, job in (account.exclusion_jobs or {}).items():
            status = self._ask_job(client, job_id)
            is_late = fields.Datetime.now() > (
                fields.Datetime.to_datetime(job["date"]) + JOB_TIME
            )
            if status not in FINAL_IMPORT_STATUSES and not is_late:
                waiting[job_id] = job
            elif status != "Completed":
                _logger.warning("Exclusion job %s ended with %s.", job_id, status)
                self._undo_job(account, job)
        if waiting != (account.exclusion_jobs or {}):
            account.exclusion_jobs = waiting or False
        if waiting:
            cron = self.env.ref("massmailing_mailjet.ir_cron_pull")
            cron._trigger(fields.Datetime.now() + JOB_DELAY)
        return not waiting

    @api.model
    def _ask_job(self, client, job_id):
        try:
            return client.get_exclusion_job(job_id).get("Status")
        except MailjetNotFoundError:
            return "Error"

    @api.model
    def _undo_job(self, account, job):
        """Make our rows say what holds at Mailjet, where a job has failed."""
        if job["excluded"]:
            statement = """
                DELETE FROM mailjet_suppression
                 WHERE account_id = %s AND origin = 'odoo' AND email = ANY(%s)
            """
        else:
            statement = """
                INSERT INTO mailjet_suppression (account_id, email, origin)
                SELECT %s, email, 'odoo' FROM unnest(%s::text[]) AS f (email)
                    ON CONFLICT (account_id, email) DO NOTHING
            """
        self.env.flush_all()
        self.env.cr.execute(SQL(statement, account.id, job["emails"]))
        self.invalidate_model()

    # === WHAT MAILJET IS TOLD === #

    @api.model
    def _push(self, account, client):
        """Tell Mailjet who refuses mass mailings in Odoo, and who was let in again.

        :return: whether there are more to tell
        :raise MailjetError: when Mailjet cannot be told
        """
        refusing = self._find_refusing(account)
        if refusing:
            job_id = client.exclude_contacts(refusing, True)
            self._note_job(account, job_id, refusing, True)
            self.create(
                [
                    {
                        "account_id": account.id,
                        "email": email,
                        "excluded_date": fields.Datetime.now(),
                        "origin": "odoo",
                    }
                    for email in refusing
                ]
            )
        returned = self._find_returned(account)
        if returned:
            emails = returned.mapped("email")
            job_id = client.exclude_contacts(emails, False)
            self._note_job(account, job_id, emails, False)
            returned.unlink()
        return PUSH_ROWS in (len(refusing), len(returned))

    @api.model
    def _refusing(self):
        """Return the query of the addresses that refuse mass mailings in Odoo."""
        return SQL(
            """
            SELECT email_normalized AS email FROM res_partner
             WHERE massmailing_unsubscribed AND email_normalized IS NOT NULL
         UNION
            SELECT email_normalized FROM crm_lead
             WHERE massmailing_unsubscribed AND email_normalized IS NOT NULL
         UNION
            SELECT email FROM mail_blacklist WHERE active
            """
        )

    @api.model
    def _find_refusing(self, account):
        """Return addresses that refuse, were mailed with this account, and are not
        excluded at Mailjet."""
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT f.email FROM (%(refusing)s) f
                 WHERE EXISTS (SELECT FROM mailjet_recipient r
                                 JOIN mailjet_mailing m ON m.id = r.mailing_id
                                WHERE r.email_normalized = f.email
                                  AND r.status NOT IN ('pending', 'failed')
                                  AND m.account_id = %(account)s)
                   AND NOT EXISTS (SELECT FROM mailjet_suppression s
                                    WHERE s.account_id = %(account)s
                                      AND s.email = f.email)
                 LIMIT %(limit)s
                """,
                refusing=self._refusing(),
                account=account.id,
                limit=PUSH_ROWS,
            )
        )
        return [email for (email,) in rows]

    @api.model
    def _find_returned(self, account):
        """Return our own exclusions of addresses that somebody has let in again; those
        that were made at Mailjet stay."""
        rows = self.env.execute_query(
            SQL(
                """
                SELECT id FROM mailjet_suppression s
                 WHERE account_id = %s AND origin = 'odoo'
                   AND NOT EXISTS (SELECT FROM (%s) f WHERE f.email = s.email)
                 LIMIT %s
                """,
                account.id,
                self._refusing(),
                PUSH_ROWS,
            )
        )
        return self.browse(row_id for (row_id,) in rows)
