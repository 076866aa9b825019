from odoo import api, fields, models
from odoo.exceptions import UserError

from ..exceptions import MailjetError
from ..models.address_faults import explain_fault
from ..models.notification import CLOSE, notification
from ..tools.addresses import clean_address, is_address, split_entries

# Test addresses per wizard: Mailjet accepts 50 messages in one call.
# https://dev.mailjet.com/email/guides/send-api-v31/
MAX_ADDRESSES = 50

PEOPLE_FIELDS = ("recipient_id", "partner_id", "lead_id")

# How many malformed addresses are explained.
EXPLAINED = 10


class MailjetMailingTest(models.TransientModel):
    """Sends a mailing to a few addresses, to see how it looks.

    A test is a single message, not a campaign: Mailjet has no online version of it, so
    Odoo shows one, and it counts in no statistics.
    """

    _name = "mailjet.mailing.test"
    _description = "Test of a mass mailing"
    _inherit = ["mailjet.wizard.mixin"]

    mailing_id = fields.Many2one("mailjet.mailing", required=True, ondelete="cascade")
    email_to = fields.Text(
        string="Recipients",
        required=True,
        default=lambda self: self._get_default_emails(),
        help="One address per line.",
    )
    # Whose values the test shows: a recipient, or a record while there are none.
    recipient_id = fields.Many2one(
        "mailjet.recipient",
        string="Preview as",
        compute="_compute_person",
        compute_sudo=False,
        store=True,
        readonly=False,
        domain="[('mailing_id', '=', mailing_id), ('verdict', '=', 'send')]",
    )
    partner_id = fields.Many2one(
        "res.partner",
        string="Contact or account",
        compute="_compute_person",
        compute_sudo=False,
        store=True,
        readonly=False,
        domain="[('is_company', '=', recipient_type == 'account'),"
        " ('email', '!=', False)]",
    )
    lead_id = fields.Many2one(
        "crm.lead",
        compute="_compute_person",
        compute_sudo=False,
        store=True,
        readonly=False,
        domain="[('email_from', '!=', False)]",
    )
    has_versions = fields.Boolean(
        string="Has versions", compute="_compute_has_versions", compute_sudo=False
    )
    every_version = fields.Boolean(
        string="Send every version",
        compute="_compute_every_version",
        compute_sudo=False,
        store=True,
        readonly=False,
        help="Otherwise only the one that this person gets.",
    )
    recipient_type = fields.Selection(
        related="mailing_id.recipient_type", related_sudo=False
    )
    planned_count = fields.Integer(
        related="mailing_id.planned_count", related_sudo=False
    )

    @api.depends("mailing_id")
    def _compute_person(self):
        for wizard in self:
            person = wizard.mailing_id._get_person()
            for name in PEOPLE_FIELDS:
                is_shown = wizard[name]._name == person._name
                wizard[name] = person if is_shown else False

    @api.depends("mailing_id")
    def _compute_has_versions(self):
        for wizard in self:
            wizard.has_versions = bool(wizard.mailing_id.version_ids)

    @api.depends("mailing_id")
    def _compute_every_version(self):
        for wizard in self:
            wizard.every_version = bool(wizard.mailing_id.version_ids)

    @api.model
    def _get_default_emails(self):
        """Return the addresses of the user's last test, or the user's own."""
        settings = self.env.user.sudo().res_users_settings_id
        return settings.mailjet_test_emails or self.env.user.email_normalized

    def action_send(self):
        """Send the test and report the result for each address."""
        self.ensure_one()
        mailing = self.mailing_id
        mailing.check_access("write")
        mailing._assert_steps(("details", "content"))
        emails = self._get_emails()
        refused = self._send(emails)
        self._remember(emails)
        sent = [email for email in emails if email not in refused]
        if sent and self.every_version == self.has_versions:
            mailing._note_test()
        mailing.message_post(
            body=self.env._("Test email sent to: %s", ", ".join(sent) or "-")
        )
        return self._notification(sent, refused)

    def _get_emails(self):
        """Return the addresses.

        :raise UserError: explaining each malformed address
        """
        addresses = {
            entry: clean_address(entry) for entry in split_entries(self.email_to)
        }
        faults = [
            explain_fault(self.env, entry, address)
            for entry, address in addresses.items()
            if not is_address(address)
        ]
        if faults:
            more = [self.env._("… and %s more", len(faults) - EXPLAINED)]
            lines = faults[:EXPLAINED] + (more if len(faults) > EXPLAINED else [])
            raise UserError("\n".join(lines))
        emails = list(dict.fromkeys(map(str.lower, addresses.values())))
        if not emails:
            raise UserError(self.env._("Enter at least one address."))
        if len(emails) > MAX_ADDRESSES:
            raise UserError(
                self.env._("A test can be sent to %s addresses at most.", MAX_ADDRESSES)
            )
        return emails

    def _send(self, emails):
        """Send the test and return a dict of rejected addresses and the reasons.

        :raise UserError: if Mailjet cannot be called
        """
        mailing = self.mailing_id
        account = mailing.account_id
        messages = [self._get_message(version) for version in self._get_versions()]
        refused = {}
        with account._client() as client:
            for message in messages:
                try:
                    results = client.send_messages(
                        [{**message, "To": [{"Email": email}]} for email in emails]
                    )
                except MailjetError as error:
                    raise UserError(account._diagnose(error, client)) from error
                refused |= {
                    email: result["Errors"][0]["ErrorMessage"]
                    for email, result in zip(emails, results, strict=True)
                    if result["Status"] != "success"
                }
        return refused

    def _get_versions(self):
        """Return the versions to send: all of them, the mailing's own email first, or
        None for the one that the person gets."""
        if not self.every_version:
            return [None]
        versions = self.mailing_id.version_ids
        return [versions.browse(), *versions]

    def _get_message(self, version):
        """Return the message for Mailjet's Send API, without tracking of opens and
        clicks.

        :param version: None for the one that the person gets
        """
        mailing = self.mailing_id
        test = (
            self.env["mailjet.test.message"].sudo().create({"mailing_id": mailing.id})
        )
        person = self._get_person()
        subject, html, text = mailing._compose_test(person, test._get_url(), version)
        sent = mailing._get_content_to(person, version)
        test.html = html
        return {
            "From": {"Email": sent.sender_email, "Name": sent.sender_name},
            "ReplyTo": {"Email": sent.reply_to or sent.sender_email},
            "Subject": subject,
            "HTMLPart": html,
            "TextPart": text,
            "TrackOpens": "disabled",
            "TrackClicks": "disabled",
        }

    def _get_person(self):
        """Return the recipient or the record whose values are shown, if any.

        :raise UserError: if it is a recipient of another mailing
        """
        if self.recipient_id and self.recipient_id.mailing_id != self.mailing_id:
            raise UserError(self.env._("Choose a recipient of this mailing."))
        return self.recipient_id or self.partner_id or self.lead_id

    def _remember(self, emails):
        settings = self.env["res.users.settings"]._find_or_create_for_user(
            self.env.user
        )
        settings.sudo().mailjet_test_emails = "\n".join(emails)

    def _notification(self, sent, refused):
        lines = [self.env._("Test email sent to: %s", ", ".join(sent))] if sent else []
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
