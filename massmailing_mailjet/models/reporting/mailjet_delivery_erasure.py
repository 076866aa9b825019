from odoo import api, models


class MailjetDelivery(models.AbstractModel):
    """Erases what had to be kept until Mailjet had taken an address out of a list."""

    _inherit = "mailjet.delivery"

    @api.model
    def _cron_process(self):
        result = super()._cron_process()
        self.env["mailjet.erasure"]._finish()
        self.env["ir.cron"]._commit_progress()
        return result
