from odoo import api, models


class MailjetErasure(models.Model):
    """Erases the addresses of prospects without contact."""

    _inherit = "mailjet.erasure"

    @api.model
    def _get_addresses(self):
        return {**super()._get_addresses(), "mailjet.retention": "email"}

    @api.model
    def _export(self, records, emails):
        prospects = self._find_addresses("mailjet.retention", emails)
        return {
            **super()._export(records, emails),
            "without_contact": [
                {
                    "last_contact": prospect.last_contact_date,
                    "by": prospect.contact_kind,
                    "asked": prospect.asked_date,
                    "asked_to_be_kept": prospect.kept_date,
                    "ip": prospect.kept_ip,
                    "browser": prospect.kept_agent,
                }
                for prospect in prospects
            ],
        }
