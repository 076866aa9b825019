from odoo import api, fields, models
from odoo.tools import SQL


class MailjetSuppression(models.Model):
    """An address that gets no campaign of an account, as last reported by or sent to
    Mailjet."""

    _name = "mailjet.suppression"
    _description = "Mailjet exclusion"
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
        [("exclude", "To exclude"), ("include", "To allow again")],
        string="Pending at Mailjet",
        readonly=True,
        help="The change that is requested from Mailjet.",
    )
    seen_date = fields.Datetime(
        string="Confirmed on",
        readonly=True,
        help="When Mailjet last listed this exclusion.",
    )

    _account_email_uniq = models.UniqueIndex("(account_id, email)")

    # === USERS' DECISIONS === #

    @api.model
    def _queue(self, account, emails):
        """Have Mailjet exclude addresses soon, whatever the account's settings say."""
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
        self.env["mailjet.sync"]._trigger()

    @api.model
    def _release(self, emails):
        """Have Mailjet lift the exclusions that Odoo requested; those made at Mailjet
        stay."""
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
        """Cancel the pending release of addresses that have opted out again."""
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
