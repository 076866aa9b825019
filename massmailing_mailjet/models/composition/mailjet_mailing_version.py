from odoo import fields, models
from odoo.tools import SQL

from ..mailjet_mailing_campaigns import Part
from ..sentence import join
from .mailjet_version import VERSION_FIELDS


class MailjetMailing(models.Model):
    """A mailing with more than one email: its own, and versions of it."""

    _inherit = "mailjet.mailing"

    version_ids = fields.One2many(
        "mailjet.version", "mailing_id", string="Versions", copy=True
    )

    def get_versions(self):
        """Return what the form shows of the versions of the mailing.

        :return: dict of ``languages`` and ``letters``, each a dict of ``own`` (the name
            of the mailing's own email among them), ``versions`` (the ``id``, ``name``
            and ``subject`` of each) and ``missing`` (the ``code`` and ``name`` of each
            that can be added)
        """
        self.ensure_one()
        self.check_access("read")
        return {
            "languages": {
                "own": self._name_language(self._get_language()),
                "versions": self._list_versions(self._get_translations()),
                "missing": self._list_missing_languages(),
            },
            "letters": {
                "own": self.env["mailjet.version"]._name_letter("a"),
                "versions": self._list_versions(self._get_letters()),
                "missing": self._list_missing_letters(),
            },
        }

    def _list_versions(self, versions):
        return [
            {
                "id": version.id,
                "name": version.display_name,
                "subject": version.subject_display or "",
            }
            for version in versions
        ]

    # === BUSINESS METHODS === #

    def _get_version(self, version_id):
        """Return one of the versions, an empty recordset for the mailing's own email,
        or None for None."""
        if version_id is None:
            return None
        return self.version_ids.filtered(lambda version: version.id == version_id)

    def _describe_versions(self):
        """Return the ``id`` and the ``name`` of each version, the mailing's own email
        first; none if there is only that."""
        if not self.version_ids:
            return []
        own = {"id": False, "name": str(self._name_own_email())}
        return [
            own,
            *(
                {"id": version.id, "name": version.display_name}
                for version in self.version_ids
            ),
        ]

    def _name_own_email(self):
        """Return what people call the mailing's own email among its versions."""
        names = []
        if self._get_translations():
            names.append(self._name_language(self._get_language()))
        if self._get_letters():
            names.append(self.env["mailjet.version"]._say_letter("a"))
        return join(self.env, names, " · ") or ""

    def _with_version(self, version, own_values=None):
        """Return the mailing with the email of one of its versions, and with other
        values; see :meth:`_with_own_values`.

        :param version: an empty recordset for the mailing's own email
        :param dict own_values: by the names of fields
        """
        return self._with_own_values({**version._get_values(), **(own_values or {})})

    def _copy_email(self, **values):
        """Return a new version that begins as a copy of the mailing's own email."""
        copied = {name: self[name] for name in VERSION_FIELDS}
        return self.env["mailjet.version"].create(
            {**copied, "mailing_id": self.id, **values}
        )

    # === DIVISIONS === #

    def _get_divisions(self, people=None):
        """Divide the recipients by the version that they get."""
        divisions = super()._get_divisions(people)
        parts = [*self._get_language_parts(), *self._get_own_parts()]
        return [*divisions, parts] if len(parts) > 1 else divisions

    def _get_version_conditions(self):
        """Return the SQL of which rows may get the mailing's own email, an empty
        record, and each version. Those of an A/B test are drawn by lot, and the winner
        is not known: any row in the mailing's own language may get each of them."""
        translated = self._get_language_conditions()
        own = SQL("TRUE")
        if translated:
            own = SQL("(%s) IS NOT TRUE", SQL(" OR ").join(translated.values()))
        letters = self._get_letters()
        return {**dict.fromkeys([letters.browse(), *letters], own), **translated}

    def _get_own_parts(self):
        """Return the :class:`Part` of each campaign to those who get the mailing in its
        own language."""
        return [Part(self._name_own_email(), {})]
