from odoo import models
from odoo.exceptions import UserError

from .mailjet_version import LETTERS


class MailjetMailing(models.Model):
    """The emails of an A/B test: the mailing's own is A, and versions B to E differ
    from it in the subject, the sender's name or the content."""

    _inherit = "mailjet.mailing"

    def action_add_letter(self):
        """Copy the email for an A/B test, to be changed.

        :raise UserError: if there are as many as possible, or the mailing was sent
        """
        self._check_loadable()
        missing = self._list_missing_letters()
        if not missing:
            raise UserError(
                self.env._("An A/B test has at most %s versions.", len(LETTERS) + 1)
            )
        return self._copy_email(letter=missing[0]["code"]).action_open()

    def _get_letters(self):
        """Return the versions of an A/B test, without the mailing's own."""
        return self.version_ids.filtered("letter").sorted("letter")

    def _list_missing_letters(self):
        """Return the letter of the next version of an A/B test, if there can be one
        more."""
        used = self._get_letters().mapped("letter")
        Version = self.env["mailjet.version"]
        return [
            {"code": letter, "name": Version._name_letter(letter)}
            for letter, _label in LETTERS
            if letter not in used
        ][:1]
