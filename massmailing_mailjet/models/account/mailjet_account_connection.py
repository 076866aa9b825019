from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools.translate import LazyTranslate

from ...exceptions import (
    MailjetAuthError,
    MailjetBusyError,
    MailjetConfigurationError,
    MailjetError,
    MailjetForeignAnswerError,
    MailjetNoAnswerError,
    MailjetNotFoundError,
    MailjetRetryError,
    MailjetSuspendedError,
    MailjetTooLargeError,
)
from ..notification import notification
from ..sentence import get_facts, say

_lt = LazyTranslate(__name__)


class MailjetAccount(models.Model):
    """Tests the keys of an account, and explains what goes wrong with Mailjet."""

    _inherit = "mailjet.account"

    # === ACTION METHODS === #

    def action_test_connection(self):
        """Ask Mailjet whether the keys work and show the answer.

        :raise UserError: one plain sentence for each thing that can be wrong
        """
        self.ensure_one()
        self.check_access("write")
        with self._client() as client:
            self._assert_usable(client)
        self._note_connection()
        return notification(
            self.env._("Mailjet accepts the keys of “%s”.", self.name),
            title=self.env._("Connection established"),
        )

    # === BUSINESS METHODS === #

    def _note_connection(self, error=False):
        """Store the result of a check of the keys.

        :param Sentence error: what is wrong, if anything
        """
        self.sudo().write(
            {
                "connection_date": fields.Datetime.now(),
                "connection_facts": get_facts(error),
            }
        )

    def _assert_usable(self, client):
        """Ask Mailjet whether the keys work.

        :raise UserError: when they do not
        """
        self._check_key_state(self._call(self._find_own_key, client))

    def _call(self, method, *args):
        """Return what the client's method returns, with its errors as sentences.

        :raise UserError: when the call fails
        """
        try:
            return method(*args)
        except MailjetError as error:
            raise UserError(self._explain(error)) from error

    def _explain(self, error):
        """Return the sentence for a user about what went wrong and what to do."""
        if type(error) is MailjetSuspendedError:
            return self._say_suspended()
        sentences = {
            MailjetConfigurationError: _lt(
                "The account “%s” cannot be used: enter its API key, its secret key "
                "and Mailjet's address.",
                self.name,
            ),
            MailjetAuthError: _lt(
                "Mailjet does not accept the keys of the account “%s”. Check the API "
                "key and the secret key. If they have not changed, Mailjet may have "
                "suspended the account: sign in to Mailjet to find out.",
                self.name,
            ),
            MailjetNotFoundError: _lt(
                "Mailjet cannot find what was requested: it may have been deleted "
                "there."
            ),
            MailjetTooLargeError: _lt(
                "Mailjet does not accept this much data at once."
            ),
            MailjetForeignAnswerError: _lt(
                "Another system answers instead of Mailjet, such as a proxy or a "
                "network's login page. Ask your network administrator to check this "
                "server's internet access."
            ),
            MailjetNoAnswerError: _lt(
                "Mailjet cannot be reached. Check this server's internet access and "
                "try again."
            ),
            MailjetBusyError: _lt(
                "Mailjet is not available at the moment. Try again in a few minutes."
            ),
            MailjetRetryError: _lt(
                "Mailjet's answer was incomplete. Odoo asks again in a few minutes."
            ),
        }
        refused = _lt("Refused by Mailjet: %s", str(error) or type(error).__name__)
        return say(self.env, sentences.get(type(error), refused))

    def _diagnose(self, error, client):
        """Return the sentence for a user about what went wrong. Refused keys have
        several causes, so Mailjet is asked about the key itself."""
        if type(error) is not MailjetAuthError:
            return self._explain(error)
        try:
            key = self._find_own_key(client)
        except MailjetError:
            return self._explain(error)
        if not key:
            return self._explain(error)
        if self._is_suspended(key):
            return self._say_suspended()
        return say(
            self.env,
            _lt(
                "Mailjet accepts the keys of the account “%s” but refuses the request. "
                "The account may be restricted: sign in to Mailjet to find out.",
                self.name,
            ),
        )

    def _find_own_key(self, client):
        """Return the row of this account's own API key."""
        own = self.sudo().api_key
        rows = client.get_api_keys()
        return next((row for row in rows if row.get("APIKey") == own), {})

    def _check_key_state(self, key):
        """Complain when Mailjet has suspended the key.

        :raise UserError: when the key is not in use
        """
        if self._is_suspended(key):
            raise UserError(self._say_suspended())

    @api.model
    def _is_suspended(self, key):
        """Return whether Mailjet has suspended a key: its ``Runlevel`` is Normal,
        Softlock, Hardlock or Deleted.

        https://dev.mailjet.com/email/reference/account-settings/api-keys/
        """
        is_locked = key.get("Runlevel", "Normal") != "Normal"
        return is_locked or key.get("IsActive") is False

    def _say_suspended(self):
        return say(
            self.env,
            _lt(
                "Mailjet has suspended the API key of the account “%s”: nothing can be "
                "sent with it. Contact Mailjet support.",
                self.name,
            ),
        )
