from odoo import api, models


class MailjetErasure(models.Model):
    """Erases the addresses of prospects without contact, and has Mailjet delete every
    erased contact."""

    _inherit = "mailjet.erasure"

    @api.model
    def _get_addresses(self):
        return {**super()._get_addresses(), "mailjet.retention": "email"}

    @api.model
    def _erase_addresses(self, emails):
        """Have the contacts deleted from the accounts of the user's companies."""
        result = super()._erase_addresses(emails)
        deletions = self.env["mailjet.contact.deletion"].sudo()
        deletions._add(self.env.companies, emails)
        return result

    @api.model
    def _find_deletions(self, emails):
        """Return what Mailjet is still to delete, in the accounts that the user may
        see."""
        accounts = self._search_all("mailjet.account", [])
        return (
            self.env["mailjet.contact.deletion"]
            .sudo()
            .search([("account_id", "in", accounts.ids), ("email", "in", emails)])
        )

    @api.model
    def _export(self, records, emails):
        prospects = self._find_addresses("mailjet.retention", emails)
        return {
            **super()._export(records, emails),
            "to_be_deleted_at_mailjet": [
                deletion.account_id.name for deletion in self._find_deletions(emails)
            ],
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
