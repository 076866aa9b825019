from markupsafe import Markup

from odoo import api, models
from odoo.tools import SQL, email_normalize, format_datetime

FLAGGED_MODELS = ("res.partner", "crm.lead")


class MailjetConsent(models.AbstractModel):
    """Makes addresses refuse mass mailings: on every contact, account and lead that
    has them, and in Odoo's blacklist. What comes from Mailjet only ever tightens; a
    named user alone loosens."""

    _name = "mailjet.consent"
    _description = "Mass Mailing Consent"

    @api.model
    def _tighten(self, refusals):
        """Flag the records of addresses, and write on each how it is known.

        :param refusals: dicts of ``email``, ``cause`` (``bounced``, ``complained`` or
            ``unsubscribed``), ``date`` and, where known, ``mailing_id``, ``ip``,
            ``agent``, ``comment``
        """
        # Where an address has several causes, the first in the alphabet is its cause.
        by_email = {
            refusal["email"]: refusal
            for refusal in sorted(refusals, key=lambda r: r["cause"], reverse=True)
        }
        if not by_email:
            return
        for model in FLAGGED_MODELS:
            self._log(model, by_email, self._flag(model, by_email))
        self._blacklist(by_email)
        self.env["mailjet.ledger"]._update_after_unsubscribe(list(by_email))

    @api.model
    def _flag(self, model, by_email):
        """Flag the model's records that are not, or that have a weaker cause, and
        return their ids by address. They may be thousands: it is done by SQL."""
        self.env.flush_all()
        columns = ("email", "cause", "date")
        values = zip(
            *([refusal[name] for name in columns] for refusal in by_email.values()),
            strict=True,
        )
        rows = self.env.execute_query(
            SQL(
                """
                UPDATE %(table)s s
                   SET massmailing_unsubscribed = TRUE,
                       massmailing_unsubscribed_cause = f.cause,
                       massmailing_unsubscribed_date =
                           LEAST(s.massmailing_unsubscribed_date, f.date),
                       write_date = %(now)s, write_uid = %(user)s
                  FROM unnest(%(emails)s::text[], %(causes)s::text[],
                              %(dates)s::timestamp[]) AS f (email, cause, date)
                 WHERE s.email_normalized = f.email
                   AND (s.massmailing_unsubscribed IS NOT TRUE
                        OR s.massmailing_unsubscribed_cause > f.cause)
             RETURNING s.email_normalized, s.id
                """,
                table=SQL.identifier(self.env[model]._table),
                now=self.env.cr.now(),
                user=self.env.uid,
                **dict(
                    zip(("emails", "causes", "dates"), map(list, values), strict=True)
                ),
            )
        )
        self.env[model].invalidate_model()
        flagged = {}
        for email, record_id in rows:
            flagged.setdefault(email, []).append(record_id)
        return flagged

    @api.model
    def _log(self, model, by_email, flagged):
        """Write the proof in the chatter of the records."""
        bodies = {}
        for email, ids in flagged.items():
            bodies |= dict.fromkeys(ids, self._get_proof(by_email[email]))
        if bodies:
            self.env[model].browse(bodies)._message_log_batch(bodies)

    @api.model
    def _get_proof(self, refusal):
        """Return what is known of a refusal as the HTML of a note."""
        mailing = self.env["mailjet.mailing"].browse(refusal.get("mailing_id"))
        told = {
            "bounced": self.env._("This address does not work: an e-mail came back."),
            "complained": self.env._("Marked our e-mail as spam."),
            "unsubscribed": self.env._("Unsubscribed from mass mailing at Mailjet."),
        }
        facts = [
            (self.env._("On"), format_datetime(self.env, refusal["date"], tz="UTC")),
            (self.env._("Mailing"), mailing.display_name),
            (self.env._("IP address"), refusal.get("ip")),
            (self.env._("Browser or program"), refusal.get("agent")),
            (self.env._("In Mailjet's words"), refusal.get("comment")),
        ]
        lines = [
            Markup("<li>%s: %s</li>") % (label, value)
            for label, value in facts
            if value
        ]
        return Markup("<p>%s</p><ul>%s</ul>") % (
            told[refusal["cause"]],
            Markup("").join(lines),
        )

    @api.model
    def _blacklist(self, by_email):
        """Add the addresses to Odoo's blacklist, for its other applications."""
        emails = sorted({email for email in map(email_normalize, by_email) if email})
        Blacklist = self.env["mail.blacklist"]
        Blacklist.flush_model()
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO mail_blacklist AS b (
                       email, active, massmailing_added, create_uid, create_date,
                       write_uid, write_date)
                SELECT email, TRUE, TRUE, %(user)s, %(now)s, %(user)s, %(now)s
                  FROM unnest(%(emails)s::text[]) AS f (email)
                    ON CONFLICT (email) DO UPDATE
                   SET active = TRUE, massmailing_added = TRUE, write_uid = %(user)s,
                       write_date = %(now)s
                 WHERE b.active IS NOT TRUE
                """,
                user=self.env.uid,
                now=self.env.cr.now(),
                emails=emails,
            )
        )
        Blacklist.invalidate_model()

    @api.model
    def _forget(self, emails):
        pass

    @api.model
    def _loosen(self, emails):
        """Take addresses off Odoo's blacklist that the user has let in again, but none
        that somebody has blacklisted there himself. No program does this: it takes a
        user who can be named."""
        if self.env.user._is_superuser():
            return
        entries = (
            self.env["mail.blacklist"]
            .sudo()
            .search([("email", "in", emails), ("massmailing_added", "=", True)])
        )
        for entry in entries:
            entry._track_set_log_message(
                self.env._(
                    "Subscribed to mass mailing again by %s.", self.env.user.name
                )
            )
        entries.action_archive()
