import time
from datetime import timedelta
from functools import partial

from odoo import api, fields, models
from odoo.tools import SQL

from ...const import ACTIVE_STATES
from ..attempt import attempt

# After how long Mailjet is asked again when it has not answered, or a mailing still
# needed the contact.
RETRY = timedelta(hours=1)


class MailjetContactDeletion(models.Model):
    """An address that Mailjet is still to delete from an account. The row goes as soon
    as Mailjet has done so."""

    _name = "mailjet.contact.deletion"
    _description = "Contact to delete at Mailjet"
    _log_access = False

    account_id = fields.Many2one(
        "mailjet.account", required=True, ondelete="cascade", readonly=True
    )
    email = fields.Char(string="Address", required=True, readonly=True)

    _account_email_uniq = models.UniqueIndex("(account_id, email)")

    @api.model
    def _add(self, companies, emails):
        """Have addresses deleted soon from every account that companies may use."""
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO mailjet_contact_deletion (account_id, email)
                SELECT a.id, f.email
                  FROM mailjet_account a, unnest(%s::text[]) AS f (email)
                 WHERE a.api_key IS NOT NULL
                   AND (a.company_id IS NULL OR a.company_id = ANY(%s))
                    ON CONFLICT (account_id, email) DO NOTHING
                """,
                emails,
                companies.ids,
            )
        )
        self.invalidate_model()
        self.env["mailjet.retention"]._archive_soon()

    @api.model
    def _process(self, deadline):
        """Delete the contacts account by account; what fails is logged and tried again.

        :param float deadline: time of the monotonic clock after which the rest is left
            to another run
        """
        rows = self._read_group([], ["account_id"])
        accounts = self.env["mailjet.account"].concat(*(row for (row,) in rows))
        for account in accounts.filtered_domain(accounts._own_domain()):
            attempt(account, partial(self._delete_all, deadline=deadline))
            self.env["ir.cron"]._commit_progress()
        if self.search_count([], limit=1):
            self.env["mailjet.retention"]._archive_soon(fields.Datetime.now() + RETRY)

    @api.model
    def _delete_all(self, account, deadline):
        """Delete the contacts of an account, each in a transaction of its own: a
        mailing that has begun to need one since is seen.

        :raise MailjetError: if Mailjet does not answer
        """
        with account._client() as client:
            while (row := self._get_next(account)) and time.monotonic() < deadline:
                if contact_id := client.find_contact(row.email):
                    client.delete_contact(contact_id)
                row.unlink()
                self.env["ir.cron"]._commit_progress()

    @api.model
    def _get_next(self, account):
        """Return the next row of an account, without those whose address a mailing on
        its way still has in its list, or one that failed: a retry would take it off the
        list, by which Mailjet would create the contact again."""
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT d.id FROM mailjet_contact_deletion d
                 WHERE d.account_id = %s AND NOT EXISTS (
                       SELECT FROM mailjet_recipient r
                         JOIN mailjet_mailing m ON m.id = r.mailing_id
                        WHERE r.email_normalized = d.email
                          AND (m.state IN %s
                               OR m.state = 'failed' AND r.status = 'outgoing'))
              ORDER BY d.id LIMIT 1
                """,
                account.id,
                ACTIVE_STATES,
            )
        )
        return self.browse(row_id for (row_id,) in rows)
