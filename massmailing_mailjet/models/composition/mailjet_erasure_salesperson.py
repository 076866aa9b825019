from odoo import api, models
from odoo.tools import SQL

from ...tools.erasing import ERASED, compile_names
from ..consent.mailjet_key_mixin import DIGEST

# The values of a campaign from a salesperson.
SENDER_VALUES = ("sender_name", "sender_email", "reply_to")


class MailjetErasure(models.Model):
    """Erases salespersons from the campaigns that were sent from them. A campaign that
    is on its way needs its sender: that is erased on the day after it was sent."""

    _inherit = "mailjet.erasure"

    @api.model
    def _erase_texts(self, emails):
        result = super()._erase_texts(emails)
        done = self._find_campaigns_from(emails).filtered(
            lambda campaign: campaign.state == "done"
        )
        self._erase_senders(done)
        return result

    @api.model
    def _erase_recipients(self, records, emails):
        self._erase_names(self._find_campaigns_from(emails), records)
        return super()._erase_recipients(records, emails)

    @api.model
    def _find_campaigns_from(self, emails):
        """Return the campaigns from salespersons with the addresses, as far as the user
        may see them."""
        found = self._search_all(
            "mailjet.campaign", self._mentions(["own_values"], emails)
        )
        return found.sudo().filtered(
            lambda campaign: (campaign.own_values or {}).get("reply_to") in emails
        )

    @api.model
    def _erase_names(self, campaigns, records):
        """Erase the names of salespersons from those of their campaigns, and from what
        was said about these."""
        partners = [r.exists() for r in records if r._name == "res.partner"]
        names = {name for found in partners for name in found.mapped("name") if name}
        names |= {
            campaign.own_values["sender_name"]
            for campaign in campaigns
            if campaign.own_values.get("sender_name")
        }
        if not (campaigns and names):
            return
        pattern, mailings = compile_names(names), campaigns.mailing_id
        self._replace(campaigns, ("name_facts", "delivery_facts"), pattern)
        self._replace(mailings, ("delivery_facts",), pattern)
        self._replace(mailings.message_ids, ("body", "subject"), pattern)
        self._replace(mailings.activity_ids, ("summary", "note"), pattern)

    @api.model
    def _erase_senders(self, campaigns):
        for campaign in campaigns:
            campaign.own_values = {
                name: ERASED if name in SENDER_VALUES else value
                for name, value in campaign.own_values.items()
            }

    @api.autovacuum
    def _gc_erased(self):
        self.env["mailjet.campaign"].flush_model()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT c.id FROM mailjet_campaign c, mailjet_consent_key k
                 WHERE c.state = 'done' AND jsonb_exists(c.own_values, 'reply_to')
                   AND EXISTS (SELECT FROM mailjet_erasure x WHERE x.digest = %s)
                """,
                SQL(DIGEST, SQL("(c.own_values ->> 'reply_to')")),
            )
        )
        campaigns = self.env["mailjet.campaign"].sudo()
        self._erase_senders(campaigns.browse(row_id for (row_id,) in rows))
        return super()._gc_erased()

    @api.model
    def _export(self, records, emails):
        campaigns = self._find_campaigns_from(emails)
        return {
            **super()._export(records, emails),
            "sent_from": campaigns.mailing_id.mapped("display_name"),
        }
