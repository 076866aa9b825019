from odoo import api, models

# What the record says of a prospect, by the fields.
SILENCE = (
    *("last_contact_date", "contact_kind", "state", "mailing_id", "asked_date"),
    *("kept_date", "kept_ip", "kept_agent", "confirmed_date", "confirmed_user_id"),
)


class MailjetConsentRecord(models.AbstractModel):
    """Adds whether an address was without contact for long, was asked, and what it has
    answered."""

    _inherit = "mailjet.consent.record"

    @api.model
    def _get_record_parts(self, email):
        return [
            *super()._get_record_parts(email),
            self._make_part(
                45,
                self.env._("Long time without contact"),
                self.env._("The address is not listed as being without contact."),
                [
                    self._make_entry("", self._get_facts(prospect, SILENCE))
                    for prospect in self.env["mailjet.retention"].search(
                        [("email", "=", email)]
                    )
                ],
            ),
        ]
