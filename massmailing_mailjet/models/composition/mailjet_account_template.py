from odoo import models


class MailjetAccount(models.Model):
    """Fetches the templates of an account along with its other data."""

    _inherit = "mailjet.account"

    def _fetch_content(self, client=None):
        result = super()._fetch_content(client)
        self.env["mailjet.template"]._fetch(self, client)
        return result
