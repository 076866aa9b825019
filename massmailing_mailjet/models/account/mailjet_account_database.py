import secrets

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain
from odoo.tools.translate import LazyTranslate

from ..sentence import say

_lt = LazyTranslate(__name__)


class MailjetAccount(models.Model):
    """Binds a Mailjet account to the database that it was entered in, so that a copy of
    the database neither mails anybody nor touches anything at Mailjet."""

    _inherit = "mailjet.account"

    database_uuid = fields.Char(
        string="Database",
        readonly=True,
        copy=False,
        groups="base.group_system",
        default=lambda self: self._get_database(),
        help="The database that sends with this account.",
    )
    # A copy may keep the identity of the original, and confirming it must not make the
    # two of them share their lists: each confirmation makes a new mark.
    database_mark = fields.Char(
        readonly=True,
        copy=False,
        groups="base.group_system",
        default=lambda self: self._make_mark(),
    )
    is_foreign = fields.Boolean(
        string="Belongs to another database",
        compute="_compute_is_foreign",
        compute_sudo=True,
    )

    @api.depends("database_uuid")
    def _compute_is_foreign(self):
        own = self._get_database()
        for account in self:
            account.is_foreign = account.database_uuid != own

    def action_confirm_database(self):
        """Let this database send with the account from now on. What was being sent
        when the database was copied is canceled: the other one may have sent it.

        :raise AccessError: when the user is no administrator
        """
        self.check_access("write")
        if not self.env.user.has_group("base.group_system"):
            raise AccessError(
                self.env._(
                    "Only an administrator can allow this database to send with a "
                    "Mailjet account."
                )
            )
        foreign = self.sudo().filtered("is_foreign")
        for account in foreign:
            account.write(
                {
                    "database_uuid": self._get_database(),
                    "database_mark": self._make_mark(),
                }
            )
        mailings = self.env["mailjet.mailing"].sudo()
        for account in foreign:
            mailings._cancel_copied(account)
        return True

    @api.model
    def _get_database(self):
        """Return what tells this database from its copies."""
        return self.env["ir.config_parameter"].sudo().get_param("database.uuid")

    @api.model
    def _make_mark(self):
        """Return what tells the lists of an account from those of every other database
        that sends with the same keys."""
        return secrets.token_hex(4)

    @api.model
    def _own_domain(self):
        """Return the domain of the accounts that this database may use."""
        return Domain("database_uuid", "=", self._get_database())

    def _check_database(self):
        """Complain when the account belongs to another database.

        :raise UserError: saying who can change it
        """
        for account in self:
            if account.is_foreign:
                raise UserError(
                    say(
                        self.env,
                        _lt(
                            "This database is a copy, and the Mailjet account “%s” "
                            "belongs to the original: nothing is sent from here. If "
                            "this database should send from now on, an administrator "
                            "must confirm it in the Mailjet account.",
                            account.name,
                        ),
                    )
                )
