from odoo import api, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain
from odoo.tools import SQL

from ...tools.languages import choose_language
from ..mailjet_mailing_campaigns import Part
from .variable_columns import RECIPIENT_LANGUAGE


class MailjetMailing(models.Model):
    """A mailing in several languages: its own email, and a version of it for each of
    the others. Each recipient gets the email in the language of their record, or that
    of the same language in another country, or else the mailing's own."""

    _inherit = "mailjet.mailing"

    # === CONSTRAINT METHODS === #

    @api.constrains("lang")
    def _check_versions(self):
        """Raise if a version is in the language of the mailing itself."""
        for mailing in self:
            if mailing.lang in mailing._get_translations().mapped("lang"):
                raise ValidationError(
                    self.env._(
                        "This mailing has a version in “%s” already. Delete that "
                        "version first, or choose another language.",
                        mailing._name_language(mailing.lang),
                    )
                )

    # === ACTION METHODS === #

    def action_add_version(self, lang):
        """Copy the email for recipients of another language, to be translated.

        :param str lang: code of an installed language
        :raise UserError: if there is no such language, or the mailing was sent
        """
        self._check_loadable()
        if lang in self._get_translations().mapped("lang"):
            raise UserError(
                self.env._("This mailing has a version in this language already.")
            )
        if lang not in dict(self.env["res.lang"].get_installed()):
            raise UserError(self.env._("Choose one of the installed languages."))
        texts = self._translate_links(lang)
        return self._copy_email(lang=lang, **texts).action_open()

    @api.model
    def _translate_links(self, lang):
        """Return the texts of the links in a language."""
        translated = self.with_context(lang=lang)
        names = ["online_version_text", "unsubscribe_text", "preferences_text"]
        return translated.default_get(names)

    # === BUSINESS METHODS === #

    @api.model
    def _name_language(self, code):
        return dict(self.env["res.lang"].get_installed()).get(code, code)

    def _get_translations(self):
        """Return the versions in other languages."""
        return self.version_ids.filtered("lang")

    def _get_offered_languages(self):
        """Return the codes of the languages of the mailing, its own first."""
        return [self._get_language(), *self._get_translations().mapped("lang")]

    def _list_missing_languages(self):
        used = self._get_offered_languages()
        return [
            {"code": code, "name": name}
            for code, name in self.env["res.lang"].get_installed()
            if code not in used
        ]

    def _get_languages_by_version(self):
        """Return the codes of the languages whose speakers get each of the
        translations."""
        offered = self._get_offered_languages()
        known = self.env["res.lang"].with_context(active_test=False).search(Domain.TRUE)
        chosen = {code: choose_language(code, offered) for code in known.mapped("code")}
        return {
            version: [code for code, found in chosen.items() if found == version.lang]
            for version in self._get_translations()
        }

    def _get_language_conditions(self):
        """Return the SQL of which rows get each of the translations."""
        return {
            version: SQL("%s = ANY(%s)", RECIPIENT_LANGUAGE, codes)
            for version, codes in self._get_languages_by_version().items()
        }

    def _get_language_parts(self):
        """Return the :class:`Part` of each translation."""
        return [
            Part(version.display_name, {"version_id": version.id}, condition)
            for version, condition in self._get_language_conditions().items()
        ]

    def _count_without_version(self):
        """Return how many rows to send are of a language that the mailing is not in, by
        the code of the language."""
        self.env.flush_all()
        query = self._get_send_query()
        counts = self.env.execute_query(
            SQL(
                "SELECT lang, count(*) FROM (%s) r"
                " WHERE lang IS NOT NULL GROUP BY lang",
                query.select(SQL("%s AS lang", RECIPIENT_LANGUAGE)),
            )
        )
        offered = self._get_offered_languages()
        return {
            code: count for code, count in counts if not choose_language(code, offered)
        }
