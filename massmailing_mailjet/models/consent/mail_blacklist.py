from odoo import api, fields, models
from odoo.tools import SQL, email_normalize

from .mailjet_consent_query import IN_FORCE
from .mailjet_key_mixin import DIGEST


class MailBlacklist(models.Model):
    """Odoo's blacklist: blacklisted addresses have opted out of mass mailings, and
    addresses that opt out of mass mailings are blacklisted, for Odoo's other
    applications.

    An entry that mass mailing added is removed when the opt-out is lifted; one that a
    user added is only lifted by removing it here.
    """

    _inherit = "mail.blacklist"

    massmailing_added = fields.Boolean(
        string="Added by Mass Mailing",
        readonly=True,
        help="The address unsubscribed, complained or bounced, and nobody has "
        "blacklisted it here since then.",
    )

    # === CHANGES OF THE BLACKLIST === #

    @api.model_create_multi
    def create(self, vals_list):
        entries = super().create(vals_list)
        entries.filtered("active")._blacklist_by_hand()
        # An address may be removed from the blacklist without having been on it.
        for vals in vals_list:
            if vals.get("active") is False:
                self._unblacklist_by_hand([email_normalize(vals["email"])])
        return entries

    def write(self, vals):
        before = set(self.mapped("email")) if {"active", "email"} & vals.keys() else ()
        result = super().write(vals)
        if before:
            active = self.filtered("active")
            active._blacklist_by_hand()
            self._unblacklist_by_hand(before - set(active.mapped("email")))
        return result

    def unlink(self):
        emails = self.mapped("email")
        result = super().unlink()
        self._unblacklist_by_hand(emails)
        return result

    def _add(self, email, message=None):
        record = super()._add(email, message=message)
        record._blacklist_by_hand()
        return record

    def _remove(self, email, message=None):
        record = super()._remove(email, message=message)
        self._unblacklist_by_hand(record.mapped("email"))
        return record

    def _blacklist_by_hand(self):
        """Record entries as decisions of the users who blacklisted the addresses."""
        if not self:
            return
        added = self.filtered("massmailing_added")
        if added:
            added.sudo().write({"massmailing_added": False})
        self.env["mailjet.consent"]._opt_out(
            [
                {
                    "email": email,
                    "cause": "blacklisted",
                    "date": fields.Datetime.now(),
                }
                for email in self.mapped("email")
            ],
            "blacklist",
        )

    @api.model
    def _unblacklist_by_hand(self, emails):
        """Lift only what was decided here, if a user with access does it."""
        if self.has_access("write"):
            self.env["mailjet.consent"]._opt_in(emails, causes=["blacklisted"])

    @api.model
    def _enter_existing(self):
        """Store an opt-out for each address that was blacklisted before the store
        existed."""
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO mailjet_consent (
                       email, cause, date, source, user_id,
                       create_uid, create_date, write_uid, write_date)
                SELECT email, 'blacklisted', COALESCE(write_date, %(now)s), 'blacklist',
                       create_uid, %(user)s, %(now)s, %(user)s, %(now)s
                  FROM mail_blacklist WHERE active AND massmailing_added IS NOT TRUE
                    ON CONFLICT DO NOTHING
                """,
                now=self.env.cr.now(),
                user=self.env.uid,
            )
        )

    # === CHANGES OF THE STORE === #

    @api.model
    def _follow_opt_out(self, emails):
        """Blacklist addresses that have opted out in other ways."""
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO mail_blacklist AS b (
                       email, active, massmailing_added, create_uid, create_date,
                       write_uid, write_date)
                SELECT email, TRUE, TRUE, %(user)s, %(now)s, %(user)s, %(now)s
                  FROM unnest(%(emails)s::text[]) AS f (email) WHERE email ~ '@'
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
        self.invalidate_model()

    @api.model
    def _follow_opt_in(self, emails, is_by_recipient):
        """Remove addresses from the blacklist that have opted in again, except those
        that a user has blacklisted."""
        entries = self.sudo().search(
            [("email", "in", emails), ("massmailing_added", "=", True)]
        )
        message = (
            self.env._("Subscribed to mass mailings again by the recipient.")
            if is_by_recipient
            else self.env._(
                "Subscribed to mass mailings again by %s.", self.env.user.name
            )
        )
        for entry in entries:
            entry._track_set_log_message(message)
        entries.action_archive()

    # === ERASING === #

    @api.model
    def _forget(self, emails=None):
        """Delete the entries of erased addresses that mass mailing added. An active one
        stays as long as any record has the address: it keeps Odoo's other applications
        from writing to it.

        :param emails: only these, by default all that were ever erased
        """
        if not self.env["mailjet.consent.key"]._is_used():
            return
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT b.id FROM mail_blacklist b, mailjet_consent_key k
                 WHERE b.massmailing_added AND %(chosen)s
                   AND EXISTS (SELECT FROM mailjet_erasure x
                                WHERE x.digest = %(digest)s)
                   AND NOT EXISTS (SELECT FROM mailjet_consent c
                                    WHERE c.email = b.email AND %(in_force)s)
                   AND NOT (b.active AND (%(held)s))
                """,
                chosen=SQL("TRUE")
                if emails is None
                else SQL("b.email = ANY(%s)", emails),
                digest=SQL(DIGEST, SQL("b.email")),
                in_force=IN_FORCE,
                held=SQL(" OR ").join(self._get_holders()),
            )
        )
        self.sudo().browse(entry_id for (entry_id,) in rows).unlink()

    @api.model
    def _get_holders(self):
        """Yield, for each model that Odoo's blacklist protects, the SQL of whether one
        of its records has the address of an entry ``b``."""
        models = self.env["ir.model"].sudo().search([("is_mail_blacklist", "=", True)])
        for model in map(self.env.get, models.mapped("model")):
            if model is not None and model._auto and not model._abstract:
                yield SQL(
                    "EXISTS (SELECT FROM %s h WHERE h.email_normalized = b.email)",
                    SQL.identifier(model._table),
                )

    @api.model
    def _follow_recalled(self, emails):
        """Blacklist erased addresses again that have come back and are opted out."""
        known = self.env.execute_query(
            SQL("SELECT email FROM mail_blacklist WHERE email = ANY(%s)", list(emails))
        )
        self._follow_opt_out(sorted(set(emails) - {email for (email,) in known}))
