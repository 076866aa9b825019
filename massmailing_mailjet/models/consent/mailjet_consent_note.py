from markupsafe import Markup

from odoo import api, fields, models
from odoo.tools import SQL, format_date, format_datetime

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
    def _log_end(self, ended, proof=None):
        """Log who has lifted opt-outs, and for which causes."""
        names = ["email", "res_model", "res_id", "cause", "topic_id", "until_date"]
        rows = ended.read(names, load=None)
        self._log(
            {
                model: self._collect(model, rows, lambda r: self._get_end(r, proof))
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
    def _get_end(self, opt_out, proof):
        """Return the facts of a lifting as the HTML of a note.

        :param proof: that of the recipient; None if the user has lifted it
        """
        if proof is None:
            return Markup("<p>%s</p>") % self._get_end_by_user(opt_out)
        facts = {"date": fields.Datetime.now(), "mailing_id": None, **proof}
        return Markup("<p>%s</p>%s") % (
            self._get_end_by_recipient(opt_out),
            self._list_facts(facts, "recipient"),
        )

    @api.model
    def _get_end_by_user(self, opt_out):
        user = self.env.user.name
        if opt_out["topic_id"]:
            return self.env._(
                "Receives mailings of the topic “%(topic)s” again, as decided by "
                "%(user)s.",
                topic=self._get_topic_name(opt_out),
                user=user,
            )
        if opt_out["cause"] == "paused":
            return self.env._(
                "The pause until %(date)s is over, as decided by %(user)s.",
                date=format_date(self.env, opt_out["until_date"]),
                user=user,
            )
        return self.env._(
            "Receives mass mailings again, as decided by %(user)s. Previously: "
            "%(cause)s.",
            user=user,
            cause=self._get_label("cause", opt_out["cause"]),
        )

    @api.model
    def _get_end_by_recipient(self, opt_out):
        if opt_out["topic_id"]:
            return self.env._(
                "Receives mailings of the topic “%(topic)s” again, as decided by the "
                "recipient.",
                topic=self._get_topic_name(opt_out),
            )
        if opt_out["cause"] == "paused":
            return self.env._(
                "The pause until %(date)s is over, as decided by the recipient.",
                date=format_date(self.env, opt_out["until_date"]),
            )
        return self.env._(
            "Receives mass mailings again, as decided by the recipient. Previously: "
            "%(cause)s.",
            cause=self._get_label("cause", opt_out["cause"]),
        )

    @api.model
    def _get_proof(self, opt_out, source):
        """Return the facts of an opt-out as the HTML of a note."""
        return Markup("<p>%s</p>%s") % (
            self._get_headline(opt_out, source),
            self._list_facts(opt_out, source),
        )

    @api.model
    def _list_facts(self, proof, source):
        mailing = self.env["mailjet.mailing"].browse(proof["mailing_id"])
        date = format_datetime(self.env, proof["date"], tz="UTC")
        facts = [
            (self.env._("Date"), f"{date} (UTC)"),
            (self.env._("Known from"), self._get_label("source", source)),
            (self.env._("Mailing"), mailing.display_name),
            (self.env._("Reason"), proof.get("reason")),
            (self.env._("IP address"), proof.get("ip")),
            (self.env._("Browser or program"), proof.get("agent")),
            (self._get_comment_label(source), proof.get("comment")),
        ]
        lines = [
            Markup("<li>%s: %s</li>") % (label, value)
            for label, value in facts
            if value
        ]
        return Markup("<ul>%s</ul>") % Markup("").join(lines)

    @api.model
    def _get_comment_label(self, source):
        if source == "recipient":
            return self.env._("Comment")
        return self.env._("Mailjet's comment")

    @api.model
    def _get_label(self, name, value):
        """Return the label of a value of one of the store's selections."""
        field = self.env["mailjet.consent"]._fields[name]
        return dict(field._description_selection(self.env))[value]

    @api.model
    def _get_topic_name(self, opt_out):
        return self.env["mailjet.topic"].sudo().browse(opt_out["topic_id"]).name

    @api.model
    def _get_headline(self, opt_out, source):
        cause = opt_out["cause"]
        if opt_out["topic_id"]:
            return self.env._(
                "Unsubscribed from the topic “%s”.", self._get_topic_name(opt_out)
            )
        if cause == "paused":
            return self.env._(
                "Receives no mass mailings until %s.",
                format_date(self.env, opt_out["until_date"]),
            )
        if cause == "unsubscribed" and source in ("webhook", "sync", "list"):
            return self.env._("Unsubscribed from mass mailing at Mailjet.")
        return {
            "bounced": self.env._("This address does not work: an email bounced."),
            "complained": self.env._("Marked our email as spam."),
            "unsubscribed": self.env._("Unsubscribed from mass mailing."),
            "blacklisted": self.env._("Blacklisted: receives no mass mailings."),
        }[cause]
