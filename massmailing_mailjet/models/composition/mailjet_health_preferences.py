from odoo import api, models

from ...tools.preference_links import PATH
from ...tools.web_addresses import get_host, is_private_host


class MailjetHealthOperation(models.AbstractModel):
    """The check of the preference page, as far as its address tells whether recipients
    can reach it."""

    _inherit = "mailjet.health.operation"

    @api.model
    def _check_preferences(self, account):
        if not account.last_sync:
            return False
        title = self.env._("Preference page")
        base_url = account.get_base_url()
        host = get_host(base_url)
        if not host or is_private_host(host):
            sentence = self.env._(
                "Every email links to it at %s, which recipients cannot reach. Set the "
                "system parameter “web.base.url” to the public address of this server.",
                base_url,
            )
            return self._card(title, "attention", sentence)
        if not base_url.startswith("https:"):
            sentence = self.env._(
                "Every email links to it at %s, without encryption. Let the server be "
                "reached by https, and change the system parameter “web.base.url”.",
                base_url,
            )
            return self._card(title, "attention", sentence)
        sentence = self.env._("Every email links to it: %s", f"{base_url}{PATH}")
        return self._card(title, "ok", sentence)
