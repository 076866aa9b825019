import re

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import email_normalize

from ..exceptions import MailjetError
from ..tools.notification import CLOSE, notification

# Test addresses of one wizard: Mailjet takes 50 messages in one call.
# https://dev.mailjet.com/email/guides/send-api-v31/
MAX_ADDRESSES = 50


class MailjetMailingTest(models.TransientModel):
    """Sends a mailing to a few addresses, to see how it looks.

    A test is a single message, not a campaign: Mailjet offers no online version of
    it, and it counts in no statistics.
    """

    _name = "mailjet.mailing.test"
    _description = "Test of a Mass Mailing"

    mailing_id = fields.Many2one("mailjet.mailing", required=True, ondelete="cascade")
    email_to = fields.Text(
        string="Recipients",
        required=True,
        default=lambda self: self.env.user.email_normalized,
        help="One address on each line.",
    )

    def action_send(self):
        """Send the test and tell what became of each address."""
        self.ensure_one()
        mailing = self.mailing_id
        mailing.check_access("write")
        self.env["mailjet.check"]._assert_steps(mailing, ("details", "content"))
        emails = self._get_emails()
        refused = self._send(emails)
        sent = [email for email in emails if email not in refused]
        mailing.message_post(
            body=self.env._("Test e-mail sent to: %s", ", ".join(sent) or "-")
        )
        return self._notification(sent, refused)

    def _get_emails(self):
        """Return the addresses.

        :raise UserError: naming those that are malformed
        """
        lines = [
            part.strip() for part in re.split(r"[\n;,]", self.email_to) if part.strip()
        ]
        malformed = [line for line in lines if not email_normalize(line)]
        if malformed:
            raise UserError(
                self.env._("These are not e-mail addresses: %s", ", ".join(malformed))
            )
        emails = list(dict.fromkeys(email_normalize(line) for line in lines))
        if len(emails) > MAX_ADDRESSES:
            raise UserError(
                self.env._("A test goes to %s addresses at most.", MAX_ADDRESSES)
            )
        return emails

    def _send(self, emails):
        """Send the test and return a dict of the refused addresses and why.

        :raise UserError: when Mailjet cannot be asked
        """
        mailing = self.mailing_id
        subject, html, text = self.env["mailjet.message"]._compose_test(mailing)
        message = {
            "From": {"Email": mailing.sender_email, "Name": mailing.sender_name},
            "ReplyTo": {"Email": mailing.reply_to or mailing.sender_email},
            "Subject": subject,
            "HTMLPart": html,
            "TextPart": text,
        }
        account = mailing.account_id
        with account._client() as client:
            try:
                results = client.send_messages(
                    [{**message, "To": [{"Email": email}]} for email in emails]
                )
            except MailjetError as error:
                raise UserError(account._explain(error)) from error
        return {
            email: result["Errors"][0]["ErrorMessage"]
            for email, result in zip(emails, results, strict=True)
            if result["Status"] != "success"
        }

    def _notification(self, sent, refused):
        lines = [self.env._("Test e-mail sent to: %s", ", ".join(sent))] if sent else []
        lines += [
            self.env._("Refused for %(email)s: %(reason)s", email=email, reason=reason)
            for email, reason in refused.items()
        ]
        return notification(
            " ".join(lines),
            "warning" if refused else "success",
            sticky=bool(refused),
            then=CLOSE,
        )
