from odoo import models
from odoo.fields import Domain

from ...const import KIND_DOMAIN, KIND_MODEL, RECORD_SOURCES
from ...tools.email_html import replace_links


class MailjetMailing(models.Model):
    """Shows a mailing's email as its recipients see it."""

    _inherit = "mailjet.mailing"

    def action_preview(self):
        """Open the preview."""
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.client",
            "tag": "mailjet_preview",
            "name": self.env._("Preview of “%s”", self.name or self.subject),
            "target": "new",
            "params": {"mailing_id": self.id},
            "context": {"dialog_size": "extra-large", "footer": False},
        }

    def get_preview(self, person_id=False, direction="next", version_id=None):
        """Return the email as one person sees it, except for the links that every
        email has.

        :param int person_id: of the ``people`` that an earlier call returned, if any
        :param str direction: ``next`` or ``previous`` of the recipients, counted from
            that person; after the last one comes the first. Empty for that very person
        :param version_id: of the ``versions`` that an earlier call returned; None for
            the one that the person gets
        :return: dict of ``person`` (``id`` and ``email``; False if there is nobody:
            variables then stay as typed), ``people`` (the ``model`` and the ``domain``
            of those that can be chosen), ``count`` of the recipients, ``versions``
            (``id`` and ``name``; none if there is only the mailing's own), ``sender``,
            ``subject``, ``preview``, ``html`` and ``text``
        """
        self.ensure_one()
        self.check_access("read")
        model, domain = self._get_people()
        person = self._get_person(person_id, direction)
        version = self._get_version(version_id)
        return {
            "person": _describe(person),
            "people": {"model": model, "domain": list(domain)},
            "count": self.planned_count,
            "versions": self._describe_versions(),
            **self._read_email(person, version),
        }

    # === BUSINESS METHODS === #

    def _read_email(self, person, version=None):
        """Return the email as one person sees it, except for the links that every email
        has: a dict of ``sender``, ``subject``, ``preview``, ``html`` and ``text``.

        :param person: an empty recordset for nobody: variables then stay as typed
        :param version: None for the one that the person gets
        """
        subject, html, text, preview = (
            replace_links(part, "#", "#", "#")
            for part in self._render_message(person, version)
        )
        return {
            "sender": self._get_content_to(person, version)._format_sender(),
            "subject": subject,
            "preview": preview,
            "html": html,
            "text": text,
        }

    def _get_people(self):
        """Return whom the email can be shown for, as ``(model name, domain)``: records
        of the kind that the mailing goes to, until recipients are loaded."""
        kind = self.recipient_type if self.recipient_type in KIND_MODEL else "contact"
        model = KIND_MODEL[kind]
        return model, Domain(
            [*KIND_DOMAIN[kind], (RECORD_SOURCES[model]["email"], "!=", False)]
        )

    def _get_person(self, person_id=False, _direction="next"):
        """Return one of the people, the newest if none is given; nobody if there is
        none that the user may read."""
        model, domain = self._get_people()
        People = self.env[model]
        if not People.has_access("read"):
            return People
        chosen = person_id and People.search(Domain("id", "=", person_id) & domain)
        return chosen or People.search(domain, order="id desc", limit=1)


def _describe(person):
    if not person:
        return False
    source = RECORD_SOURCES.get(person._name, {})
    return {"id": person.id, "email": person[source.get("email", "email")]}
