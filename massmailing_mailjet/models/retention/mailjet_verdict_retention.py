from odoo import api, models
from odoo.tools import SQL

from .mailjet_mailing_retention import STAYING


class MailjetVerdict(models.AbstractModel):
    """A mailing that asks prospects to stay in touch is sent to nobody else: not to who
    is in contact, nor to whom another mailing asks or has asked."""

    _inherit = "mailjet.verdict"

    @api.model
    def _get_omissions(self, mailings):
        yield from super()._get_omissions(mailings)
        for mailing in mailings:
            if mailing.purpose == STAYING:
                yield "not_asked", self._find_not_asked(mailing)

    @api.model
    def _find_not_asked(self, mailing):
        """Return the query of the addresses that a mailing must not ask."""
        return SQL(
            """
            SELECT r.mailing_id, r.email_normalized FROM mailjet_recipient r
             WHERE r.mailing_id = %(mailing)s AND r.email_normalized IS NOT NULL
               AND NOT EXISTS (SELECT FROM mailjet_retention t
                                WHERE t.company_id = %(company)s
                                  AND t.email = r.email_normalized
                                  AND t.mailing_id = %(mailing)s
                                  AND t.state IN ('found', 'asked'))
            """,
            mailing=mailing.id,
            company=mailing.company_id.id,
        )
