import logging
from contextlib import nullcontext

from odoo import fields, models
from odoo.exceptions import UserError

from ..const import MOVING_STATES
from ..exceptions import MailjetError

_logger = logging.getLogger(__name__)


class MailjetQuotaMixin(models.AbstractModel):
    """How many e-mails an account has sent this month, and whether a mailing fits into
    what is left. Mailjet counts, but lags behind and cannot always be asked: what
    this database has sent is the least that counts."""

    _name = "mailjet.quota.mixin"
    _description = "Mailjet Quota"

    counted_date = fields.Datetime(
        string="Counted on",
        readonly=True,
        copy=False,
        help="When the e-mails of this month were last counted.",
    )
    is_own_count = fields.Boolean(
        string="Counted Here",
        readonly=True,
        copy=False,
        help="Mailjet could not be asked: only what this database knows is counted.",
    )

    def _refresh_sent_this_month(self, client=None):
        """Bring this month's count up to date. It never sinks within a month: a lower
        figure of Mailjet's is one that lags behind.

        :param client: Mailjet's, when one is at hand
        """
        self.ensure_one()
        account = self.sudo()
        known = max(account._count_own(), account._get_count_of_month())
        try:
            with nullcontext(client) if client else account._client() as used:
                counted = used.count_sent(account._month_start())
        except (MailjetError, UserError) as error:
            _logger.info("Account %s counts by itself: %s", account.id, error)
            account._take_count(known, own=True)
        else:
            account._take_count(max(known, counted))

    def _take_count(self, count, own=False):
        """Store this month's count.

        :param bool own: whether Mailjet could not be asked
        """
        self.sudo().write(
            {
                "sent_this_month": count,
                "counted_date": fields.Datetime.now(),
                "is_own_count": own,
            }
        )

    def _get_count_of_month(self):
        """Return the stored count, which is nothing when it is last month's."""
        counted = self.counted_date
        if counted and counted < self._month_start():
            return 0
        return self.sent_this_month

    def _count_own(self):
        """Return how many e-mails this database's mailings have sent this month."""
        mailings = self.env["mailjet.mailing"].with_context(active_test=False)
        [(count,)] = mailings._read_group(
            [("account_id", "=", self.id), ("sent_date", ">=", self._month_start())],
            aggregates=["sent_count:sum"],
        )
        return count or 0

    def _get_remaining(self, mailing):
        """Return how many e-mails are left for a mailing: next month all of them, this
        month without those of other mailings that are departing."""
        account = self.sudo()
        now, date = fields.Datetime.now(), mailing.schedule_date
        if date and (date.year, date.month) > (now.year, now.month):
            return account.monthly_limit
        departing = self.env["mailjet.mailing"].sudo()
        [(reserved,)] = departing._read_group(
            [
                ("account_id", "=", self.id),
                ("id", "!=", mailing.id),
                ("state", "in", MOVING_STATES),
                ("departure_date", "!=", False),
            ],
            aggregates=["planned_count:sum"],
        )
        left = account.monthly_limit - account._get_count_of_month() - (reserved or 0)
        return max(left, 0)
