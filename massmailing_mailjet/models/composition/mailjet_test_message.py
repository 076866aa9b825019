from datetime import timedelta

from odoo import api, fields, models
from odoo.tools.misc import hash_sign, verify_hash_signed

# The scope of the links' signature; it keeps a former name of the model.
SCOPE = "mailjet.test"

# How long the links of a test email work.
LIFETIME = timedelta(days=30)


class MailjetTestMessage(models.Model):
    """A test email as it was sent, for its link to the online version: Mailjet has none
    for single messages. Its URL is signed and expires."""

    _name = "mailjet.test.message"
    _description = "Mass mailing test email"
    _order = "id desc"

    mailing_id = fields.Many2one(
        "mailjet.mailing", required=True, ondelete="cascade", index=True
    )
    # Never shown in Odoo's own pages; the controller lets nothing in it run.
    html = fields.Text(string="HTML")

    def _get_url(self):
        """Return the URL of the online version."""
        self.ensure_one()
        token = hash_sign(
            self.env(su=True), SCOPE, self.id, expiration_hours=self._get_hours()
        )
        return f"{self.mailing_id.get_base_url()}/mailjet/test/{token}"

    @api.model
    def _get_hours(self):
        return int(LIFETIME.total_seconds() // 3600)

    @api.model
    def _find(self, token):
        """Return the test of a valid token that has not expired, else an empty
        recordset."""
        try:
            test_id = verify_hash_signed(self.env(su=True), SCOPE, token)
        except ValueError:
            # Not a token at all: not base64, or truncated.
            return self.browse()
        return self.browse(test_id).exists() if test_id else self.browse()

    @api.autovacuum
    def _gc_tests(self):
        self.search([("create_date", "<", fields.Datetime.now() - LIFETIME)]).unlink()
