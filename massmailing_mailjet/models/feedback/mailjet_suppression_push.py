from odoo import api, fields, models
from odoo.tools import SQL

# Addresses per call.
PUSH_ROWS = 1_000


class MailjetSuppression(models.Model):
    """Makes Mailjet exclude the addresses that opted out of mass mailings in Odoo, and
    allow again those that a user has opted in again."""

    _inherit = "mailjet.suppression"

    @api.model
    def _push(self, account, client):
        """Send Mailjet the addresses that opted out of mass mailings in Odoo, and those
        that a user has opted in again.

        :return: whether there are more to send
        :raise MailjetError: if Mailjet does not accept them
        """
        self.env.flush_all()
        emails = self._find_opted_out(account)
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
    def _find_opted_out(self, account):
        """Return the addresses that a user wants Mailjet to exclude and, if the account
        is set to push exclusions, those that opted out, were mailed from it, and are
        not excluded yet."""
        rows = self.env.execute_query(
            SQL(
                """
                SELECT email FROM mailjet_suppression
                 WHERE account_id = %(account)s AND todo = 'exclude'
             UNION
                SELECT f.email FROM (%(opted_out)s) f
                 WHERE %(is_pushed)s
                   AND EXISTS (SELECT FROM mailjet_recipient r
                                 JOIN mailjet_mailing m ON m.id = r.mailing_id
                                WHERE r.email_normalized = f.email
                                  AND r.status NOT IN ('pending', 'failed')
                                  AND (m.account_id = %(account)s OR EXISTS (
                                      SELECT FROM mailjet_campaign c
                                       WHERE c.id = r.campaign_id
                                         AND c.account_id = %(account)s)))
                   AND NOT EXISTS (SELECT FROM mailjet_suppression s
                                    WHERE s.account_id = %(account)s
                                      AND s.email = f.email)
                 LIMIT %(limit)s
                """,
                opted_out=self.env["mailjet.consent"]._opted_out(),
                is_pushed=bool(account.push_exclusions),
                account=account.id,
                limit=PUSH_ROWS,
            )
        )
        return [email for (email,) in rows]

    @api.model
    def _find_released(self, account):
        """Return our own exclusions that a user has lifted."""
        rows = self.env.execute_query(
            SQL(
                """
                SELECT id FROM mailjet_suppression s
                 WHERE account_id = %s AND origin = 'odoo' AND todo = 'include'
                   AND NOT EXISTS (SELECT FROM (%s) f WHERE f.email = s.email)
                 LIMIT %s
                """,
                account.id,
                self.env["mailjet.consent"]._opted_out(),
                PUSH_ROWS,
            )
        )
        return self.browse(row_id for (row_id,) in rows)
