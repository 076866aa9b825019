import logging
from dataclasses import replace
from datetime import timedelta

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL
from odoo.tools.translate import LazyTranslate

from ...exceptions import (
    MailjetNoAnswerError,
    MailjetNotFoundError,
    MailjetRefusedError,
    MailjetTooLargeError,
)
from ...tools.mailjet_vocabulary import FINAL_IMPORT_STATUSES
from ...tools.size_limited_buffer import SizeLimitedBuffer
from ..sentence import say
from .const import SPARE, UPLOAD_BYTES
from .outcome import AGAIN, WAIT, Notice, Outcome, Then, retry

_logger = logging.getLogger(__name__)
_lt = LazyTranslate(__name__)

# The states of chunks that Mailjet has not imported yet.
OPEN_STATES = ("draft", "uploaded", "importing")

# How often a list of rejected rows is requested again if it has fewer than Mailjet has
# counted. After that, the count of the members tells what is missing.
ERROR_LOOKS = 5

# How long an import may make no progress before the responsible is notified. Large ones
# take hours, but progress meanwhile.
# https://dev.mailjet.com/email/guides/contact-management/
IMPORT_PATIENCE = timedelta(minutes=15)
# The values of Mailjet's row of an import that show its progress.
PROGRESS = ("Status", "Count", "Current", "Errcount")


