from odoo import fields, models, tools
from odoo.exceptions import AccessError
from odoo.tools import SQL

from ..const import RECORD_SOURCES


class MailjetSuppressionReport(models.Model):
    """An address that only one of Odoo and Mailjet excludes. The stricter side wins:
    the address gets no mailing either way."""

    _name = "mailjet.suppression.report"
    _description = "Exclusion mismatch between Odoo and Mailjet"
    _inherit = ["mailjet.owner.mixin"]
    _auto = False
    _order = "email"
    _rec_name = "email"

    account_id = fields.Many2one("mailjet.account", readonly=True)
    email = fields.Char(string="Address", readonly=True)
    stricter = fields.Selection(
        [
            ("mailjet", "Mailjet"),
            ("odoo", "Odoo"),
        ],
        string="Excluded only by",
        readonly=True,
        help="The address receives no mass mailings in either case.",
    )
    company_id = fields.Many2one("res.company", readonly=True)
    excluded_date = fields.Datetime(string="Excluded at Mailjet on", readonly=True)

    def init(self):
        tools.drop_view_if_exists(self.env.cr, self._table)
        records = SQL(" UNION ALL ").join(
            SQL(
                "SELECT company_id FROM %s WHERE email_normalized = s.email",
                SQL.identifier(self.env[model]._table),
            )
            for model in RECORD_SOURCES
        )
        self.env.cr.execute(
            SQL(
                """
                CREATE VIEW mailjet_suppression_report AS
                WITH refusing AS (
                    SELECT DISTINCT email FROM (%s) opted_out
                )
                -- A row's id is that of what it is about: it stays the same, whatever
                -- rows come and go.
                SELECT s.id, s.account_id, s.email, 'mailjet' AS stricter,
                       s.excluded_date,
                       COALESCE(a.company_id, known.company_id) AS company_id
                  FROM mailjet_suppression s
                  JOIN mailjet_account a ON a.id = s.account_id
            CROSS JOIN LATERAL (
                       SELECT company_id FROM (%s) records
                     ORDER BY company_id NULLS FIRST LIMIT 1) known
                 WHERE s.todo IS NULL
                   AND NOT EXISTS (SELECT FROM refusing f WHERE f.email = s.email)
             UNION ALL
                SELECT -min(r.id), m.account_id, f.email, 'odoo', NULL::timestamp,
                       m.company_id
                  FROM refusing f
                  JOIN mailjet_recipient r ON r.email_normalized = f.email
                   AND r.status NOT IN ('pending', 'failed')
                  JOIN mailjet_mailing m ON m.id = r.mailing_id
                 WHERE NOT EXISTS (SELECT FROM mailjet_suppression s
                                    WHERE s.account_id = m.account_id
                                      AND s.email = f.email)
              GROUP BY m.account_id, m.company_id, f.email
                """,
                self.env["mailjet.consent"]._opted_out(),
                records,
            )
        )

    def action_exclude_on_both_sides(self):
        """Exclude the chosen addresses on the side that still mails them.

        :raise AccessError: if the user is no manager, or not in the company
        """
        if not self.env.user.has_group("massmailing_mailjet.mailjet_group_manager"):
            raise AccessError(self.env._("Only Mass Mailing managers can do this."))
        chosen = self.exists()
        chosen.check_access("read")
        by_side = chosen.grouped("stricter")
        self.env["mailjet.consent"]._opt_out(
            [
                {
                    "email": row.email,
                    "cause": "unsubscribed",
                    "date": row.excluded_date or fields.Datetime.now(),
                }
                for row in by_side.get("mailjet", ())
            ],
            "report",
        )
        ours = by_side.get("odoo", self.browse())
        for account, rows in ours.grouped("account_id").items():
            self.env["mailjet.suppression"].sudo()._queue(account, rows.mapped("email"))
        return True
