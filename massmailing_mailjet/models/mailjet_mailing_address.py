from odoo import api, models

from ..tools.addresses import clean_address, is_address

# Fields of a mailing that hold one address.
ADDRESS_FIELDS = ("reply_to", "sender_email")


class MailjetMailing(models.Model):
    """Cleans the addresses that a user types for Mailjet: of
    ``Sales <sales@example.com>`` only the address is kept. An invalid address stays as
    typed, and a check says what is wrong with it."""

    _inherit = "mailjet.mailing"

    @api.model_create_multi
    def create(self, vals_list):
        return super().create([self._clean_addresses(vals) for vals in vals_list])

    def write(self, vals):
        return super().write(self._clean_addresses(vals))

    @api.model
    def _clean_addresses(self, vals):
        """Return the values with their addresses cleaned."""
        cleaned = {
            field: clean_address(vals[field])
            for field in ADDRESS_FIELDS
            if vals.get(field)
        }
        return {
            **vals,
            **{
                field: address
                for field, address in cleaned.items()
                if not address or is_address(address)
            },
        }
