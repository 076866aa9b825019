from odoo import models


class CrmLead(models.Model):
    _name = "crm.lead"
    _inherit = [
        "crm.lead",
        "mailjet.unsubscribe.mixin",
        "mailjet.history.mixin",
        "mailjet.source.mixin",
    ]

    def _merge_opportunity(self, *args, **kwargs):
        others, preferences = {}, []
        if len(set(self.mapped("email_normalized"))) > 1:
            others = self._get_opt_outs()
            preferences = self._get_preferences()
        merged = super()._merge_opportunity(*args, **kwargs)
        merged._adopt_opt_outs(others.values())
        merged._adopt_preferences(preferences)
        return merged
