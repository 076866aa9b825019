from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ...const import MAILJET_API_URL
from ...exceptions import MailjetConfigurationError
from ...tools.mailjet_client import MailjetClient


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
    sender_ids = fields.One2many("mailjet.sender", "account_id", readonly=True)

    # === CONSTRAINT METHODS === #

    @api.constrains("company_id")
    def _check_company_of_mailings(self):
        """Keep an account in the company of the mailings that use it."""
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

    # === BUSINESS METHODS === #

    @api.model
    def _get_default(self, company):
        """Return the first account that the company may use."""
        return self.search(
            [("company_id", "in", [False, company.id])],
            order="company_id, sequence",
            limit=1,
        )

    def _client(self):
        """Return the Mailjet client of this account, to be used as a context
        manager. The keys are read with elevated rights and are used for nothing else.

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

    def _covering_sender(self, email):
        """Return the active sender that lets this account send from the address:
        the address itself before its domain; an empty recordset when none does."""
        self.ensure_one()
        senders = self.sender_ids.filtered(lambda sender: sender._covers(email))
        return senders.sorted("is_domain")[:1]
