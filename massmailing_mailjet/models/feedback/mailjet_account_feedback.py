from odoo import models


class MailjetAccount(models.Model):
    """What the events of an account show."""

    _inherit = "mailjet.account"

    def _has_health_test_returned(self):
        events = (
            self.env["mailjet.event"]
            .sudo()
            .search(
                [
                    ("account_id", "=", self.id),
                    ("email", "=", self.health_test_email),
                    ("received_date", ">=", self.health_test_date),
                ]
            )
        )
        return super()._has_health_test_returned() or any(
            (event.payload or {}).get("CustomID") == self.health_test_id
            for event in events
        )
