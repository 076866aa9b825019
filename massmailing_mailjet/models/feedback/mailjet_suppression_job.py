import logging
from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

from ...exceptions import MailjetNotFoundError
from ...tools.mailjet_vocabulary import FINAL_IMPORT_STATUSES

_logger = logging.getLogger(__name__)

# How long to wait for a Mailjet job, and how long until its first check.
JOB_TIME = timedelta(hours=1)
JOB_DELAY = timedelta(minutes=5)


class MailjetSuppression(models.Model):
    """Tracks the jobs in which Mailjet excludes addresses or allows them again."""

    _inherit = "mailjet.suppression"

    @api.model
    def _note_job(self, account, job_id, emails, excluded):
        """Record a Mailjet job until its result is known.

        :param bool excluded: whether it excludes the addresses, or allows them again
        """
        now = fields.Datetime.now()
        job = {"emails": emails, "excluded": excluded, "date": str(now)}
        account = account.sudo()
        account.exclusion_jobs = {**(account.exclusion_jobs or {}), job_id: job}
        self.env.ref("massmailing_mailjet.ir_cron_sync")._trigger(now + JOB_DELAY)

    @api.model
    def _check_jobs(self, account, client):
        """Get the results of the running Mailjet jobs, and reset our rows of those that
        failed, so that they are requested again.

        :return: whether no job is left to wait for
        :raise MailjetError: if Mailjet cannot be called
        """
        account = account.sudo()
        waiting = {}
        for job_id, job in (account.exclusion_jobs or {}).items():
            status = self._ask_job(client, job_id)
            needs_confirmation = fields.Datetime.now() > (
                fields.Datetime.to_datetime(job["date"]) + JOB_TIME
            )
            if status not in FINAL_IMPORT_STATUSES and not needs_confirmation:
                waiting[job_id] = job
            elif status != "Completed":
                _logger.warning("Exclusion job %s ended with %s.", job_id, status)
                self._undo_job(account, job)
        if waiting != (account.exclusion_jobs or {}):
            account.exclusion_jobs = waiting or False
        if waiting:
            cron = self.env.ref("massmailing_mailjet.ir_cron_sync")
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
        """Restore our rows to the state at Mailjet after a job has failed."""
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
        """Remove erased addresses from the jobs, so that a failed job is not repeated
        for them."""
        for account in accounts.filtered("exclusion_jobs"):
            account.exclusion_jobs = {
                job_id: {
                    **job,
                    "emails": [email for email in job["emails"] if email not in emails],
                }
                for job_id, job in account.exclusion_jobs.items()
            }
