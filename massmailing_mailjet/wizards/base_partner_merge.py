from odoo import api, models


class BasePartnerMergeAutomaticWizard(models.TransientModel):
    _inherit = "base.partner.merge.automatic.wizard"

    @api.model
    def _update_foreign_keys(self, src_partners, dst_partner):
        """Prepare recipients for a merge, since a record is in a mailing only once: if
        several merged contacts are in the same mailing, one row keeps the contact and
        the others keep their traces."""
        self.env["mailjet.recipient"]._release_merged(src_partners, dst_partner)
        return super()._update_foreign_keys(src_partners, dst_partner)

    @api.model
    def _update_values(self, src_partners, dst_partner):
        others = src_partners._get_opt_outs()
        preferences = src_partners._get_preferences()
        result = super()._update_values(src_partners, dst_partner)
        dst_partner._adopt_opt_outs(others.values())
        dst_partner._adopt_preferences(preferences)
        return result
