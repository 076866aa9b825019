from odoo import api, fields, models
from odoo.tools import SQL

# Addresses that Mailjet is told of in one call.
PUSH_ROWS = 1_000


class MailjetSuppression(models.Model):
    """Makes Mailjet exclude the addresses that refuse mass mailings in Odoo, and let
    in again those that a person has let in."""

    _inherit = "mailjet.suppression"

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
