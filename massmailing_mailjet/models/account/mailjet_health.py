from odoo import api, models

SETUP_CHECKS = (
    "keys",
    "senders",
    "templates",
    "webhook",
    "health_test",
    "measuring_rule",
)
# A question that has an answer already: a mailing may begin without it.
OPTIONAL_CHECKS = ("measuring_rule",)
OPERATION_CHECKS = (
    "quota",
    "crons",
    "mailings",
    "preferences",
    "asking",
    "tracking",
    "database",
)
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
            checks), ``waiting`` (whether a check is about to change by itself),
            ``begin`` (the action that begins a mailing, once the setup is complete)
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
            "begin": self._begin_mailing(account, setup),
        }

    @api.model
    def _begin_mailing(self, account, setup):
        """Return the action of a new mailing with the account, or False while a check
        of the setup is not met."""
        needed = [check for check in setup if check["name"] not in OPTIONAL_CHECKS]
        if any(check["state"] != "ok" for check in needed):
            return False
        return {
            "type": "ir.actions.act_window",
            "res_model": "mailjet.mailing",
            "views": [[False, "form"]],
            "context": {"default_account_id": account.id},
        }

    @api.model
    def _get_cards(self, account, names):
        checks = []
        for name in names:
            check = getattr(self, f"_check_{name}")(account)
            if check:
                checks.append({"name": name, **check})
        return checks
