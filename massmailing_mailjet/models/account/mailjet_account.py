import logging

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ...const import MAILJET_API_URL
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
from ...tools.mailjet_client import MailjetClient
from ...tools.mailjet_vocabulary import DNS_STATUSES
from ..attempt import attempt_each
from ..notification import notification

_logger = logging.getLogger(__name__)


class MailjetAccount(models.Model):
    """One Mailjet API key. Senders, templates, webhooks and quotas belong to it."""

    _name = "mailjet.account"
    _description = "Mailjet account"
    _inherit = ["mailjet.guard.mixin"]
    _order = "sequence, name"
    _check_company_auto = True

    name = fields.Char(required=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company",
        default=lambda self: self.env.company,
        help="Leave empty to share the account between all companies.",
    )
    api_key = fields.Char(
        string="API key",
        groups="base.group_system",
        copy=False,
        help="The public key, under Account settings ▸ API keys at Mailjet.",
    )
    api_secret = fields.Char(
        string="Secret key",
        groups="base.group_system",
        copy=False,
        help="Mailjet shows it only once, next to the API key. Only administrators "
        "can read it here.",
    )
    api_url = fields.Char(
        string="API address",
        required=True,
        default=MAILJET_API_URL,
        copy=False,
        groups="base.group_system",
        help="Address of Mailjet's API. Change it only if Mailjet gave you another "
        "one.",
    )
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
    last_sync = fields.Datetime(
        string="Last synchronization",
        readonly=True,
        copy=False,
        help="When senders, templates and the month's count were last fetched.",
    )
    sender_ids = fields.One2many("mailjet.sender", "account_id", readonly=True)

    _monthly_limit_positive = models.Constraint(
        "CHECK(monthly_limit >= 0)", "The monthly email limit cannot be negative."
    )

    # === CONSTRAINT METHODS === #

    @api.constrains("company_id")
    def _check_company_of_mailings(self):
        """Keep an account with the mailings that use it."""
        mailings = self.env["mailjet.mailing"].sudo().with_context(active_test=False)
        for account in self.filtered("company_id"):
            others = [
                ("account_id", "=", account.id),
                ("company_id", "!=", account.company_id.id),
            ]
            if mailings.search_count(others, limit=1):
                raise ValidationError(
                    self.env._(
                        "The company of the account “%s” cannot be changed: mailings "
                        "of another company use it.",
                        account.name,
                    )
                )

    # === COMPUTE METHODS === #

    @api.depends("monthly_limit", "sent_this_month")
    def _compute_remaining_this_month(self):
        for account in self:
            left = account.monthly_limit - account.sent_this_month
            account.remaining_this_month = max(left, 0)

    @api.model
    def _get_default(self, company):
        """Return the first account that the company may use."""
        return self.search(
            [("company_id", "in", [False, company.id])],
            order="company_id, sequence",
            limit=1,
        )

    # === ACTION METHODS === #

    def action_test_connection(self):
        """Ask Mailjet whether the keys work and show the answer.

        :raise UserError: one plain sentence for each thing that can be wrong
        """
        self.ensure_one()
        self.check_access("write")
        with self._client() as client:
            self._assert_usable(client)
        return notification(
            self.env._("Mailjet accepts the keys of “%s”.", self.name),
            title=self.env._("Connection established"),
        )

    def action_synchronize(self):
        """Fetch the senders, the states of their domains and this month's count from
        Mailjet."""
        self.ensure_one()
        self.check_access("write")
        with self._client() as client:
            self._synchronize(client)
        count = len(self.sender_ids.filtered(lambda sender: sender.status == "active"))
        return notification(
            self.env._("Active senders found: %s", count),
            title=self.env._("Synchronized"),
        )

    # === BUSINESS METHODS === #

    def _assert_usable(self, client):
        """Ask Mailjet whether the keys work.

        :raise UserError: when they do not
        """
        self._check_key_state(self._call(self._find_own_key, client))

    def _synchronize(self, client):
        """Fetch what belongs to the keys.

        :raise UserError: when Mailjet cannot be asked
        """
        rows = self._call(client.get_senders)
        domains = self._call(client.get_domains)
        sent = self._call(client.count_sent, self._month_start())
        self._fetch_content(client)
        self.sudo()._update_senders(rows, domains)
        self._take_count(max(sent, self._count_own()))
        self.sudo().last_sync = fields.Datetime.now()

    def _fetch_content(self, client=None):
        """Fetch what the account keeps at Mailjet for its mailings: nothing here, the
        rooms after this one know of it.

        :param client: Mailjet's, when one is at hand
        :raise UserError: when Mailjet cannot be asked
        """
        self.ensure_one()
        return True

    @api.model
    def _cron_synchronize(self):
        """Refresh every account; what fails is logged and tried the next time."""
        accounts = self.search([("api_key", "!=", False)] + list(self._own_domain()))
        attempt_each(accounts, self._synchronize_quietly)

    @api.model
    def _synchronize_quietly(self, account):
        account._refresh_sent_this_month()
        try:
            account._fetch_content()
        except (MailjetError, UserError) as error:
            _logger.info("Templates of account %s: %s", account.id, error)

    def _month_start(self):
        """Return the first moment of this month in UTC, as Mailjet counts."""
        return fields.Datetime.now().replace(day=1, hour=0, minute=0, second=0)

    def _client(self):
        """Return the Mailjet client of this account, to be used as a context
        manager. The keys are read with elevated rights and go nowhere else.

        :raise UserError: when the keys or the address cannot be used, or not by this
            database
        """
        self.ensure_one()
        self._check_database()
        account = self.sudo()
        try:
            return MailjetClient(account.api_key, account.api_secret, account.api_url)
        except MailjetConfigurationError as error:
            raise UserError(self._explain(error)) from error

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
        sentences = {
            MailjetConfigurationError: self.env._(
                "The account “%s” cannot be used: enter its API key, its secret key "
                "and Mailjet's address.",
                self.name,
            ),
            MailjetAuthError: self.env._(
                "Mailjet does not accept the keys of the account “%s”. Check the API "
                "key and the secret key. If they have not changed, Mailjet may have "
                "suspended the account: sign in to Mailjet to find out.",
                self.name,
            ),
            MailjetSuspendedError: self._say_suspended(),
            MailjetNotFoundError: self.env._(
                "Mailjet cannot find what was requested: it may have been deleted "
                "there."
            ),
            MailjetTooLargeError: self.env._(
                "Mailjet does not accept this much data at once."
            ),
            MailjetForeignAnswerError: self.env._(
                "Another system answers instead of Mailjet, such as a proxy or a "
                "network's login page. Ask your network administrator to check this "
                "server's internet access."
            ),
            MailjetNoAnswerError: self.env._(
                "Mailjet cannot be reached. Check this server's internet access and "
                "try again."
            ),
            MailjetBusyError: self.env._(
                "Mailjet is not available at the moment. Try again in a few minutes."
            ),
            MailjetRetryError: self.env._(
                "Mailjet's answer was incomplete. Odoo asks again in a few minutes."
            ),
        }
        return sentences.get(type(error)) or self.env._(
            "Refused by Mailjet: %s", str(error) or type(error).__name__
        )

    def _diagnose(self, error, client):
        """Return the sentence for a user about what went wrong. A refusal of the keys
        has several causes, so that Mailjet is asked about the key itself."""
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
        return self.env._(
            "Mailjet accepts the keys of the account “%s” but refuses the request. "
            "The account may be restricted: sign in to Mailjet to find out.",
            self.name,
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
        return self.env._(
            "Mailjet has suspended the API key of the account “%s”: nothing can be "
            "sent with it. Contact Mailjet support.",
            self.name,
        )

    def _update_senders(self, rows, domains):
        """Make our senders equal to Mailjet's rows; one that is gone is archived, as
        mailings may refer to it.

        :param rows: of the senders
        :param domains: of their domains, with the states of SPF and DKIM
        """
        self.ensure_one()
        domains = {domain["ID"]: domain for domain in domains}
        Sender = self.env["mailjet.sender"].with_context(active_test=False)
        known = {
            sender.email: sender
            for sender in Sender.search([("account_id", "=", self.id)])
        }
        for email, row in self._choose_rows(rows).items():
            status = self._read_status(row)
            values = {
                "name": row.get("Name") or False,
                "status": status,
                "mailjet_id": str(row["ID"]),
                "active": status != "deleted",
                **self._read_domain(domains.get(row.get("DNSID"), {})),
            }
            sender = known.pop(email, None)
            if sender:
                sender.write(values)
            else:
                Sender.create({**values, "account_id": self.id, "email": email})
        for sender in known.values():
            sender.write({"active": False, "status": "deleted"})

    @api.model
    def _choose_rows(self, rows):
        """Return Mailjet's rows by address: of an address that was deleted and entered
        again, the one that is in use, and of equal ones the latest."""
        ranks = {"active": 2, "inactive": 1, "deleted": 0}
        ranked = sorted(
            rows, key=lambda row: (ranks[self._read_status(row)], row["ID"])
        )
        return {row["Email"].lower(): row for row in ranked}

    @api.model
    def _read_status(self, row):
        """Return our word for the state of Mailjet's sender; it sends from none whose
        state is not known."""
        status = str(row.get("Status") or "").lower()
        known = dict(self.env["mailjet.sender"]._fields["status"].selection)
        return status if status in known else "inactive"

    @api.model
    def _read_domain(self, row):
        """Return the states of a domain's records; nothing is known without a row."""
        return {
            f"{record}_status": bool(row)
            and DNS_STATUSES.get(row.get(f"{record.upper()}Status"), "unchecked")
            for record in ("spf", "dkim")
        }

    def _covering_sender(self, email):
        """Return the active sender that lets this account send from the address:
        the address itself before its domain; an empty recordset when none does."""
        self.ensure_one()
        senders = self.sender_ids.filtered(lambda sender: sender._covers(email))
        return senders.sorted("is_domain")[:1]
