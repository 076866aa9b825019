import io

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ..const import FINAL_IMPORT_STATUSES, UPLOAD_ROWS
from ..exceptions import MailjetNotFoundError


class MailjetUpload(models.Model):
    """One chunk of a mailing's recipients, handed to Mailjet as a CSV and imported
    there by a job. Handing the same chunk over twice does no harm: Mailjet updates
    the contacts it knows."""

    _name = "mailjet.upload"
    _description = "Mailjet Upload"
    _order = "mailing_id, sequence"

    mailing_id = fields.Many2one(
        "mailjet.mailing", required=True, ondelete="cascade", index=True
    )
    sequence = fields.Integer(required=True)
    state = fields.Selection(
        [
            ("draft", "To hand over"),
            ("uploaded", "Handed over"),
            ("importing", "Being imported"),
            ("done", "Imported"),
        ],
        required=True,
        default="draft",
    )
    data_id = fields.Char(string="Mailjet Data ID")
    job_id = fields.Char(string="Mailjet Job ID")

    @api.model
    def _create_chunks(self, mailing):
        """Share the mailing's rows to send out between new chunks."""
        count = -(-mailing.planned_count // UPLOAD_ROWS)
        self.create(
            [{"mailing_id": mailing.id, "sequence": number} for number in range(count)]
        )
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                """
                UPDATE mailjet_recipient r
                   SET upload_id = u.id, status = 'outgoing', failure_reason = NULL
                  FROM (SELECT id, (row_number() OVER (ORDER BY id) - 1) / %(rows)s
                                   AS chunk
                          FROM mailjet_recipient
                         WHERE mailing_id = %(mailing)s AND verdict = 'send') s
                  JOIN mailjet_upload u
                    ON u.mailing_id = %(mailing)s AND u.sequence = s.chunk
                 WHERE r.id = s.id
                """,
                rows=UPLOAD_ROWS,
                mailing=mailing.id,
            )
        )
        self.env["mailjet.recipient"].invalidate_model()

    def _advance(self, client):
        """Take this chunk one call further and return whether Mailjet has to be
        waited for."""
        self.ensure_one()
        list_id = self.mailing_id.mailjet_list_id
        if self.state == "draft":
            self.data_id = client.upload_csv(list_id, self._get_csv())
            self.state = "uploaded"
        elif self.state == "uploaded":
            self._start_import(client, list_id)
        else:
            return not self._finish_import(client)
        return False

    def _start_import(self, client, list_id):
        try:
            self.job_id = client.start_import(list_id, self.data_id)
        except MailjetNotFoundError:
            # Mailjet has dropped the data: hand it over again.
            self.write({"state": "draft", "data_id": False})
        else:
            self.state = "importing"

    def _finish_import(self, client):
        """Return whether the job is final, having taken over its refused rows.

        :raise UserError: when Mailjet gave the job up
        """
        job = client.get_import(self.job_id)
        if job["Status"] not in FINAL_IMPORT_STATUSES:
            return False
        if job["Status"] != "Completed":
            raise UserError(
                self.env._(
                    "Mailjet could not import the recipients. Nothing was "
                    "sent; “Retry” hands them over again."
                )
            )
        if job.get("Errcount"):
            self._fail_rows(client.get_import_errors(self.job_id))
        self.state = "done"
        return True

    def _fail_rows(self, errors):
        """Mark the rows that Mailjet refused, with Mailjet's reason.

        :param errors: pairs of address and reason
        """
        by_reason = {}
        for email, reason in errors:
            by_reason.setdefault(reason, []).append(email.strip().lower())
        for reason, emails in by_reason.items():
            self.env["mailjet.recipient"].search(
                [("upload_id", "=", self.id), ("email_normalized", "in", emails)]
            ).write({"status": "failed", "failure_reason": reason})

    def _get_csv(self):
        """Return the chunk as UTF-8 bytes: the address and the values of the
        variables that the mailing uses, under the names of their properties."""
        Value = self.env["mailjet.value"]
        query = Value._get_query(
            SQL("r.upload_id = %s AND r.status = 'outgoing'", self.id)
        )
        email = SQL("r.email_normalized AS email")
        columns = [email, *Value._get_columns(self.mailing_id, query)]
        buffer = io.BytesIO()
        self.env.flush_all()
        statement = SQL(
            "COPY (%s) TO STDOUT WITH (FORMAT csv, HEADER, ENCODING 'UTF8')",
            query.select(*columns),
        )
        cursor = self.env.cr
        cursor.copy_expert(cursor.mogrify(statement.code, statement.params), buffer)
        return buffer.getvalue()
