from odoo import fields, models
from odoo.tools import SQL

from ..const import KINDS, RECIPIENT_STATUSES
from ..models.recipients.counts import RESULT_COUNTS
from ..tools.mailjet_vocabulary import BOUNCE_TYPES


class MailjetRecipientReport(models.Model):
    """Who got mass mailings and what they did, for grouping and summing.

    One row for each recipient of a sent mailing, as a view on the recipients: nothing
    is copied, and PostgreSQL skips the joined tables that a query does not need.
    """

    _name = "mailjet.recipient.report"
    _description = "Mass mailing recipient analysis"
    _inherit = ["mailjet.rate.mixin"]
    _auto = False
    _order = "sent_date desc, id desc"
    # What must be flushed before the view is read.
    _depends = {
        "mailjet.recipient": ["status"],
        "mailjet.mailing": ["sent_date", "campaign_id", "user_id"],
        "res.partner": ["user_id", "country_id"],
        "crm.lead": ["user_id", "country_id"],
    }

    mailing_id = fields.Many2one("mailjet.mailing", readonly=True)
    campaign_id = fields.Many2one("utm.campaign", string="UTM campaign", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    user_id = fields.Many2one("res.users", string="Responsible", readonly=True)
    sent_date = fields.Datetime(string="Sent on", readonly=True)
    kind = fields.Selection(KINDS, readonly=True)
    status = fields.Selection(RECIPIENT_STATUSES, readonly=True)
    bounce_type = fields.Selection(BOUNCE_TYPES, string="Bounce", readonly=True)
    recipient_id = fields.Many2one("mailjet.recipient", readonly=True)
    partner_id = fields.Many2one(
        "res.partner", string="Contact or account", readonly=True
    )
    lead_id = fields.Many2one("crm.lead", readonly=True)
    salesperson_id = fields.Many2one(
        "res.users",
        readonly=True,
        help="Of the lead, the contact or the account.",
    )
    country_id = fields.Many2one(
        "res.country",
        readonly=True,
        help="Of the lead, the contact or the account.",
    )
    sent_count = fields.Integer(string="Sent", readonly=True)
    delivered_count = fields.Integer(string="Delivered", readonly=True)
    unmeasured_count = fields.Integer(string="Not measured", readonly=True)
    opened_count = fields.Integer(string="Opened", readonly=True)
    clicked_count = fields.Integer(string="Clicked", readonly=True)
    bounced_count = fields.Integer(string="Bounced", readonly=True)
    blocked_count = fields.Integer(string="Blocked", readonly=True)
    complaint_count = fields.Integer(string="Complaints", readonly=True)
    optout_count = fields.Integer(string="Unsubscribed", readonly=True)
    failed_count = fields.Integer(string="Failed", readonly=True)
    open_count = fields.Integer(string="Opens", readonly=True)
    click_count = fields.Integer(string="Clicks", readonly=True)

    @property
    def _table_query(self):
        Recipient = self.env["mailjet.recipient"]
        names = [SQL.identifier("r", name) for name in RESULT_COUNTS]
        conditions = [
            SQL("%s::int AS %s", condition, SQL.identifier(name))
            for name, condition in Recipient._get_result_conditions(
                Recipient._table
            ).items()
        ]
        return SQL(
            """
            SELECT r.id, r.id AS recipient_id, r.mailing_id, r.kind, r.status,
                   r.bounce_type, r.partner_id, r.lead_id, r.open_count, r.click_count,
                   m.campaign_id, m.company_id, m.user_id, m.sent_date,
                   COALESCE(l.user_id, p.user_id) AS salesperson_id,
                   COALESCE(l.country_id, p.country_id) AS country_id, %s
              FROM (SELECT *, %s FROM mailjet_recipient WHERE status <> 'pending') r
              JOIN mailjet_mailing m ON m.id = r.mailing_id AND m.sent_date IS NOT NULL
         LEFT JOIN res_partner p ON p.id = r.partner_id
         LEFT JOIN crm_lead l ON l.id = r.lead_id
            """,
            SQL(", ").join(names),
            SQL(", ").join(conditions),
        )

    def action_open_recipient(self):
        """Open the recipient behind the row."""
        self.ensure_one()
        return self.recipient_id.get_formview_action()
