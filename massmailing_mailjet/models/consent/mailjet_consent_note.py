from markupsafe import Markup

from odoo import api, models
from odoo.tools import SQL, format_datetime

from ...const import RECORD_SOURCES


class MailjetConsentNote(models.AbstractModel):
    """Writes in the chatter of the contacts, accounts and leads of an address that it
    refuses mass mailings, with the proof, and who has let it in again. Nobody edits or
    deletes these notes; the truth is in ``mailjet.consent``."""

    _name = "mailjet.consent.note"
    _description = "Notes on opt-outs"

    @api.model
    def _log_refusals(self, refusals, source):
        bodies = {
            model: self._collect(model, refusals, lambda r: self._get_proof(r, source))
            for model in RECORD_SOURCES
        }
        self._log(bodies)

    @api.model
    def _log_end(self, ended):
        """Log who has lifted refusals, and of which causes."""
        rows = ended.read(["email", "res_model", "res_id", "cause"], load=None)
        self._log(
            {
                model: self._collect(model, rows, self._get_end)
                for model in RECORD_SOURCES
            }
        )

    @api.model
    def _log_reason(self, refusals):
        """Log what was said of refusals, in the name of whoever enters it."""
        rows = refusals.read(["email", "res_model", "res_id", "reason"], load=None)
        label = self.env._("Reason")
        note = Markup("<p>%s: %s</p>")
        self._log(
            {
                model: self._collect(model, rows, lambda r: note % (label, r["reason"]))
                for model in RECORD_SOURCES
            }
        )

    @api.model
    def _collect(self, model, refusals, describe):
        """Return notes by the ids of the model's records that refusals are of."""
        by_email, notes = {}, {}
        for refusal in refusals:
            if refusal["email"]:
                by_email.setdefault(refusal["email"], []).append(describe(refusal))
            elif refusal["res_model"] == model:
                notes.setdefault(refusal["res_id"], []).append(describe(refusal))
        for record_id, email in self._find_records(model, list(by_email)):
            notes.setdefault(record_id, []).extend(by_email[email])
        return {key: Markup("").join(parts) for key, parts in notes.items()}

    @api.model
    def _find_records(self, model, emails):
        if not emails:
            return []
        return self.env.execute_query(
            SQL(
                "SELECT id, email_normalized FROM %s WHERE email_normalized = ANY(%s)",
                SQL.identifier(self.env[model]._table),
                emails,
            )
        )

    @api.model
    def _log(self, bodies):
        subtype = self.env.ref("massmailing_mailjet.mail_message_subtype_consent")
        for model, notes in bodies.items():
            if notes:
                messages = self.env[model].browse(notes)._message_log_batch(notes)
                messages.subtype_id = subtype

    @api.model
    def _get_end(self, refusal):
        causes = dict(
            self.env["mailjet.consent"]
            ._fields["cause"]
            ._description_selection(self.env)
        )
        return Markup("<p>%s</p>") % self.env._(
            "Receives mass mailings again, as decided by %(user)s. Previously: "
            "%(cause)s.",
            user=self.env.user.name,
            cause=causes[refusal["cause"]],
        )

    @api.model
    def _get_proof(self, refusal, source):
        """Return what is known of a refusal as the HTML of a note."""
        mailing = self.env["mailjet.mailing"].browse(refusal["mailing_id"])
        sources = dict(
            self.env["mailjet.consent"]
            ._fields["source"]
            ._description_selection(self.env)
        )
        date = format_datetime(self.env, refusal["date"], tz="UTC")
        facts = [
            (self.env._("Date"), f"{date} (UTC)"),
            (self.env._("Known from"), sources[source]),
            (self.env._("Mailing"), mailing.display_name),
            (self.env._("Reason"), refusal["reason"]),
            (self.env._("IP address"), refusal["ip"]),
            (self.env._("Browser or program"), refusal["agent"]),
            (self.env._("Mailjet's comment"), refusal["comment"]),
        ]
        lines = [
            Markup("<li>%s: %s</li>") % (label, value)
            for label, value in facts
            if value
        ]
        return Markup("<p>%s</p><ul>%s</ul>") % (
            self._get_headline(refusal["cause"], source),
            Markup("").join(lines),
        )

    @api.model
    def _get_headline(self, cause, source):
        if cause == "unsubscribed" and source in ("webhook", "pull", "list"):
            return self.env._("Unsubscribed from mass mailing at Mailjet.")
        return {
            "bounced": self.env._("This address does not work: an email bounced."),
            "complained": self.env._("Marked our email as spam."),
            "unsubscribed": self.env._("Unsubscribed from mass mailing."),
            "blacklisted": self.env._("Blacklisted: receives no mass mailings."),
        }[cause]
