from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain
from odoo.tools import SQL

from ...tools.languages import choose_language
from ..mailjet_mailing_campaigns import Part
from .mailjet_version import VERSION_FIELDS
from .variable_columns import RECIPIENT_LANGUAGE


class MailjetMailing(models.Model):
    """A mailing in several languages: its own email, and a version of it for each of
    the others. Each recipient gets the email in the language of their record, or that
    of the same language in another country, or else the mailing's own."""

    _inherit = "mailjet.mailing"

    version_ids = fields.One2many(
        "mailjet.version", "mailing_id", string="Versions", copy=True
    )

    # === CONSTRAINT METHODS === #

    @api.constrains("lang")
    def _check_versions(self):
        """Raise if a version is in the language of the mailing itself."""
        for mailing in self:
            if mailing.lang in mailing.version_ids.mapped("lang"):
                raise ValidationError(
                    self.env._(
                        "This mailing has a version in “%s” already. Delete that "
                        "version first, or choose another language.",
                        mailing._name_language(mailing.lang),
                    )
                )

    # === ACTION METHODS === #

    def get_versions(self):
        """Return what the form shows of the languages of the mailing.

        :return: dict of ``own`` (the name of the mailing's language), ``versions`` (the
            ``id``, ``name`` and ``subject`` of each) and ``missing`` (the ``code`` and
            ``name`` of each installed language without one)
        """
        self.ensure_one()
        self.check_access("read")
        used = {self._get_language(), *self.version_ids.mapped("lang")}
        return {
            "own": self._name_language(self._get_language()),
            "versions": [
                {
                    "id": version.id,
                    "name": version.display_name,
                    "subject": version.subject_display or "",
                }
                for version in self.version_ids
            ],
            "missing": [
                {"code": code, "name": name}
                for code, name in self.env["res.lang"].get_installed()
                if code not in used
            ],
        }

    def action_add_version(self, lang):
        """Copy the email for recipients of another language, to be translated.

        :param str lang: code of an installed language
        :raise UserError: if there is no such language, or the mailing was sent
        """
        self._check_loadable()
        if lang in self.version_ids.mapped("lang"):
            raise UserError(
                self.env._("This mailing has a version in this language already.")
            )
        if lang not in dict(self.env["res.lang"].get_installed()):
            raise UserError(self.env._("Choose one of the installed languages."))
        values = {name: self[name] for name in VERSION_FIELDS}
        own = {"mailing_id": self.id, "lang": lang, **self._translate_links(lang)}
        return self.env["mailjet.version"].create({**values, **own}).action_open()

    @api.model
    def _translate_links(self, lang):
        """Return the texts of the two links in a language."""
        translated = self.with_context(lang=lang)
        names = ["online_version_text", "unsubscribe_text"]
        return translated.default_get(names)

    # === BUSINESS METHODS === #

    @api.model
    def _name_language(self, code):
        return dict(self.env["res.lang"].get_installed()).get(code, code)

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
        own = {"id": False, "name": self._name_language(self._get_language())}
        return [
            own,
            *(
                {"id": version.id, "name": version.display_name}
                for version in self.version_ids
            ),
        ]

    def _with_version(self, version, own_values=None):
        """Return the mailing with the email of one of its versions, and with other
        values; see :meth:`_with_own_values`.

        :param version: an empty recordset for the mailing's own email
        :param dict own_values: by the names of fields
        """
        return self._with_own_values({**version._get_values(), **(own_values or {})})

    def _get_languages_by_version(self):
        """Return the codes of the languages whose speakers get each of the
        versions."""
        own = self._get_language()
        offered = [own, *self.version_ids.mapped("lang")]
        known = self.env["res.lang"].with_context(active_test=False).search(Domain.TRUE)
        chosen = {code: choose_language(code, offered) for code in known.mapped("code")}
        return {
            version: [code for code, found in chosen.items() if found == version.lang]
            for version in self.version_ids
        }

    def _get_divisions(self, people=None):
        """Divide the recipients by their language."""
        divisions = super()._get_divisions(people)
        if not self.version_ids:
            return divisions
        parts = [
            Part(
                version.display_name,
                {"version_id": version.id},
                SQL("%s = ANY(%s)", RECIPIENT_LANGUAGE, codes),
            )
            for version, codes in self._get_languages_by_version().items()
        ]
        own = Part(self._name_language(self._get_language()), {})
        return [*divisions, [*parts, own]]

    def _count_without_version(self):
        """Return how many rows to send are of a language that the mailing is not in, by
        the code of the language."""
        self.env.flush_all()
        query = self.env["mailjet.variable.value"]._get_query(
            SQL("r.mailing_id = %s AND r.verdict = 'send'", self.id)
        )
        query.order = None
        counts = self.env.execute_query(
            SQL(
                "SELECT lang, count(*) FROM (%s) r"
                " WHERE lang IS NOT NULL GROUP BY lang",
                query.select(SQL("%s AS lang", RECIPIENT_LANGUAGE)),
            )
        )
        offered = [self._get_language(), *self.version_ids.mapped("lang")]
        return {
            code: count for code, count in counts if not choose_language(code, offered)
        }
