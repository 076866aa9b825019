from odoo import api, models
from odoo.tools import SQL


class MailjetRecipient(models.Model):
    """What happens to recipients whose records are merged."""

    _inherit = "mailjet.recipient"

    @api.model
    def _release_merged(self, sources, destination):
        """Prepare for a merge of contacts. A record is in a mailing only once: of
        several rows in one mailing, only the first keeps the contact. The others keep
        the results of their emails.

        :param sources: contacts that are merged into the destination
        """
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                """
                UPDATE mailjet_recipient r SET partner_id = NULL
                 WHERE r.partner_id = ANY(%(sources)s)
                   AND EXISTS (SELECT FROM mailjet_recipient o
                                WHERE o.mailing_id = r.mailing_id
                                  AND (o.partner_id = %(destination)s
                                       OR (o.partner_id = ANY(%(sources)s)
                                           AND o.id < r.id)))
                """,
                sources=sources.ids,
                destination=destination.id,
            )
        )
        self.invalidate_model(["partner_id"])
