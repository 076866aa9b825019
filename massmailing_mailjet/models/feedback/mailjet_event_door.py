from odoo import api, models
from odoo.tools import SQL


class MailjetEvent(models.Model):
    """The door: openings and clicks that may not be measured are not stored at all."""

    _inherit = "mailjet.event"

    @api.model
    def _join_recipients(self, account):
        """Return the SQL that joins events ``e`` with what decides whether they may be
        stored, as ``known``; events that match no recipient with their address."""
        return SQL(
            """
            LEFT JOIN LATERAL (
                SELECT c.mailing_id, c.is_unmeasured, m.company_id
                  FROM mailjet_campaign c JOIN mailjet_mailing m ON m.id = c.mailing_id
                 WHERE e.type IN ('open', 'click') AND c.account_id = %s
                   AND c.mailjet_draft_id = e.mailjet_draft_id LIMIT 1) campaign ON TRUE
            LEFT JOIN LATERAL (
                SELECT partner_id, lead_id FROM mailjet_recipient
                 WHERE mailing_id = campaign.mailing_id AND email_normalized = e.email
                   AND status <> 'pending' LIMIT 1) recipient ON TRUE
           CROSS JOIN LATERAL (
                SELECT e.email AS email_normalized, recipient.partner_id,
                       recipient.lead_id, campaign.company_id,
                       campaign.is_unmeasured) known
            """,
            account.id,
        )

    @api.model
    def _get_admitted(self, account):
        """Return the SQL of whether an event ``e``, joined with ``known``, may be
        stored."""
        company = SQL("COALESCE(known.company_id, %s)", account.company_id.id or None)
        may_measure = self.env["mailjet.measuring"]._may_measure
        return SQL(
            """
            CASE e.type WHEN 'open' THEN %s WHEN 'click' THEN %s ELSE TRUE END
            AND (e.type IN ('open', 'click') AND known.is_unmeasured) IS NOT TRUE
            """,
            may_measure("open", company, "known"),
            may_measure("click", company, "known"),
        )
