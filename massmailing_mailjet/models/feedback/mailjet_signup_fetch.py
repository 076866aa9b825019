import logging
from datetime import timedelta

from odoo import api, fields, models

from ...exceptions import MailjetAuthError, MailjetNotFoundError, MailjetRefusedError

_logger = logging.getLogger(__name__)

INTERVAL = timedelta(hours=1)
# How far back confirmations are fetched again, in case Mailjet lists some late.
# Duplicates are stored once.
OVERLAP = timedelta(days=1)
BEGINNING = fields.Datetime.to_datetime("2010-01-01 00:00:00")


class MailjetAccount(models.Model):
    """How far the sign-ups of an account have been fetched."""

    _inherit = "mailjet.account"

    signups_date = fields.Datetime(
        string="Sign-ups fetched on", readonly=True, copy=False
    )
    # Where the reading of new ones is, which may take several runs.
    signups_start = fields.Datetime(
        readonly=True, copy=False, export_string_translation=False
    )
    signups_offset = fields.Integer(
        readonly=True, copy=False, export_string_translation=False
    )


class MailjetSignup(models.Model):
    """Fetches the sign-ups that were confirmed since the last time, page by page."""

    _inherit = "mailjet.signup"

    @api.model
    def _is_due(self, account):
        """Return whether to start or continue reading the sign-ups."""
        if account.signups_start:
            return True
        now, last = fields.Datetime.now(), account.signups_date
        if last and now < last + INTERVAL:
            return False
        account.write({"signups_start": now, "signups_offset": 0})
        return True

    @api.model
    def _fetch_page(self, account, client):
        """Store the next page of sign-ups, and return whether there are more. An
        interrupted run continues from there.

        :raise MailjetError: if Mailjet cannot be called
        """
        last, offset = account.signups_date, account.signups_offset
        since = last - OVERLAP if last else BEGINNING
        try:
            signups, count, has_more = client.get_signups(since, offset)
        except (MailjetAuthError, MailjetNotFoundError, MailjetRefusedError) as error:
            # Nothing else depends on them: they are tried again the next time.
            _logger.info("Account %s: no sign-ups: %s", account.id, error)
            account.signups_start = False
            return False
        self._store(account, signups)
        account.signups_offset = offset + count
        if not has_more:
            started = account.signups_start
            account.write({"signups_date": started, "signups_start": False})
        return has_more
