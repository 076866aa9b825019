import logging
from contextlib import nullcontext
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

from ...const import MOVING_STATES
from ...exceptions import MailjetError

_logger = logging.getLogger(__name__)

# How long Mailjet need not be asked again: its own count lags by more.
COUNT_LIFETIME = timedelta(minutes=1)


class MailjetAccount(models.Model):
    """How many emails an account has sent this month, and how many are left. Mailjet
    counts, but lags behind and cannot always be asked: the count is never less than
    what this database has sent."""

    _inherit = "mailjet.account"

    monthly_limit = fields.Integer(
        string="Monthly email limit",
        help="Number of emails that your Mailjet plan allows each month. Mailjet does "
        "not provide it; zero means no limit.",
    )
    sent_this_month = fields.Integer(
        string="Sent this month",
        compute="_compute_sent_this_month",
        inverse="_inverse_sent_this_month",
        readonly=True,
        copy=False,
        help="As counted by Mailjet since the first of the month when the account was "
        "last synchronized; at least those sent from this database.",
    )
    remaining_this_month = fields.Integer(
        string="Remaining this month",
        compute="_compute_remaining_this_month",
        help="The limit minus the emails already sent.",
    )
    counted_date = fields.Datetime(
        string="Counted on",
        readonly=True,
        copy=False,
        help="When the emails of this month were last counted.",
    )
    is_own_count = fields.Boolean(
        string="Counted by this database only",
        readonly=True,
        copy=False,
        help="Mailjet's count is not available: only emails sent from this database "
        "are counted.",
    )

    month_count = fields.Integer(
        readonly=True,
        copy=False,
        help="The month's count at the time it was taken.",
    )

    _monthly_limit_positive = models.Constraint(
        "CHECK(monthly_limit >= 0)", "The monthly email limit cannot be negative."
    )

    # === COMPUTE METHODS === #

    @api.depends("month_count", "counted_date")
    def _compute_sent_this_month(self):
        """Show nothing on the first of a month, until it is counted again."""
        start = self._month_start()
        for account in self:
            is_old = account.counted_date and account.counted_date < start
            account.sent_this_month = 0 if is_old else account.month_count

    def _inverse_sent_this_month(self):
        for account in self:
            account._take_count(account.sent_this_month, account.is_own_count)

    @api.depends("monthly_limit", "sent_this_month")
    def _compute_remaining_this_month(self):
        for account in self:
            left = account.monthly_limit - account.sent_this_month
            account.remaining_this_month = max(left, 0)

    # === BUSINESS METHODS === #

    def _month_start(self):
        """Return the first moment of this month in UTC, as Mailjet counts."""
        return fields.Datetime.now().replace(day=1, hour=0, minute=0, second=0)

    def _refresh_sent_this_month(self, client=None):
        """Update this month's count: Mailjet's, or that of this database's own mailings
        where it is higher.

        :param client: Mailjet's, if there is one already
        """
        self.ensure_one()
        account = self.sudo()
        own = account._count_own()
        try:
            with nullcontext(client) if client else account._client() as used:
                counted = used.count_sent(account._month_start())
        except (MailjetError, UserError) as error:
            _logger.info("Account %s counts by itself: %s", account.id, error)
            account._take_count(max(own, account.sent_this_month), own=True)
        else:
            account._take_count(max(own, counted))

    def _has_fresh_count(self):
        """Return whether Mailjet has just counted this month's emails."""
        self.ensure_one()
        counted = not self.is_own_count and self.counted_date
        return bool(counted and counted > fields.Datetime.now() - COUNT_LIFETIME)

    def _take_count(self, count, own=False):
        """Store this month's count.

        :param bool own: whether Mailjet could not be asked
        """
        self.sudo().write(
            {
                "month_count": count,
                "counted_date": fields.Datetime.now(),
                "is_own_count": own,
            }
        )

    def _count_own(self):
        """Return how many emails this database's mailings have sent this month, those
        of all companies that share the account."""
        [(count,)] = (
            self.env["mailjet.campaign"]
            .sudo()
            ._read_group(
                [
                    ("account_id", "=", self.id),
                    ("sent_date", ">=", self._month_start()),
                ],
                aggregates=["sent_count:sum"],
            )
        )
        return count or 0

    def _get_remaining(self, date, own):
        """Return how many emails are left for what is sent at a date: all of them in a
        later month, and this month those that other campaigns being sent do not need.

        :param date: None for now
        :param own: campaigns that need none besides
        """
        account = self.sudo()
        now = fields.Datetime.now()
        if date and (date.year, date.month) > (now.year, now.month):
            return account.monthly_limit
        sending = account.env["mailjet.campaign"].search(
            [
                ("account_id", "=", self.id),
                ("id", "not in", own.ids),
                ("state", "in", MOVING_STATES),
                ("send_requested_date", "!=", False),
            ]
        )
        reserved = sum(campaign._get_planned_count() for campaign in sending)
        left = account.monthly_limit - account.sent_this_month - reserved
        return max(left, 0)
