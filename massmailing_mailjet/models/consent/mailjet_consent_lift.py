import logging

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL

from ...const import MANAGER_CAUSES

_logger = logging.getLogger(__name__)


class MailjetConsentLift(models.AbstractModel):
    """The only way to lift opt-outs in ``mailjet.consent``: a user with the right opts
    an address in again, or the recipient does. Nothing and nobody else does."""

    _name = "mailjet.consent.lift"
    _description = "Lifting of opt-outs"

    @api.model
    def _is_by_person(self):
        """Return whether an identifiable person acts here: no program, no import and
        nobody from outside ever lifts an opt-out."""
        context = self.env.context
        is_import = context.get("import_file") or "_import_current_module" in context
        return not (self.env.su or is_import or self._is_by_program())

    @api.model
    def _is_by_program(self):
        """Return whether a program acts here, even in the name of a user, or somebody
        from outside."""
        user = self.env.user
        is_action = self.env.context.get("massmailing_by_program")
        return bool(user._is_superuser() or user.share or is_action)

    @api.model
    def _lift(self, emails=(), records=None, causes=None):
        """Lift opt-outs of everything for the user, and make Mailjet allow addresses
        without any left.

        :param emails: the addresses whose opt-outs are lifted
        :param records: also lift the opt-outs of these records without an address
        :param causes: only these; by default all but a user's blacklisting, which is
            lifted in the blacklist
        :raise UserError: if there is nothing to lift here
        :raise AccessError: if the user may not lift one of the opt-outs
        """
        if not self._is_by_person():
            _logger.info("Opt-outs are only lifted by users, not by %s", self.env.uid)
            return
        # From here on, the digests of erased addresses are treated like the others.
        emails = [email for email in emails if email]
        self.env["mailjet.consent.key"]._recall(emails)
        found = self._find_in_force(emails, records, causes)
        if causes is None:
            found = self._without_blacklisted(found)
            self._check_may_lift(found)
        if not found:
            return
        self._end(found)
        self._follow(found)

    @api.model
    def _lift_partial(self, opt_outs):
        """Lift opt-outs of topics, and pauses, for the user, who may do so."""
        if not self._is_by_person():
            return
        found = opt_outs.filtered(lambda opt_out: not opt_out.ended_date)
        found -= found._of_everything()
        if found:
            self._end(found)
            self._follow(found)

    @api.model
    def _lift_by_recipient(self, found, proof):
        """Lift opt-outs of an address, topics and pauses included, for the recipient.

        :param found: see :meth:`MailjetConsent._find_taken_back`
        :param dict proof: see :meth:`MailjetConsent._change_by_recipient`
        """
        if found:
            self._end(found, proof)
            self._follow(found, proof)

    @api.model
    def _find_in_force(self, emails, records, causes):
        """Return the active opt-outs of addresses and of records without one, of
        everything."""
        self.env.flush_all()
        domain = [("email", "in", emails)]
        if records:
            of_records = [
                ("res_model", "=", records._name),
                ("res_id", "in", records.ids),
            ]
            domain = ["|", *domain, "&", *of_records]
        if causes is not None:
            domain.append(("cause", "in", causes))
        return (
            self.env["mailjet.consent"]
            .sudo()
            .search([("ended_date", "=", False), *domain])
            ._of_everything()
        )

    @api.model
    def _without_blacklisted(self, found):
        """Skip what a user has put on Odoo's blacklist, for all its applications.

        :raise UserError: if that is all there is
        """
        blacklisted = found.filtered(lambda opt_out: opt_out.cause == "blacklisted")
        entries = (
            self.env["mail.blacklist"]
            .sudo()
            .search([("email", "in", blacklisted.mapped("email"))])
            .filtered(lambda entry: not entry.massmailing_added)
        )
        kept = blacklisted.filtered(lambda r: r.email in set(entries.mapped("email")))
        if kept and kept == found:
            raise UserError(
                self.env._(
                    "%s is on Odoo's blacklist. It receives mass mailings again once "
                    "it is removed from there.",
                    ", ".join(kept.mapped("email")[:5]),
                )
            )
        return found - kept

    @api.model
    def _check_may_lift(self, found):
        """Check that the user may lift opt-outs.

        :raise AccessError: if they may not
        """
        has_group = self.env.user.has_group
        if found and not has_group("massmailing_mailjet.mailjet_group_user"):
            raise AccessError(
                self.env._(
                    "This address has unsubscribed from mass mailings. Only Mass "
                    "Mailing users can allow it again."
                )
            )
        if set(found.mapped("cause")) & set(MANAGER_CAUSES) and not has_group(
            "massmailing_mailjet.mailjet_group_manager"
        ):
            raise AccessError(
                self.env._(
                    "This address has bounced or marked an email as spam. Only Mass "
                    "Mailing managers can allow it again."
                )
            )

    @api.model
    def _end(self, found, proof=None):
        """End opt-outs, for the user or, with a proof, for the recipient."""
        found.flush_recordset()
        user_id = self.env.uid if proof is None else None
        self.env.cr.execute(
            SQL(
                """
                UPDATE mailjet_consent
                   SET ended_date = %(now)s, ended_user_id = %(user)s,
                       ended_source = %(source)s, ended_ip = %(ip)s,
                       ended_agent = %(agent)s, write_date = %(now)s,
                       write_uid = %(uid)s
                 WHERE id = ANY(%(ids)s)
                """,
                now=fields.Datetime.now(),
                user=user_id,
                source="user" if user_id else "recipient",
                ip=proof and proof.get("ip"),
                agent=proof and proof.get("agent"),
                uid=self.env.uid,
                ids=found.ids,
            )
        )
        found.invalidate_model()

    @api.model
    def _follow(self, ended, proof=None):
        """Apply lifted opt-outs everywhere else."""
        for records in self._get_marked(ended):
            records._unmark_opt_outs()
        free = self._find_free(ended)
        if free:
            self.env["mail.blacklist"]._follow_opt_in(free, proof is not None)
            self.env["mailjet.consent"]._after_opt_in(free)
        self.env["mailjet.consent.note"].sudo()._log_end(ended, proof)
        emails = {opt_out.email for opt_out in ended if opt_out.email}
        self.env["mailjet.consent"]._apply(sorted(emails))

    @api.model
    def _find_free(self, ended):
        """Return the addresses that opted out of everything until now, and of which no
        other cause is left."""
        of_everything = ended._of_everything()
        emails = {opt_out.email for opt_out in of_everything if opt_out.email}
        still = self.env["mailjet.consent"]._get_opt_outs(emails)
        return sorted(emails - still.keys())

    @api.model
    def _get_marked(self, opt_outs):
        """Return the records without an address that these opt-outs belong to."""
        of_records = opt_outs.filtered("res_model")
        return [
            self.env[model].browse(rows.mapped("res_id")).exists()
            for model, rows in of_records.grouped("res_model").items()
        ]
