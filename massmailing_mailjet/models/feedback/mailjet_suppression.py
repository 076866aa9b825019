import logging
from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

from ...const import FINAL_IMPORT_STATUSES
from ...exceptions import MailjetNotFoundError
from ...tools.mailjet_dates import parse_date

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
    _description = "Mailjet exclusion"
    _inherit = ["mailjet.owner.mixin"]
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

    todo = fields.Selection(
        [("exclude", "To exclude"), ("include", "To allow again")],
        string="Pending at Mailjet",
        readonly=True,
        help="The change that is requested from Mailjet.",
    )
    seen_date = fields.Datetime(
        string="Confirmed on",
        readonly=True,
        help="When Mailjet last listed this exclusion.",
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
        account.write(
            {
                "suppressions_start": now,
                "suppressions_offset": 0,
                "suppressions_count": client.count_excluded_contacts(),
            }
        )
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
        self._opt_out(self._take_over(account, rows, account.suppressions_start))
        offset += count
        account.suppressions_offset = offset
        if not has_more:
            self._finish(account, offset, client.count_excluded_contacts())
        return has_more

    @api.model
    def _opt_out(self, rows):
        """Let the addresses that Mailjet has come to exclude refuse mass mailings."""
        now = fields.Datetime.now()
        self.env["mailjet.consent"]._opt_out(
            [
                {"email": email, "cause": "unsubscribed", "date": date or now}
                for email, date in rows
            ],
            "suppression",
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
        Mailjet had as many before and after as were read, none was missed between two.

        :param int count: how many were read
        :param int total: how many there are
        """
        is_whole = count == total == account.suppressions_count
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
        self.env["mailjet.erasure"]._drop_suppressions(account)

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
                UPDATE mailjet_suppression SET todo = 'exclude', excluded_date = NULL
                 WHERE account_id = %s AND origin = 'odoo' AND email = ANY(%s)
            """
        else:
            statement = """
                INSERT INTO mailjet_suppression (account_id, email, origin, todo)
                SELECT %s, email, 'odoo', 'include' FROM unnest(%s::text[]) AS f (email)
                    ON CONFLICT (account_id, email) DO NOTHING
            """
        self.env.flush_all()
        self.env.cr.execute(SQL(statement, account.id, job["emails"]))
        self.invalidate_model()

    @api.model
    def _forget_jobs(self, accounts, emails):
        """Take erased addresses out of the jobs: of one that fails, nothing is made
        again for them."""
        for account in accounts.filtered("exclusion_jobs"):
            account.exclusion_jobs = {
                job_id: {
                    **job,
                    "emails": [email for email in job["emails"] if email not in emails],
                }
                for job_id, job in account.exclusion_jobs.items()
            }

    # === WHAT A PERSON HAS DECIDED === #

    @api.model
    def _queue(self, account, emails):
        """Let Mailjet exclude addresses soon, whatever the account's settings say."""
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO mailjet_suppression (account_id, email, origin, todo)
                SELECT %s, unnest(%s::text[]), 'odoo', 'exclude'
                    ON CONFLICT (account_id, email) DO NOTHING
                """,
                account.id,
                emails,
            )
        )
        self.invalidate_model()
        self.env["mailjet.pull"]._trigger_push()

    @api.model
    def _release(self, emails):
        """Let Mailjet take back soon what it was asked for by Odoo; what was excluded
        at Mailjet stays."""
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                """
                UPDATE mailjet_suppression SET todo = 'include'
                 WHERE origin = 'odoo' AND email = ANY(%s)
                """,
                emails,
            )
        )
        self.invalidate_model()

    @api.model
    def _keep_excluded(self, emails):
        """Let in again none of these: they refuse anew."""
        self.env.cr.execute(
            SQL(
                """
                UPDATE mailjet_suppression
                   SET todo = CASE WHEN excluded_date IS NULL THEN 'exclude' END
                 WHERE todo = 'include' AND email = ANY(%s)
                """,
                emails,
            )
        )
        self.invalidate_model()

    # === WHAT MAILJET IS TOLD === #

    @api.model
    def _push(self, account, client):
        """Tell Mailjet who refuses mass mailings in Odoo, and whom a person has let in
        again.

        :return: whether there are more to tell
        :raise MailjetError: when Mailjet cannot be told
        """
        self.env.flush_all()
        emails = self._find_refusing(account)
        if emails:
            job_id = client.exclude_contacts(emails, True)
            self._note_job(account, job_id, emails, True)
            self._note_excluded(account, emails)
        released = self._find_released(account)
        if released:
            freed = released.mapped("email")
            job_id = client.exclude_contacts(freed, False)
            self._note_job(account, job_id, freed, False)
            released.unlink()
        return PUSH_ROWS in (len(emails), len(released))

    @api.model
    def _note_excluded(self, account, emails):
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO mailjet_suppression AS s
                       (account_id, email, excluded_date, origin)
                SELECT %s, unnest(%s::text[]), %s, 'odoo'
                    ON CONFLICT (account_id, email) DO UPDATE
                   SET todo = NULL, excluded_date = EXCLUDED.excluded_date
                """,
                account.id,
                emails,
                fields.Datetime.now(),
            )
        )
        self.invalidate_model()

    @api.model
    def _find_refusing(self, account):
        """Return addresses that somebody wants to be excluded at Mailjet and, where the
        account says so, those that refuse, were mailed with it, and are not yet."""
        rows = self.env.execute_query(
            SQL(
                """
                SELECT email FROM mailjet_suppression
                 WHERE account_id = %(account)s AND todo = 'exclude'
             UNION
                SELECT f.email FROM (%(refusing)s) f
                 WHERE %(is_pushed)s
                   AND EXISTS (SELECT FROM mailjet_recipient r
                                 JOIN mailjet_mailing m ON m.id = r.mailing_id
                                WHERE r.email_normalized = f.email
                                  AND r.status NOT IN ('pending', 'failed')
                                  AND m.account_id = %(account)s)
                   AND NOT EXISTS (SELECT FROM mailjet_suppression s
                                    WHERE s.account_id = %(account)s
                                      AND s.email = f.email)
                 LIMIT %(limit)s
                """,
                refusing=self.env["mailjet.consent"]._refusing(),
                is_pushed=bool(account.push_exclusions),
                account=account.id,
                limit=PUSH_ROWS,
            )
        )
        return [email for (email,) in rows]

    @api.model
    def _find_released(self, account):
        """Return our own exclusions that a person has taken back."""
        rows = self.env.execute_query(
            SQL(
                """
                SELECT id FROM mailjet_suppression s
                 WHERE account_id = %s AND origin = 'odoo' AND todo = 'include'
                   AND NOT EXISTS (SELECT FROM (%s) f WHERE f.email = s.email)
                 LIMIT %s
                """,
                account.id,
                self.env["mailjet.consent"]._refusing(),
                PUSH_ROWS,
            )
        )
        return self.browse(row_id for (row_id,) in rows)
