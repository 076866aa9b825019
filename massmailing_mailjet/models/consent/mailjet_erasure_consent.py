from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL

from .mailjet_key_mixin import DIGEST

# What the export says of a choice about measuring, beside its company.
EXPORTED_CHOICE = ["kind", "choice", "date", "source", "source_text", "ip", "agent"]


class MailjetErasure(models.Model):
    """Erases the addresses of opt-outs, and keeps the opt-outs without them."""

    _inherit = "mailjet.erasure"

    @api.model
    def _get_addresses(self):
        return {**super()._get_addresses(), "mailjet.signup": "email"}

    @api.model
    def _erase_notes(self, records, emails):
        self._find_proofs(records).unlink()
        return super()._erase_notes(records, emails)

    @api.model
    def _find_proofs(self, records):
        """Return the notes on the records that prove an opt-out."""
        subtype = self.env.ref("massmailing_mailjet.mail_message_subtype_consent")
        of_subtype = Domain("subtype_id", "=", subtype.id)
        notes = self.env["mail.message"].sudo()
        return notes.search(self._on_records(records) & of_subtype)

    @api.model
    def _erase_addresses(self, emails):
        """Keep the opt-outs without their addresses."""
        result = super()._erase_addresses(emails)
        self.env["mailjet.consent"].sudo()._forget(emails)
        self._remember(emails)
        self.env["mailjet.consent.act"]._log(emails, "erased")
        self.env["mail.blacklist"]._forget(emails)
        return result

    @api.model
    def _remember(self, emails):
        """Store the digests of erased addresses."""
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO mailjet_erasure (digest)
                SELECT %s FROM unnest(%s::text[]) AS f (email), mailjet_consent_key k
                    ON CONFLICT (digest) DO NOTHING
                """,
                SQL(DIGEST, SQL("f.email")),
                emails,
            )
        )

    @api.autovacuum
    def _gc_erased(self):
        self.env["mail.blacklist"]._forget()
        return super()._gc_erased()

    @api.model
    def _export(self, records, emails):
        return {
            **super()._export(records, emails),
            "unsubscribed": [
                {
                    "name": record.display_name,
                    "unsubscribed": record.massmailing_unsubscribed,
                    "date": record.massmailing_unsubscribed_date,
                    "cause": record.massmailing_unsubscribed_cause,
                    "reason": record.massmailing_unsubscribed_reason,
                }
                for found in records
                for record in found
            ],
            "topics_and_pauses": [
                {
                    "cause": opt_out.cause,
                    "topic": opt_out.topic_id.name,
                    "date": opt_out.date,
                    "paused_until": opt_out.until_date,
                    "source": opt_out.source,
                    "reason": opt_out.reason,
                    "ip": opt_out.ip,
                    "browser": opt_out.agent,
                    "lifted": opt_out.ended_date,
                    "lifted_through": opt_out.ended_source,
                }
                for opt_out in self._find_partial(emails)
            ],
            "measuring": [
                {"company": choice.company_id.name}
                | {name: choice[name] for name in EXPORTED_CHOICE}
                for choice in self._find_measuring(emails)
            ],
            "signups": [
                {
                    "account": signup.account_id.name,
                    "signed_up": signup.signup_date,
                    "ip": signup.signup_ip,
                    "confirmed": signup.confirmed_date,
                    "confirmed_ip": signup.confirmed_ip,
                    "source": signup.source,
                }
                for signup in self._find_addresses("mailjet.signup", emails)
            ],
            "consent_record": [
                {"act": act.kind, "date": act.date, "user": act.user_id.name}
                for act in self._find_acts(emails)
            ],
        }

    @api.model
    def _find_acts(self, emails):
        """Return what users did about addresses, as far as the user may see it."""
        return self.env["mailjet.consent.act"].search([("email", "in", emails)])

    @api.model
    def _find_measuring(self, emails):
        """Return what addresses have chosen about measuring towards the companies of
        the user."""
        companies = [*self.env.companies.ids, False]
        return (
            self.env["mailjet.measuring"]
            .sudo()
            .search([("email", "in", emails), ("company_id", "in", companies)])
        )

    @api.model
    def _find_partial(self, emails):
        """Return the opt-outs of topics and the pauses of addresses, lifted ones
        included, that the user may see."""
        found = self.env["mailjet.consent"].search([("email", "in", emails)])
        return found - found._of_everything()
