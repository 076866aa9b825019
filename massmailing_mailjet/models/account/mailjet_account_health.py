import uuid

from odoo import api, fields, models
from odoo.exceptions import AccessError, RedirectWarning, UserError

from ..attempt import attempt_each
from ..notification import CLOSE, notification
from ..sentence import recall

MODULE = "massmailing_mailjet"


class MailjetAccount(models.Model):
    """The last check of the connection to Mailjet, and the buttons of the page that
    shows it (``mailjet.health``)."""

    _inherit = "mailjet.account"

    connection_date = fields.Datetime(
        string="Last check of the connection",
        readonly=True,
        copy=False,
        help="When the keys were last checked with Mailjet.",
    )
    # As ``sentence`` stores it.
    connection_facts = fields.Json(
        readonly=True, copy=False, export_string_translation=False
    )
    connection_error = fields.Char(
        string="Last error",
        compute="_compute_connection_error",
        help="Error of the last connection check. Empty: none.",
    )
    # The email that users send to themselves, to see that Mailjet reports it.
    health_test_id = fields.Char(readonly=True, copy=False)
    health_test_date = fields.Datetime(readonly=True, copy=False)
    health_test_email = fields.Char(readonly=True, copy=False)

    # === COMPUTE METHODS === #

    @api.depends("connection_facts")
    @api.depends_context("lang")
    def _compute_connection_error(self):
        for account in self:
            account.connection_error = recall(self.env, account.connection_facts)

    # === ACTION METHODS === #

    def action_connect(self):
        """Test new keys and fetch what belongs to them. Until Mailjet accepts them,
        the dialog stays open and says what is wrong."""
        self.ensure_one()
        self.check_access("write")
        self._update_health()
        if self.connection_error:
            return self._get_connect_action()
        return notification(
            self.env._("“%s” is connected to Mailjet.", self.name), then=CLOSE
        )

    def action_check_health(self):
        """Ask Mailjet for everything again, and keep what goes wrong."""
        self.ensure_one()
        self.check_access("write")
        self._update_health()
        if self.connection_error:
            return notification(self.connection_error, "warning")
        return notification(self.env._("“%s” was checked.", self.name))

    def action_send_health_test(self):
        """Send the user an email, whose events show that the whole way works.

        :raise UserError: when there is no sender or no address, or Mailjet refuses
        """
        self.ensure_one()
        self.check_access("write")
        message = self._get_health_test()
        with self._client() as client:
            (result,) = self._call(client.send_messages, [message])
        if result["Status"] != "success":
            raise UserError(
                self.env._(
                    "Refused by Mailjet: %s", result["Errors"][0]["ErrorMessage"]
                )
            )
        email = message["To"][0]["Email"]
        self.sudo().write(
            {
                "health_test_id": message["CustomID"],
                "health_test_date": fields.Datetime.now(),
                "health_test_email": email,
            }
        )
        return notification(self.env._("An email was sent to %s.", email))

    def action_switch_crons_on(self):
        """Switch the scheduled actions of mass mailing on again.

        :raise AccessError: when the user is no administrator
        """
        self.check_access("write")
        if not self.env.user.has_group("base.group_system"):
            raise AccessError(
                self.env._("Only an administrator can enable scheduled actions.")
            )
        self._get_crons().active = True
        return True

    # === BUSINESS METHODS === #

    def _get_connect_action(self):
        """Return the action that opens the dialog in which the keys are entered."""
        view = self.env.ref("massmailing_mailjet.mailjet_account_view_form_connect")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Connect to Mailjet"),
            "res_model": self._name,
            "res_id": self.id,
            "views": [[view.id, "form"]],
            "target": "new",
        }

    @api.model
    def _cron_check_health(self):
        """Check every account that has keys, so that a suspended key or a missing
        sender is known before a mailing needs it."""
        accounts = self.search([("api_key", "!=", False)])
        attempt_each(accounts, type(self)._update_health)

    def _update_health(self):
        """Check the connection and store the result."""
        try:
            with self.env.cr.savepoint():
                self._check_connection()
        except UserError as error:
            self._note_connection(error.args[0])

    def _check_connection(self):
        """Test the keys and fetch what belongs to them.

        :raise UserError: when Mailjet cannot be asked, or does not accept the keys
        """
        with self._client() as client:
            self._assert_usable(client)
            self._synchronize(client)
        self._note_connection()

    def _get_health_test(self):
        """Return the email to the user, for Mailjet's Send API.

        Mailjet hands ``CustomID`` back with each event of the message.
        https://dev.mailjet.com/email/guides/send-api-v31/
        """
        email = self.env.user.email_normalized
        if not email:
            self._ask_for_own_address()
        text = self.env._(
            "This email was sent by the Mailjet account “%(account)s” of "
            "%(company)s. You do not need to do anything.",
            account=self.name,
            company=self.env.company.name,
        )
        return {
            "From": {
                "Email": self._get_health_test_sender(),
                "Name": self.env.company.name,
            },
            "To": [{"Email": email}],
            "Subject": self.env._("Test of your mass mailings"),
            "TextPart": text,
            "CustomID": f"health-{uuid.uuid4()}",
        }

    @api.model
    def _ask_for_own_address(self):
        """Lead a user who has no address to where it is entered.

        :raise RedirectWarning: with that
        """
        preferences = self.env["ir.actions.act_window"]._for_xml_id(
            "base.action_res_users_my"
        )
        raise RedirectWarning(
            self.env._("Enter an email address in your own preferences first."),
            {**preferences, "res_id": self.env.uid},
            self.env._("Open my preferences"),
        )

    def _has_health_test_returned(self):
        """Return whether Mailjet has reported the test. Always false here: the room
        ``feedback`` extends it."""
        self.ensure_one()
        return False

    def _get_health_test_sender(self):
        """Return an address that Mailjet lets the account send from."""
        senders = self.sender_ids.filtered(lambda sender: sender.status == "active")
        sender = senders.sorted("is_domain")[:1]
        if not sender:
            raise UserError(
                self.env._(
                    "No sender is active. Activate one in Mailjet's own interface, "
                    "then check again."
                )
            )
        return sender.email.replace("*", "news") if sender.is_domain else sender.email

    @api.model
    def _get_crons(self):
        """Return the scheduled actions of the add-on, those switched off as well."""
        data = self.env["ir.model.data"].sudo()
        known = data.search([("module", "=", MODULE), ("model", "=", "ir.cron")])
        crons = self.env["ir.cron"].sudo().with_context(active_test=False)
        return crons.browse(known.mapped("res_id")).exists()
