from odoo import api, models
from odoo.tools import SQL


class BasePartnerMergeAutomaticWizard(models.TransientModel):
    _inherit = "base.partner.merge.automatic.wizard"

    @api.model
    def _update_foreign_keys(self, src_partners, dst_partner):
        """A record is in a mailing once: where several of the merged ones are in the
        same mailing, one row keeps the contact and the others keep their traces."""
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
                sources=src_partners.ids,
                destination=dst_partner.id,
            )
        )
        self.env["mailjet.recipient"].invalidate_model(["partner_id"])
        return super()._update_foreign_keys(src_partners, dst_partner)

    @api.model
    def _update_values(self, src_partners, dst_partner):
        others = src_partners._get_refusals()
        result = super()._update_values(src_partners, dst_partner)
        dst_partner._adopt_refusals(others.values())
        return result
