from odoo import models


class MailjetAccount(models.Model):
    """What the reports of an account show."""

    _inherit = "mailjet.account"

    def _has_probe_returned(self):
        events = (
            self.env["mailjet.event"]
            .sudo()
            .search(
                [
                    ("account_id", "=", self.id),
                    ("email", "=", self.probe_email),
                    ("received_date", ">=", self.probe_date),
                ]
            )
        )
        return super()._has_probe_returned() or any(
            (event.payload or {}).get("CustomID") == self.probe_id for event in events
        )
