from odoo import api, models


class MailjetErasure(models.Model):
    """Erases people from what is kept of Mailjet accounts."""

    _inherit = "mailjet.erasure"

    @api.model
    def _get_texts(self):
        return {**super()._get_texts(), "mailjet.account": ("connection_facts",)}

    @api.model
    def _get_documents(self):
        return [*super()._get_documents(), "mailjet.account"]

    @api.model
    def _erase_addresses(self, emails):
        result = super()._erase_addresses(emails)
        accounts = self._search_all("mailjet.account", []).sudo()
        accounts.filtered(
            lambda a: a.health_test_email in emails
        ).health_test_email = False
        return result

    @api.model
    def _export(self, records, emails):
        data = super()._export(records, emails)
        accounts = self._find_texts("mailjet.account", emails)
        data["messages"] += accounts.mapped("connection_error")
        return data
