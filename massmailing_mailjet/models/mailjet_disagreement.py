from odoo import fields, models, tools
from odoo.exceptions import AccessError


class MailjetDisagreement(models.Model):
    """An address that one of Odoo and Mailjet mails and the other one does not. The
    stricter side wins: nothing reaches it either way."""

    _name = "mailjet.disagreement"
    _description = "Disagreement between Odoo and Mailjet"
    _inherit = ["mailjet.owner.mixin"]
    _auto = False
    _order = "email"
    _rec_name = "email"

    account_id = fields.Many2one("mailjet.account", readonly=True)
    email = fields.Char(string="Address", readonly=True)
    stricter = fields.Selection(
        [
            ("mailjet", "Mailjet excludes it, Odoo does not"),
            ("odoo", "Odoo excludes it, Mailjet does not"),
        ],
        string="Who Is Stricter",
        readonly=True,
        help="Nothing reaches the address either way.",
    )
    excluded_date = fields.Datetime(string="Excluded at Mailjet on", readonly=True)

    def init(self):
        tools.drop_view_if_exists(self.env.cr, self._table)
        self.env.cr.execute(
            """
            CREATE VIEW mailjet_disagreement AS
            WITH refusing AS (
                SELECT email_normalized AS email FROM res_partner
                 WHERE massmailing_unsubscribed AND email_normalized IS NOT NULL
             UNION
                SELECT email_normalized FROM crm_lead
                 WHERE massmailing_unsubscribed AND email_normalized IS NOT NULL
             UNION
                SELECT email FROM mail_blacklist WHERE active
            ), found AS (
                SELECT s.account_id, s.email, 'mailjet' AS stricter, s.excluded_date
                  FROM mailjet_suppression s
                 WHERE NOT EXISTS (SELECT FROM refusing f WHERE f.email = s.email)
                   AND (EXISTS (SELECT FROM res_partner p
                                 WHERE p.email_normalized = s.email)
                        OR EXISTS (SELECT FROM crm_lead l
                                    WHERE l.email_normalized = s.email))
             UNION ALL
                SELECT DISTINCT m.account_id, f.email, 'odoo', NULL::timestamp
                  FROM refusing f
                  JOIN mailjet_recipient r ON r.email_normalized = f.email
                   AND r.status NOT IN ('pending', 'failed')
                  JOIN mailjet_mailing m ON m.id = r.mailing_id
                 WHERE NOT EXISTS (SELECT FROM mailjet_suppression s
                                    WHERE s.account_id = m.account_id
                                      AND s.email = f.email)
            )
            SELECT row_number() OVER (ORDER BY email, account_id) AS id, found.*
              FROM found
            """
        )

    def action_make_stricter(self):
        """Let the milder side follow the stricter one, for the chosen addresses.

        :raise AccessError: when the user is no manager
        """
        if not self.env.user.has_group("massmailing_mailjet.mailjet_group_manager"):
            raise AccessError(self.env._("Only managers of mass mailings can do this."))
        self.check_access("read")
        refusals = [
            {
                "email": row.email,
                "cause": "unsubscribed",
                "date": row.excluded_date or fields.Datetime.now(),
                "comment": self.env._("Excluded from all campaigns."),
            }
            for row in self
            if row.stricter == "mailjet"
        ]
        self.env["mailjet.consent"].sudo()._tighten(refusals)
        if any(row.stricter == "odoo" for row in self):
            self.account_id.sudo().push_exclusions = True
            self.env["mailjet.pull"].sudo()._trigger_push()
        return True
