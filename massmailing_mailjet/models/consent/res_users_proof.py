from odoo import api, models
from odoo.exceptions import UserError

from .referred import find_referred


class ResUsers(models.Model):
    """Keeps the users who stand with their names for what they did about recipients."""

    _inherit = "res.users"

    @api.ondelete(at_uninstall=False)
    def _unlink_except_proof(self):
        kept = self._find_with_proof().filtered(lambda user: not user.share)
        if kept:
            raise UserError(
                self.env._(
                    "What these users did for mass mailings is kept as proof, with "
                    "their names: %s. Archive the users instead.",
                    ", ".join(kept.mapped("name")),
                )
            )

    def _find_with_proof(self):
        """Return those of the users whom a proof names."""
        return find_referred(self, self._get_proof_fields())

    @api.model
    def _get_proof_fields(self):
        """Return the fields that name users as part of a proof, by model; extended by
        the rooms."""
        return {
            "mailjet.consent": ["user_id", "ended_user_id"],
            "mailjet.consent.act": ["user_id"],
            "mailjet.measuring": ["user_id"],
        }
