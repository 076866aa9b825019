from odoo import models


class CrmLead(models.Model):
    _name = "crm.lead"
    _inherit = [
        "crm.lead",
        "mailjet.unsubscribe.mixin",
        "mailjet.history.mixin",
        "mailjet.source.mixin",
    ]

    def _merge_get_fields_specific(self):
        """Of merged leads, one that is unsubscribed is enough."""
        return {
            **super()._merge_get_fields_specific(),
            "massmailing_unsubscribed": lambda fname, leads: any(leads.mapped(fname)),
        }
