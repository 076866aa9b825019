from odoo import api, models


class MailjetErasure(models.Model):
    """Erases the links that were opened, where they hold an address."""

    _inherit = "mailjet.erasure"

    @api.model
    def _get_passing(self):
        return {**super()._get_passing(), "mailjet.link.check": ("url", "outcome")}
