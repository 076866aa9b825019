from odoo import api, fields, models


class ResUsersSettings(models.Model):
    _inherit = "res.users.settings"

    mailjet_test_emails = fields.Text(
        help="The addresses to which the user's last mass mailing test was sent."
    )

    @api.model
    def _get_fields_blacklist(self):
        """Keep the test addresses out of the settings that every page loads."""
        return [*super()._get_fields_blacklist(), "mailjet_test_emails"]
