from odoo import api, models

SETUP_LIGHTS = ("keys", "senders", "templates", "webhook", "probe")
RUNNING_LIGHTS = ("quota", "crons", "mailings", "database")
# Accounts to choose from.
MAX_ACCOUNTS = 80


class MailjetHealth(models.AbstractModel):
    """Tells whether mass mailing works, by lights: a method ``_light_…`` for each."""

    _name = "mailjet.health"
    _description = "Health of mass mailing"
    _inherit = ["mailjet.health.setup", "mailjet.health.running"]

    @api.model
    def get_report(self, account_id=False):
        """Return what the page shows.

        :param int account_id: of the account chosen, if any
        :return: dict of ``accounts`` (all that the user may choose), ``account`` (the
            id shown, or False when there is none yet), ``setup`` and ``running`` (the
            lights), ``waiting`` (whether a light is about to change by itself)
        """
        Account = self.env["mailjet.account"]
        Account.check_access("write")
        accounts = Account.search([], limit=MAX_ACCOUNTS)
        chosen = accounts.filtered(lambda account: account.id == account_id)
        account = chosen or Account._get_default(self.env.company) or accounts[:1]
        setup = self._get_lights(account, SETUP_LIGHTS)
        return {
            "accounts": accounts.read(["name"]),
            "account": account.id,
            "setup": setup,
            "running": self._get_lights(account, RUNNING_LIGHTS) if account else [],
            "waiting": any(light["waiting"] for light in setup),
        }

    @api.model
    def _get_lights(self, account, names):
        lights = []
        for name in names:
            light = getattr(self, f"_light_{name}")(account)
            if light:
                lights.append({"name": name, **light})
        return lights
