from odoo import api, models


class MailjetErasure(models.Model):
    """Erases texts and files that were entered in wizards."""

    _inherit = "mailjet.erasure"

    @api.model
    def _get_passing(self):
        return {
            **super()._get_passing(),
            "mailjet.recipient.add": ("addresses", "unmatched", "domain"),
            "mailjet.consent.record.open": ("email",),
            "mailjet.mailing.add": ("domain",),
            "mailjet.mailing.test": ("email_to",),
        }

    @api.model
    def _get_files(self):
        return {
            **super()._get_files(),
            "mailjet.personal.data": "export_file",
            "mailjet.recipient.add": "file",
        }
