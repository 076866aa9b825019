from odoo import api, fields, models
from odoo.tools import SQL

# Addresses that Mailjet is told of in one call.
PUSH_ROWS = 1_000


class MailjetSuppression(models.Model):
    """An address that gets no campaign of an account, as Mailjet said last, or as it
    was told."""

    _name = "mailjet.suppression"
    _description = "Mailjet Exclusion"
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

    _account_email_uniq = models.UniqueIndex("(account_id, email)")

    # === WHAT MAILJET SAYS === #

    @api.model
    def _take_over(self, account, rows):
        """Make our rows equal to Mailjet's, and return those that are new.

        :param rows: all of Mailjet's, as pairs of address and date (or None)
        """
        emails, dates = (
            (list(part) for part in zip(*rows, strict=True)) if rows else ([], [])
        )
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                """
                DELETE FROM mailjet_suppression
                 WHERE account_id = %s AND email <> ALL(%s)
                   AND (origin = 'mailjet' OR excluded_date < %s)
                """,
                account.id,
                emails,
                # What was pushed a moment ago may not be done at Mailjet yet.
                fields.Datetime.subtract(fields.Datetime.now(), hours=1),
            )
        )
        new = self.env.execute_query(
            SQL(
                """
                INSERT INTO mailjet_suppression
                       (account_id, email, excluded_date, origin)
                SELECT %s, email, date, 'mailjet'
                  FROM unnest(%s::text[], %s::timestamp[]) AS f (email, date)
                    ON CONFLICT (account_id, email) DO NOTHING
             RETURNING email, excluded_date
                """,
                account.id,
                emails,
                dates,
            )
        )
        self.invalidate_model()
        return new

    # === WHAT MAILJET IS TOLD === #

    @api.model
    def _push(self, account, client):
        """Tell Mailjet who refuses mass mailings in Odoo, and who was let in again.

        :return: whether there are more to tell
        :raise MailjetError: when Mailjet cannot be told
        """
        refusing = self._find_refusing(account)
        if refusing:
            client.exclude_contacts(refusing, True)
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
            client.exclude_contacts(returned.mapped("email"), False)
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
