from odoo import api, models


class ResUsers(models.Model):
    """Keeps the users who have loaded recipients: it says where an address is from."""

    _inherit = "res.users"

    @api.model
    def _get_proof_fields(self):
        return {**super()._get_proof_fields(), "mailjet.recipient.load": ["user_id"]}
