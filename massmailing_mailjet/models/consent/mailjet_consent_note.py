from markupsafe import Markup

from odoo import api, models
from odoo.tools import SQL, format_datetime

from ...const import RECORD_SOURCES


class MailjetConsentNote(models.AbstractModel):
    """Logs opt-outs with their proof, and who has lifted them, in the chatter of the
    contacts, accounts and leads of the address. Nobody can edit or delete these notes;
    ``mailjet.consent`` is authoritative."""

    _name = "mailjet.consent.note"
    _description = "Notes on opt-outs"

    @api.model
    def _log_opt_outs(self, opt_outs, source):
        bodies = {
            model: self._collect(model, opt_outs, lambda r: self._get_proof(r, source))
            for model in RECORD_SOURCES
        }
        self._log(bodies)

    @api.model
    def _log_end(self, ended):
        """Log who has lifted opt-outs, and for which causes."""
        rows = ended.read(["email", "res_model", "res_id", "cause"], load=None)
        self._log(
            {
                model: self._collect(model, rows, self._get_end)
                for model in RECORD_SOURCES
            }
        )

    @api.model
    def _log_reason(self, opt_outs):
        """Log the reason of opt-outs, on behalf of the user who enters it."""
        rows = opt_outs.read(["email", "res_model", "res_id", "reason"], load=None)
        label = self.env._("Reason")
        note = Markup("<p>%s: %s</p>")
        self._log(
            {
                model: self._collect(model, rows, lambda r: note % (label, r["reason"]))
                for model in RECORD_SOURCES
            }
        )

    @api.model
    def _collect(self, model, opt_outs, describe):
        """Return the notes on opt-outs by the ids of the model's records."""
        by_email, notes = {}, {}
        for opt_out in opt_outs:
            if opt_out["email"]:
                by_email.setdefault(opt_out["email"], []).append(describe(opt_out))
            elif opt_out["res_model"] == model:
                notes.setdefault(opt_out["res_id"], []).append(describe(opt_out))
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
    def _get_end(self, opt_out):
        causes = dict(
            self.env["mailjet.consent"]
            ._fields["cause"]
            ._description_selection(self.env)
        )
        return Markup("<p>%s</p>") % self.env._(
            "Receives mass mailings again, as decided by %(user)s. Previously: "
            "%(cause)s.",
            user=self.env.user.name,
            cause=causes[opt_out["cause"]],
        )

    @api.model
    def _get_proof(self, opt_out, source):
        """Return the facts of an opt-out as the HTML of a note."""
        mailing = self.env["mailjet.mailing"].browse(opt_out["mailing_id"])
        sources = dict(
            self.env["mailjet.consent"]
            ._fields["source"]
            ._description_selection(self.env)
        )
        date = format_datetime(self.env, opt_out["date"], tz="UTC")
        facts = [
            (self.env._("Date"), f"{date} (UTC)"),
            (self.env._("Known from"), sources[source]),
            (self.env._("Mailing"), mailing.display_name),
            (self.env._("Reason"), opt_out["reason"]),
            (self.env._("IP address"), opt_out["ip"]),
            (self.env._("Browser or program"), opt_out["agent"]),
            (self.env._("Mailjet's comment"), opt_out["comment"]),
        ]
        lines = [
            Markup("<li>%s: %s</li>") % (label, value)
            for label, value in facts
            if value
        ]
        return Markup("<p>%s</p><ul>%s</ul>") % (
            self._get_headline(opt_out["cause"], source),
            Markup("").join(lines),
        )

    @api.model
    def _get_headline(self, cause, source):
        if cause == "unsubscribed" and source in ("webhook", "sync", "list"):
            return self.env._("Unsubscribed from mass mailing at Mailjet.")
        return {
            "bounced": self.env._("This address does not work: an email bounced."),
            "complained": self.env._("Marked our email as spam."),
            "unsubscribed": self.env._("Unsubscribed from mass mailing."),
            "blacklisted": self.env._("Blacklisted: receives no mass mailings."),
        }[cause]
