import logging

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL

from ...const import MANAGER_CAUSES

_logger = logging.getLogger(__name__)


class MailjetConsentLift(models.AbstractModel):
    """The one way out of ``mailjet.consent``: a person with the right lets an address
    in again. Nothing and nobody else does."""

    _name = "mailjet.consent.lift"
    _description = "Lifting of opt-outs"

    @api.model
    def _is_by_person(self):
        """Return whether a person who can be named acts here: no program, no import
        and nobody from outside ever lifts a refusal."""
        context = self.env.context
        return not (
            self.env.su
            or self.env.user._is_superuser()
            or self.env.user.share
            or context.get("import_file")
            or "_import_current_module" in context
            or context.get("massmailing_by_program")
        )

    @api.model
    def _lift(self, emails=(), records=None, causes=None):
        """Lift refusals for the user, and tell Mailjet to let in who has none left.

        :param emails: whose refusals are lifted
        :param records: of these, what is kept under the record as well
        :param causes: only these; by default all but a blacklisting by hand, which is
            lifted where it was made
        :raise UserError: when the user may not, or when there is nothing to lift here
        """
        if not self._is_by_person():
            _logger.info("Refusals are only lifted by users, not by %s", self.env.uid)
            return
        # The digests of erased addresses are told from here on as the others.
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
    def _find_in_force(self, emails, records, causes):
        """Return the refusals in force of addresses and of records without one."""
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
        )

    @api.model
    def _without_blacklisted(self, found):
        """Leave what somebody has put on Odoo's blacklist, for all its applications.

        :raise UserError: when that is all there is
        """
        blacklisted = found.filtered(lambda refusal: refusal.cause == "blacklisted")
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
        """Check that the user may lift refusals.

        :raise AccessError: when he may not
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
    def _end(self, found):
        found.flush_recordset()
        self.env.cr.execute(
            SQL(
                """
                UPDATE mailjet_consent
                   SET ended_date = %(now)s, ended_user_id = %(user)s,
                       write_date = %(now)s, write_uid = %(user)s
                 WHERE id = ANY(%(ids)s)
                """,
                now=fields.Datetime.now(),
                user=self.env.uid,
                ids=found.ids,
            )
        )
        found.invalidate_model()

    @api.model
    def _follow(self, ended):
        """Let everything else follow refusals that a user has lifted."""
        for records in self._get_marked(ended):
            records._unmark_refusals()
        emails = {refusal.email for refusal in ended if refusal.email}
        still = self.env["mailjet.consent"]._get_refusals(emails)
        free = sorted(emails - still.keys())
        self.env["mail.blacklist"]._follow_opt_in(free)
        self.env["mailjet.consent"]._after_opt_in(free)
        self.env["mailjet.consent.note"].sudo()._log_end(ended)
        self.env["mailjet.consent"]._apply(sorted(emails))

    @api.model
    def _get_marked(self, refusals):
        """Return the records without an address that these are kept under."""
        of_records = refusals.filtered("res_model")
        return [
            self.env[model].browse(rows.mapped("res_id")).exists()
            for model, rows in of_records.grouped("res_model").items()
        ]
