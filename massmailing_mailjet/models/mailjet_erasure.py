from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import html2plaintext

from ..tools.erasing import ERASED, compile_addresses, written_forms


class MailjetErasure(models.Model):
    """Erases people from mass mailing, or exports what it knows of them: their rows,
    events, and every text that holds their addresses, in the user's companies.

    Each room adds its own personal data in its ``mailjet_erasure_<room>.py``. What
    Mailjet still reports afterwards is dropped: the rows of this model are digests of
    the erased addresses.
    """

    _name = "mailjet.erasure"
    _description = "Mass mailing erasure"
    _log_access = False

    digest = fields.Char(required=True, groups=fields.NO_ACCESS)

    _digest_uniq = models.UniqueIndex("(digest)")

    # === STORED DATA, EXTENDED BY THE ROOMS === #

    @api.model
    def _get_texts(self):
        """Return the fields that hold typed text, or quotes from outside, as names of
        fields by model: the records are kept, without the address."""
        return {
            "mailjet.mailing": ("delivery_facts",),
            "mailjet.campaign": ("delivery_facts", "name_facts"),
        }

    @api.model
    def _get_addresses(self):
        """Return the models of which each record is just an address, as the name of its
        field by model: the records are deleted."""
        return {}

    @api.model
    def _get_passing(self):
        """Return the short-lived data, as names of fields by model: for example what
        was typed into wizards. The records are deleted."""
        return {}

    @api.model
    def _get_files(self):
        """Return the files that were exported or uploaded, as the name of a field by
        model. They may hold an address anywhere, and are all deleted."""
        return {}

    @api.model
    def _get_documents(self):
        """Return the models whose notes and activities may hold an address."""
        return ["mailjet.mailing"]

    @api.model
    def _find_mailings(self, records, emails):
        """Return the mailings that people were recipients of."""
        return self.env["mailjet.mailing"]

    # === ERASING === #

    @api.model
    def _erase(self, records, emails):
        """Erase what mass mailing knows of people.

        :param records: recordsets of contacts and leads
        :param emails: their normalized addresses
        """
        self._erase_recipients(records, emails)
        self._erase_texts(emails)
        self._erase_passing(emails)
        self._erase_notes(records, emails)
        self._erase_addresses(emails)

    @api.model
    def _erase_recipients(self, records, emails):
        """Erase people from their mailings; implemented by the rooms."""

    @api.model
    def _erase_texts(self, emails):
        pattern = compile_addresses(emails)
        for model, names in self._get_texts().items():
            self._replace(self._find_texts(model, emails).sudo(), names, pattern)
        settings = self.env["res.users.settings"].sudo()
        names = ["mailjet_test_emails"]
        found = settings.search(self._mentions(names, emails))
        self._replace(found, names, pattern)

    @api.model
    def _erase_passing(self, emails):
        for model, names in self._get_passing().items():
            self.env[model].sudo().search(self._mentions(names, emails)).unlink()
        for model, name in self._get_files().items():
            self.env[model].sudo().search([(name, "!=", False)])[name] = False

    @api.model
    def _erase_notes(self, records, emails):
        pattern = compile_addresses(emails)
        notes = self._find_notes(records, emails)
        self._replace(notes, ("body", "subject"), pattern)
        self._replace(self._find_activities(emails), ("summary", "note"), pattern)

    @api.model
    def _erase_addresses(self, emails):
        """Delete the records that are just an address."""
        for model in self._get_addresses():
            self._find_addresses(model, emails).sudo().unlink()

    @api.autovacuum
    def _gc_erased(self):
        """Erase what could not be erased earlier; implemented by the rooms."""

    # === EXPORTING === #

    @api.model
    def _export(self, records, emails):
        """Return all that is known of people, ready for JSON: the same data that
        :meth:`_erase` erases, with the same parameters."""
        mailings = self._find_texts("mailjet.mailing", emails)
        return {
            "messages": list(filter(None, mailings.mapped("delivery_message"))),
            "activities": [
                {
                    "summary": activity.summary,
                    "text": html2plaintext(activity.note or ""),
                }
                for activity in self._find_activities(emails)
            ],
            "notes": [
                {"date": note.date, "text": html2plaintext(note.body or "")}
                for note in self._find_notes(records, emails)
            ],
        }

    # === FINDING === #

    @api.model
    def _find_texts(self, model, emails):
        """Return the records of a model whose texts hold an address."""
        names = self._get_texts()[model]
        return self._search_all(model, self._mentions(names, emails))

    @api.model
    def _find_addresses(self, model, emails):
        """Return the records of a model that are just one of the addresses."""
        return self.env[model].search([(self._get_addresses()[model], "in", emails)])

    @api.model
    def _find_notes(self, records, emails):
        """Return the notes that hold an address: those on documents that the user may
        see, and those on the records."""
        notes = self.env["mail.message"].sudo()
        mentions = self._mentions(["body", "subject"], emails)
        return notes.search(
            (self._on_documents("model") | self._on_records(records)) & mentions
        )

    @api.model
    def _find_activities(self, emails):
        """Return the activities that hold an address, on documents that the user may
        see."""
        activities = self.env["mail.activity"].sudo().with_context(active_test=False)
        mentions = self._mentions(["summary", "note"], emails)
        return activities.search(self._on_documents("res_model") & mentions)

    @api.model
    def _on_documents(self, name):
        """Return the domain of what is attached to documents that the user may see.

        :param str name: the field that holds the model's name
        """
        return Domain.OR(
            Domain(name, "=", model)
            & Domain(
                "res_id",
                "in",
                self.env[model].with_context(active_test=False)._search([]),
            )
            for model in self._get_documents()
        )

    @api.model
    def _on_records(self, records):
        """Return the domain of the messages on contacts and leads."""
        return Domain.OR(
            Domain("model", "=", found._name) & Domain("res_id", "in", found.ids)
            for found in records
        )

    @api.model
    def _search_all(self, model, domain):
        """Return the records of a model that the user may see, archived ones
        included."""
        return self.env[model].with_context(active_test=False).search(domain)

    @api.model
    def _mentions(self, names, emails):
        """Return the domain of the records that have a text with one of the addresses,
        as it is or as part of a link.

        :param names: the fields that hold the texts
        """
        return Domain.OR(
            Domain(name, "ilike", form)
            for name in names
            for email in emails
            for form in written_forms(email)
        )

    @api.model
    def _replace(self, records, names, pattern):
        """Replace what a pattern finds in texts, and in those of stored sentences."""
        for record in records:
            for name in names:
                if content := record[name]:
                    record[name] = _replace_in(content, pattern)


def _replace_in(content, pattern):
    """Return what a field holds, without what a pattern finds."""
    if isinstance(content, dict):
        return {key: _replace_in(value, pattern) for key, value in content.items()}
    if isinstance(content, list):
        return [_replace_in(value, pattern) for value in content]
    return pattern.sub(ERASED, content) if isinstance(content, str) else content
