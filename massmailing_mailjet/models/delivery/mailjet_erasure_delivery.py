from odoo import api, models


class MailjetErasure(models.Model):
    """Erases addresses from the names of loads that a first share has shown."""

    _inherit = "mailjet.erasure"

    @api.model
    def _get_texts(self):
        texts = super()._get_texts()
        names = (*texts["mailjet.mailing"], "canary_excess")
        return {**texts, "mailjet.mailing": names}
