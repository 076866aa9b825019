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

    todo = fields.Selection(
        [("exclude", "To be excluded"), ("include", "To be let in again")],
        string="At Mailjet",
        readonly=True,
        help="What Mailjet is going to be asked for.",
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
            client.exclude_contacts(emails, True)
            self._note_excluded(account, emails)
        released = self._find_released(account)
        if released:
            client.exclude_contacts(released.mapped("email"), False)
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