class MailjetUpload(models.Model):
    """A chunk of a campaign's recipients, uploaded to Mailjet as a CSV and imported
    there by a job. Uploading the same chunk twice does no harm: Mailjet updates the
    contacts it knows.

    A chunk is a range of rows, so that its rows, up to a million, need not be updated.
    """

    _name = "mailjet.upload"
    _description = "Mailjet upload"
    _order = "campaign_id, first_row"

    campaign_id = fields.Many2one(
        "mailjet.campaign",
        string="Mailjet campaign",
        required=True,
        ondelete="cascade",
        index=True,
    )
    mailing_id = fields.Many2one(related="campaign_id.mailing_id")
    first_row = fields.Integer(required=True, help="ID of the chunk's first recipient.")
    last_row = fields.Integer(required=True, help="ID of the chunk's last recipient.")
    state = fields.Selection(
        [
            ("draft", "To upload"),
            ("uploaded", "Uploaded"),
            ("importing", "Importing"),
            ("done", "Imported"),
        ],
        required=True,
        default="draft",
    )
    data_id = fields.Char(string="Mailjet data ID")
    job_id = fields.Char(string="Mailjet job ID")
    error_looks = fields.Integer(
        help="How often an incomplete list of refused recipients was read."
    )
    progress = fields.Char(help="Progress of the import when it was last checked.")
    progress_date = fields.Datetime(help="Since when the progress has not changed.")

    # === CHUNKS === #

    def _mark_outgoing(self):
        """Mark the chunk's rows as outgoing: chunk by chunk, since one statement for a
        million rows would take longer than Odoo lets a cron run."""
        self.env["mailjet.recipient"]._mark_outgoing(self._get_range())

    def _get_range(self):
        """Return the SQL of the chunk's rows ``r``, whatever their status."""
        self.ensure_one()
        return self.campaign_id._get_rows((self.first_row, self.last_row))

    def _get_condition(self):
        """Return the SQL of the chunk's rows ``r`` that are outgoing."""
        return SQL("%s AND r.status = 'outgoing'", self._get_range())

    def _get_csv(self):
        """Return the chunk as UTF-8 bytes: the address and the values of the variables
        that the campaign uses, under the names of their properties. If the rows are too
        many for one upload, this chunk and those that follow become smaller ones."""
        message = self.campaign_id._get_message()
        content = SizeLimitedBuffer(UPLOAD_BYTES)
        self.env.flush_all()
        statement = SQL(
            "COPY (%s) TO STDOUT WITH (FORMAT csv, HEADER, ENCODING 'UTF8')",
            self.env["mailjet.variable.value"]._select(
                message.values, self._get_condition()
            ),
        )
        cursor = self.env.cr
        cursor.copy_expert(cursor.mogrify(statement.code, statement.params), content)
        if content.is_cut:
            self._end_after(content.count - 1)
        return content.getvalue()

    def _end_after(self, size):
        """Keep the first rows, and divide the rest, and what follows and was not
        uploaded yet, into chunks of about the same size."""
        (_first, last), *_others = self.env.execute_query(
            SQL(
                """
                SELECT min(id), max(id) FROM (
                    SELECT id FROM mailjet_recipient r WHERE %s ORDER BY id LIMIT %s) s
                """,
                self._get_condition(),
                size,
            )
        )
        following = self.campaign_id._get_uploads("draft") - self
        rest = SQL("r.id BETWEEN %s AND %s", last + 1, (self | following)[-1].last_row)
        self.last_row = last
        following.unlink()
        self.campaign_id._cut_uploads(rest, max(1, int(size * SPARE)))

    def _begin_again(self):
        """Upload the chunks once more."""
        self.write({"state": "draft", "error_looks": 0, "progress": False})

    def _halve(self, size):
        """Halve a chunk that Mailjet finds too large, and split all chunks that were
        not uploaded yet to the same size.

        :param int size: how many rows the chunk holds
        :raise UserError: if it holds a single row
        """
        if size <= 1:
            raise UserError(
                say(
                    self.env,
                    _lt(
                        "Mailjet does not accept even a single recipient at a time: "
                        "the values of the variables are too long. Nothing was sent."
                    ),
                )
            )
        self._mark_outgoing()
        self._end_after(size // 2)

    def _release(self):
        """Make the rows of abandoned chunks available for another send, and delete the
        chunks."""
        for upload in self:
            rows = upload._get_range()
            self.env["mailjet.recipient"]._release_rows(rows)
            if upload.campaign_id.is_part:
                self.env["mailjet.recipient"]._leave_campaign(rows)
        self.unlink()

    # === CALLS === #

    def _advance(self, client):
        """Make the next call for this chunk and return the outcome.

        Mailjet runs one import at a time for a list; meanwhile the next chunks are
        uploaded.
        """
        self.ensure_one()
        if self.state == "draft":
            self._hand_over(client)
        elif self.state == "uploaded":
            self._start_import(client)
        else:
            return self._wait_for_import(client)
        return AGAIN

    def _wait_for_import(self, client):
        outcome = self._finish_import(client)
        if self.state == "done":
            return outcome
        following = self.campaign_id._get_uploads("draft", limit=1)
        if following:
            following._hand_over(client)
            if outcome.then is Then.WAIT:
                outcome = replace(outcome, then=Then.AGAIN)
        return outcome

    def _hand_over(self, client):
        self._give_import_up(client)
        self._mark_outgoing()
        list_id, content = self.campaign_id.mailjet_list_id, self._get_csv()
        try:
            self.data_id = client.upload_csv(list_id, content)
        except MailjetTooLargeError:
            self._halve(self._count_rows())
        else:
            self.state = "uploaded"

    def _give_import_up(self, client):
        """Make Mailjet abort a previous import, which may still be running: it runs one
        import at a time for a list."""
        if not self.job_id:
            return
        try:
            client.abort_import(self.job_id)
        except (MailjetNotFoundError, MailjetRefusedError) as error:
            _logger.info("Import %s has ended: %s", self.job_id, error)
        self.job_id = False

    def _count_rows(self):
        """Return how many rows of the chunk are outgoing."""
        [(count,)] = self.env.execute_query(
            SQL(
                "SELECT count(*) FROM mailjet_recipient r WHERE %s",
                self._get_condition(),
            )
        )
        return count

    def _start_import(self, client):
        """Start the import of the uploaded data, unless a call whose answer was lost
        has started it already."""
        try:
            self.job_id = client.find_import(self.data_id) or client.start_import(
                self.campaign_id.mailjet_list_id, self.data_id
            )
        except MailjetNotFoundError:
            # Mailjet has dropped the data: upload it again.
            self.write({"state": "draft", "data_id": False})
        else:
            self.state = "importing"

    def _finish_import(self, client):
        """Record the rows that the job rejected, once it is final, and return the
        outcome.

        :raise UserError: if Mailjet gave up the job
        """
        job = client.get_import(self.job_id)
        if job["Status"] not in FINAL_IMPORT_STATUSES:
            return self._watch(job)
        if job["Status"] != "Completed":
            raise UserError(
                say(
                    self.env,
                    _lt(
                        "Mailjet could not import the recipients. Nothing was sent. "
                        "“Retry” uploads them again."
                    ),
                )
            )
        if job.get("Errcount"):
            errors = client.get_import_errors(self.job_id)
            if len(errors) < job["Errcount"] and self.error_looks < ERROR_LOOKS:
                self.error_looks += 1
                return retry(
                    MailjetNoAnswerError("Mailjet's list of errors is incomplete.")
                )
            self.env["mailjet.recipient"]._mark_failed(self._get_range(), errors)
        self.state = "done"
        return Outcome(Then.AGAIN, has_moved=True)

    def _watch(self, job):
        """Return the outcome of a running import, with an obstacle once it has made no
        progress for too long.

        :param job: Mailjet's row of it
        """
        now = fields.Datetime.now()
        progress = " ".join(str(job.get(name)) for name in PROGRESS)
        if progress != self.progress:
            self.write({"progress": progress, "progress_date": now})
            return Outcome(Then.WAIT, has_moved=self.campaign_id.is_stalled)
        if now < self.progress_date + IMPORT_PATIENCE:
            return WAIT
        stuck = _lt(
            "Mailjet's import of the recipients has made no progress for %s minutes. "
            "Nothing was sent.",
            IMPORT_PATIENCE.seconds // 60,
        )
        todo = self.env._(
            "Odoo keeps waiting. “Retry” uploads the recipients again. You can also "
            "cancel sending, or ask Mailjet support about the import %s.",
            self.job_id,
        )
        return Outcome(Then.WAIT, obstacle=Notice(say(self.env, stuck), todo))
