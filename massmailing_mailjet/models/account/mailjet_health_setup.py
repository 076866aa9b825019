from datetime import timedelta

from odoo import api, fields, models

# How long after a sending its first report may take.
REPORT_DELAY = timedelta(hours=1)
# How long the report of a single email may take, and how long it is worth showing.
PROBE_DELAY = timedelta(minutes=10)
PROBE_LIFETIME = timedelta(days=60)


class MailjetHealthSetup(models.AbstractModel):
    """The checks of setting an account up, in the order in which that is done."""

    _name = "mailjet.health.setup"
    _description = "Setting up mass mailing"
    _inherit = "mailjet.health.card"

    @api.model
    def _check_keys(self, account):
        title = self.env._("Keys")
        is_administrator = self.env.user.has_group("base.group_system")
        enter = is_administrator and self._open_keys(account)
        secret = account.sudo()
        if not (secret.api_key and secret.api_secret):
            sentence = (
                self.env._(
                    "Enter the API key and the secret key that Mailjet shows under "
                    "Account settings ▸ API keys."
                )
                if is_administrator
                else self.env._("An administrator can enter the Mailjet keys here.")
            )
            state = "broken" if account.connection_date else "unknown"
            return self._card(title, state, sentence, enter)
        check = self._button(self.env._("Check now"), "action_check_health")
        if account.connection_error:
            error = account.connection_error
            return self._card(title, "broken", error, enter or check)
        if not account.connection_date:
            sentence = self.env._("The keys have not been tested yet.")
            return self._card(title, "unknown", sentence, check)
        sentence = self.env._(
            "Mailjet accepted the keys on %s.", self._date(account.connection_date)
        )
        return self._card(title, "ok", sentence, check)

    @api.model
    def _check_senders(self, account):
        title = self.env._("Senders")
        fetch = self._button(self.env._("Refresh"), "action_synchronize")
        senders = account.sender_ids.filtered(lambda sender: sender.status == "active")
        if not account.last_sync and not senders:
            return self._after_keys(title, account, fetch)
        if not senders:
            sentence = self.env._(
                "No sender is active. Activate an address or a domain in Mailjet's "
                "own interface, then refresh."
            )
            return self._card(title, "broken", sentence, fetch)
        names = ", ".join(senders.mapped("display_name")[:5])
        unsigned = self._find_unsigned(senders)
        if unsigned:
            sentence = self.env._(
                "SPF or DKIM is not valid for: %s. Many mailboxes will treat these "
                "emails as spam until the domain's DNS is set as Mailjet shows.",
                ", ".join(unsigned.mapped("display_name")[:5]),
            )
            return self._card(title, "attention", sentence, fetch)
        sentence = self.env._("Active: %s", names)
        return self._card(title, "ok", sentence, self._open_account(account))

    @api.model
    def _find_unsigned(self, senders):
        """Return the senders whose domain does not vouch for Mailjet."""
        return senders.filtered(
            lambda sender: (
                {"error", "missing"} & {sender.spf_status, sender.dkim_status}
            )
        )

    @api.model
    def _check_webhook(self, account):
        title = self.env._("Reports from Mailjet")
        register = self._button(
            self.env._("Register the webhook"), "action_register_webhooks"
        )
        if not account.last_sync:
            return self._after_keys(title, account)
        if not account.webhook_date:
            sentence = self.env._(
                "Mailjet does not report opens, clicks, bounces and unsubscribes to "
                "this server yet. Until then, they are refreshed hourly."
            )
            return self._card(title, "unknown", sentence, register)
        register = {**register, "label": self.env._("Register again")}
        if not account.last_event_date:
            sentence = self.env._(
                "The webhook was registered on %s. Waiting for the first report, which "
                "follows the first email.",
                self._date(account.webhook_date),
            )
            return self._card(title, "waiting", sentence, register)
        sentence = self.env._("Last report: %s", self._date(account.last_event_date))
        if self._is_silent(account):
            sentence = self.env._(
                "Nothing has been reported since the last sending. Last report: %s. "
                "Can this server be reached from the internet?",
                self._date(account.last_event_date),
            )
            return self._card(title, "attention", sentence, register)
        return self._card(title, "ok", sentence)

    @api.model
    def _is_silent(self, account):
        """Return whether a mailing was sent a while ago and nothing came of it."""
        return bool(
            self.env["mailjet.mailing"].search_count(
                [
                    ("account_id", "=", account.id),
                    ("sent_date", ">", account.last_event_date),
                    ("sent_date", "<", fields.Datetime.now() - REPORT_DELAY),
                ],
                limit=1,
            )
        )

    @api.model
    def _check_health_test(self, account):
        title = self.env._("End-to-end test")
        send = self._button(self.env._("Send me an email"), "action_send_health_test")
        if not account.last_sync:
            return self._after_keys(title, account)
        date, now = account.health_test_date, fields.Datetime.now()
        if not date or date < now - PROBE_LIFETIME:
            sentence = self.env._(
                "Send yourself an email, and wait for Mailjet's report."
            )
            return self._card(title, "unknown", sentence, send)
        values = {"email": account.health_test_email, "date": self._date(date)}
        if account._has_health_test_returned():
            sentence = self.env._(
                "The email of %(date)s to %(email)s was reported as delivered.",
                **values,
            )
            return self._card(title, "ok", sentence, send)
        if date > now - PROBE_DELAY:
            sentence = self.env._(
                "The email to %(email)s was sent on %(date)s. Waiting for Mailjet's "
                "report.",
                **values,
            )
            return self._card(title, "waiting", sentence, waiting=True)
        sentence = self.env._(
            "The email to %(email)s was sent on %(date)s, but no report has been "
            "received. Is the webhook registered, and can this server be reached "
            "from the internet?",
            **values,
        )
        return self._card(title, "attention", sentence, send)
