import logging
from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

from ...exceptions import MailjetNotFoundError
from ...tools.mailjet_vocabulary import FINAL_IMPORT_STATUSES

_logger = logging.getLogger(__name__)

# For how long a job of Mailjet's is waited for, and how long until it is asked about.
JOB_TIME = timedelta(hours=1)
JOB_DELAY = timedelta(minutes=5)


class MailjetSuppression(models.Model):
    """Follows the jobs in which Mailjet excludes addresses or lets them in again."""

    _inherit = "mailjet.suppression"

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
