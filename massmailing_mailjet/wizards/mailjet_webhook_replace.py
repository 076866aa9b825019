from odoo import fields, models


class MailjetWebhookReplace(models.TransientModel):
    """Asks before registering our webhooks disconnects another system."""

    _name = "mailjet.webhook.replace"
    _description = "Replace another system's webhooks"
    _inherit = ["mailjet.wizard.mixin"]

    account_id = fields.Many2one("mailjet.account", required=True, readonly=True)
    hosts = fields.Char(string="Other systems", readonly=True)

    def action_replace(self):
        """Register our webhooks in place of the others."""
        account = self.account_id.with_context(replace_webhooks=True)
        return account.action_register_webhooks()
