from odoo import api, models
from odoo.fields import Domain

from ...tools.erasing import compile_addresses

# What users wrote for the readers of a mailing. An address in it may be anyone's, such
# as the sender's own: users have to change it themselves.
CONTENT = (
    *("name", "subject", "preview", "body_html", "body_code", "body_text"),
    *("sender_name", "sender_email", "reply_to"),
)
VERSION_CONTENT = ("subject", "preview", "body_html", "body_code", "body_text")


class MailjetErasure(models.Model):
    """Erases the test emails that may show a person's values, and finds the mailings
    that mention a person's address."""

    _inherit = "mailjet.erasure"

    @api.model
    def _erase_recipients(self, records, emails):
        mailings = self._find_mailings(records, emails)
        self._find_tests(mailings, emails).sudo().unlink()
        return super()._erase_recipients(records, emails)

    @api.model
    def _find_tests(self, mailings, emails):
        """Return the test emails that may show the values of a person in these
        mailings, or that contain an address."""
        return self.env["mailjet.test.message"].search(
            Domain("mailing_id", "in", mailings.ids) | self._mentions(["html"], emails)
        )

    @api.model
    def _find_naming(self, emails):
        """Return the mailings whose content mentions an address."""
        pattern = compile_addresses(emails)
        mentions = self._mentions(CONTENT, emails)
        found = self._search_all("mailjet.mailing", mentions).filtered(
            lambda mailing: any(pattern.search(mailing[name] or "") for name in CONTENT)
        )
        return found | self._find_versions(pattern, emails).mailing_id

    @api.model
    def _find_versions(self, pattern, emails):
        mentions = self._mentions(VERSION_CONTENT, emails)
        return self._search_all("mailjet.version", mentions).filtered(
            lambda version: any(
                pattern.search(version[name] or "") for name in VERSION_CONTENT
            )
        )

    @api.model
    def _export(self, records, emails):
        tests = self._find_tests(self._find_mailings(records, emails), emails)
        return {
            **super()._export(records, emails),
            "named_in": self._find_naming(emails).mapped("display_name"),
            "test_emails": tests.mapped("html"),
        }
