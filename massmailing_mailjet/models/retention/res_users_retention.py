from odoo import api, models


class ResUsers(models.Model):
    """Keeps the users who have confirmed that prospects are archived."""

    _inherit = "res.users"

    @api.model
    def _get_proof_fields(self):
        fields = super()._get_proof_fields()
        return {**fields, "mailjet.retention": ["confirmed_user_id"]}
