from odoo import api, models

SETUP_CHECKS = ("keys", "senders", "templates", "webhook", "health_test")
OPERATION_CHECKS = ("quota", "crons", "mailings", "database")
# Accounts to choose from.
MAX_ACCOUNTS = 80


class MailjetHealth(models.AbstractModel):
    """Tells whether mass mailing works, by checks: a method ``_check_…`` for each."""

    _name = "mailjet.health"
    _description = "Health of mass mailing"
    _inherit = ["mailjet.health.setup", "mailjet.health.operation"]

    @api.model
    def get_report(self, account_id=False):
        """Return what the page shows.

        :param int account_id: of the account chosen, if any
        :return: dict of ``accounts`` (all that the user may choose), ``account`` (the
            id shown, or False when there is none yet), ``setup`` and ``running`` (the
            checks), ``waiting`` (whether a check is about to change by itself)
        """
        Account = self.env["mailjet.account"]
        Account.check_access("write")
        accounts = Account.search([], limit=MAX_ACCOUNTS)
        chosen = accounts.filtered(lambda account: account.id == account_id)
        account = chosen or Account._get_default(self.env.company) or accounts[:1]
        setup = self._get_cards(account, SETUP_CHECKS)
        return {
            "accounts": accounts.read(["name"]),
            "account": account.id,
            "setup": setup,
            "running": self._get_cards(account, OPERATION_CHECKS) if account else [],
            "waiting": any(check["waiting"] for check in setup),
        }

    @api.model
    def _get_cards(self, account, names):
        checks = []
        for name in names:
            check = getattr(self, f"_check_{name}")(account)
            if check:
                checks.append({"name": name, **check})
        return checks
