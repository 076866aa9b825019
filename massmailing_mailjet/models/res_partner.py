from odoo import models


class ResPartner(models.Model):
    _name = "res.partner"
    _inherit = [
        "res.partner",
        "mailjet.unsubscribe.mixin",
        "mailjet.history.mixin",
        "mailjet.source.mixin",
    ]

    def _get_history_members(self):
        """Include the contacts of an account: their mailings are also the account's."""
        everyone = self.with_context(active_test=False).search_fetch(
            [("id", "child_of", self.ids)], ["parent_id", "email_normalized"]
        )
        known = set(everyone.ids)
        members = super()._get_history_members()
        for partner in everyone:
            above = partner.parent_id
            while above.id in known:
                if above in members:
                    members[above] |= partner
                above = above.parent_id
        return members
