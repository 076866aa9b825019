from odoo import api, fields, models
from odoo.tools import SQL

from .mailjet_consent import normalize
from .mailjet_key_mixin import DIGEST

# The columns of a new sign-up, and their types in PostgreSQL.
COLUMNS = {
    "mailjet_id": "text",
    "list_id": "text",
    "email": "text",
    "source": "text",
    "signup_date": "timestamp",
    "signup_ip": "text",
    "confirmed_date": "timestamp",
    "confirmed_ip": "text",
}


class MailjetSignup(models.Model):
    """A confirmed sign-up through a form of Mailjet's: the proof that an address has
    asked for mailings. Rows are only added, until the address is erased."""

    _name = "mailjet.signup"
    _description = "Sign-up for mass mailings"
    _inherit = ["mailjet.owner.mixin"]
    _order = "confirmed_date desc, id desc"
    _rec_name = "email"
    _log_access = False

    account_id = fields.Many2one(
        "mailjet.account", required=True, ondelete="cascade", readonly=True
    )
    email = fields.Char(string="Address", required=True, readonly=True, index=True)
    signup_date = fields.Datetime(string="Signed up on", readonly=True)
    signup_ip = fields.Char(string="IP address of the sign-up", readonly=True)
    confirmed_date = fields.Datetime(
        string="Confirmed on", required=True, readonly=True
    )
    confirmed_ip = fields.Char(string="IP address of the confirmation", readonly=True)
    source = fields.Char(readonly=True, help="The form, as Mailjet names it.")
    mailjet_id = fields.Char(string="Mailjet ID", required=True, readonly=True)
    list_id = fields.Char(string="List at Mailjet", readonly=True)

    _account_mailjet_uniq = models.UniqueIndex("(account_id, mailjet_id)")

    @api.model
    def _store(self, account, signups):
        """Add the sign-ups that are new, except those of erased addresses.

        :param signups: dicts of :data:`COLUMNS`
        """
        signups = [{**each, "email": normalize(each["email"])} for each in signups]
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO mailjet_signup (account_id, %(columns)s)
                SELECT %(account)s, f.* FROM unnest(%(values)s) AS f (%(columns)s)
                 WHERE NOT EXISTS (
                       SELECT FROM mailjet_consent_key k, mailjet_erasure x
                        WHERE x.digest = %(digest)s)
                    ON CONFLICT (account_id, mailjet_id) DO NOTHING
                """,
                columns=SQL(", ").join(map(SQL.identifier, COLUMNS)),
                account=account.id,
                values=SQL(", ").join(
                    SQL(f"%s::{kind}[]", [signup[name] for signup in signups])
                    for name, kind in COLUMNS.items()
                ),
                digest=SQL(DIGEST, SQL("f.email")),
            )
        )
        self.invalidate_model()

    @api.model
    def _find_signed_up(self, company):
        """Return the SQL of the addresses that have signed up for mailings of a
        company, through one of its accounts or a shared one."""
        return SQL(
            """
            SELECT s.email FROM mailjet_signup s
              JOIN mailjet_account a ON a.id = s.account_id
             WHERE a.company_id IS NULL OR a.company_id = %s
            """,
            company.id,
        )
