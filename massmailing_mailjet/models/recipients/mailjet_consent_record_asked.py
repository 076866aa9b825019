from odoo import api, models

from ...const import SENT_STATUSES
from ..composition.mailjet_mailing_asking import ASKING


class MailjetConsentRecord(models.AbstractModel):
    """Adds when an address was asked for permission to measure, and by which
    mailings."""

    _inherit = "mailjet.consent.record"

    @api.model
    def _get_record_parts(self, email):
        asked = self._find_rows(email).filtered(
            lambda row: row.mailing_id.purpose == ASKING and row.status in SENT_STATUSES
        )
        return [
            *super()._get_record_parts(email),
            self._make_part(
                36,
                self.env._("Asked for permission to measure"),
                self.env._("No mailing has asked this address for permission."),
                [self._describe_asking(row) for row in asked],
            ),
        ]

    @api.model
    def _describe_asking(self, row):
        facts = self._get_facts(row.campaign_id or row.mailing_id, ["sent_date"])
        return self._make_entry(row.mailing_id.display_name, facts)
