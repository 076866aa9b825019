from odoo import api, models


class MailjetHealthSetup(models.AbstractModel):
    """The check of the templates made at Mailjet."""

    _inherit = "mailjet.health.setup"

    @api.model
    def _check_templates(self, account):
        title = self.env._("Templates")
        if not account.last_sync:
            return self._after_keys(title, account)
        count = self.env["mailjet.template"].search_count(
            [("account_id", "=", account.id)]
        )
        fetch = self._button(self.env._("Refresh"), "action_synchronize")
        sentence = (
            self.env._("Templates created at Mailjet that can be used: %s", count)
            if count
            else self.env._(
                "No template has been created at Mailjet. Templates are optional."
            )
        )
        return self._card(title, "ok", sentence, fetch)
