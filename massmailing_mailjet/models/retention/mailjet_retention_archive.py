import time
from functools import partial

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL
from odoo.tools.misc import split_every

from ...const import RECORD_SOURCES
from ..attempt import attempt
from .mailjet_retention_refresh import RUN_SECONDS

# Addresses that are archived in one transaction.
FEW = 100


class MailjetRetention(models.Model):
    """Archives the records of prospects and erases what mass mailing knows of them,
    by which Mailjet deletes their addresses: for the manager who has confirmed it, with
    that user's rights.

    An address is archived as a whole or not at all: one of whose records the user may
    not change would otherwise be uploaded to Mailjet again.
    """

    _inherit = "mailjet.retention"

    # === CONFIRMING === #

    def action_confirm(self):
        """Open the dialog that says what is archived, and asks for confirmation."""
        self._check_manager()
        chosen = self._get_chosen(("state", "=", "expired"))
        rows = self.browse(chosen)
        if not rows:
            raise UserError(
                self.env._(
                    "None of these prospects can be archived yet: each is asked first "
                    "and has time to answer."
                )
            )
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Archive prospects"),
            "res_model": "mailjet.retention.archive",
            "view_mode": "form",
            "target": "new",
            "context": {"default_retention_ids": rows.ids},
        }

    def _confirm(self):
        """Have the rows archived in the background, in the name of the user."""
        self._check_manager()
        self.check_access("read")
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                """
                UPDATE mailjet_retention
                   SET state = 'confirmed', confirmed_date = %s, confirmed_user_id = %s,
                       issue = NULL
                 WHERE state = 'expired' AND id = ANY(%s)
                """,
                fields.Datetime.now(),
                self.env.uid,
                self.ids,
            )
        )
        self.invalidate_model()
        self._archive_soon()

    # === ARCHIVING === #

    @api.model
    def _archive_soon(self, date=None):
        """Let the cron go on, at a date if one is given."""
        self.env.ref("massmailing_mailjet.ir_cron_retention_archive")._trigger(date)

    @api.model
    def _cron_archive(self):
        """Archive what was confirmed, and delete contacts at Mailjet; what fails is
        logged and tried again."""
        deadline = time.monotonic() + RUN_SECONDS
        groups = self._read_group(
            [
                ("state", "=", "confirmed"),
                ("company_id.mailjet_retention_months", ">", 0),
            ],
            ["company_id", "confirmed_user_id"],
            ["id:array_agg"],
        )
        for company, user, ids in groups:
            for few in split_every(FEW, ids):
                if time.monotonic() > deadline:
                    return self._archive_soon()
                attempt(self.browse(few), partial(self._archive_for, company, user))
                self.env["ir.cron"]._commit_progress(len(few))
        return self.env["mailjet.contact.deletion"]._process(deadline)

    @api.model
    def _archive_for(self, company, user, rows):
        """Archive rows of a company for the user who has confirmed it, unless there was
        a contact since."""
        self._refresh_addresses(company, rows.exists().mapped("email"))
        rows = rows.exists().filtered(lambda row: row.state == "confirmed")
        acting = rows.with_user(user).with_context(
            allowed_company_ids=company.ids,
            lang=user.lang,
        )
        acting._archive_what_can_be()

    def _archive_what_can_be(self):
        """Archive the rows that the user can archive; the others say why not. Odoo
        refuses records one by one: which, only shows when fewer are tried."""
        if not self:
            return
        try:
            with self.env.cr.savepoint():
                self._archive()
        except UserError as error:
            if len(self) == 1:
                self.sudo().write({"state": "expired", "issue": str(error)})
                return
            half = len(self) // 2
            self[:half]._archive_what_can_be()
            self[half:]._archive_what_can_be()

    def _archive(self):
        """Archive and erase the addresses of the rows, with the rights of the user.

        :raise UserError: if one of their records cannot be archived
        """
        self._check_manager()
        emails = self.mapped("email")
        records = tuple(self._find_all_records(model) for model in RECORD_SOURCES)
        for found in records:
            found.filtered("active").action_archive()
            found._message_log_batch(dict.fromkeys(found.ids, self._get_note()))
        self._forget()
        self.env["mailjet.erasure"]._erase(records, emails)
        self.env["mailjet.consent.act"]._log(emails, "archived")

    def _find_all_records(self, model):
        """Return all records with the addresses.

        :raise UserError: if the user may not change one of them, naming those that the
            user may see
        """
        everything = self.sudo()._find_records(model)
        found = self._find_records(model)
        writable = found._filtered_access("write")
        if everything - writable.sudo():
            names = (found - writable).mapped("display_name")
            raise UserError(
                self.env._("You may not change these records: %s.", ", ".join(names))
                if names
                else self.env._("You may not see all records with this address.")
            )
        return found

    def _count_records(self, model):
        """Return how many active records of a model have the addresses."""
        return self.env[model].search_count(self._get_records_domain())

    def _get_note(self):
        """Return what is logged on each record."""
        months = self.company_id.sudo().mailjet_retention_months
        return self.env._(
            "Archived after %s months without contact. The mass mailing data was "
            "erased, and the address is deleted at Mailjet.",
            months,
        )

    def _forget(self):
        """Keep that the rows were archived, by whom and when, but not whose they
        were."""
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                """
                UPDATE mailjet_retention
                   SET state = 'archived', archived_date = %s, email = NULL,
                       kept_date = NULL, kept_ip = NULL, kept_agent = NULL, issue = NULL
                 WHERE id = ANY(%s)
                """,
                fields.Datetime.now(),
                self.ids,
            )
        )
        self.invalidate_model()
