from odoo import api, models

# The proof of a choice about measuring, by its fields: before and after the text.
PROOF = ("company_id", "date", "source", "source_text")
VISIT = ("user_id", "ip", "agent", "ended_date")
SIGNUP = (
    *("signup_date", "signup_ip", "confirmed_date", "confirmed_ip"),
    *("source", "account_id"),
)


class MailjetConsentRecord(models.AbstractModel):
    """What an address has agreed to: to be measured, and to receive mailings by signing
    up at Mailjet."""

    _inherit = "mailjet.consent.record"

    @api.model
    def _get_record_parts(self, email):
        return [
            *super()._get_record_parts(email),
            self._make_part(
                34,
                self.env._("Sign-ups at Mailjet"),
                self.env._("The address has not signed up in a form of Mailjet."),
                self._describe_signups(email),
            ),
            self._make_part(
                35,
                self.env._("Whether openings and clicks may be measured"),
                self.env._(
                    "The owner of the address has not been asked, or not answered."
                ),
                self._describe_measuring(email),
            ),
        ]

    @api.model
    def _describe_signups(self, email):
        signups = self.env["mailjet.signup"].search([("email", "=", email)])
        return [
            self._make_entry("", self._get_facts(signup, SIGNUP)) for signup in signups
        ]

    @api.model
    def _describe_measuring(self, email):
        return [
            self._make_entry(
                self.env._(
                    "%(kind)s: %(choice)s",
                    kind=self._show(choice, "kind"),
                    choice=self._show(choice, "choice"),
                ),
                [
                    *self._get_facts(choice, PROOF),
                    self._describe_text(choice),
                    *self._get_facts(choice, VISIT),
                ],
            )
            for choice in self._find("mailjet.measuring", email)
        ]

    @api.model
    def _describe_text(self, choice):
        """Return the label and the text that was answered, in the language in which it
        was shown."""
        label = choice.fields_get(["text_id"], ["string"])["text_id"]["string"]
        text = choice.text_id._filtered_access("read")
        return label, text and text._get_body(choice.lang)
