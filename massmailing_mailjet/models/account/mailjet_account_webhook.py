import hmac
import secrets
from urllib.parse import urlsplit

from odoo import api, fields, models, modules

from ...tools.mailjet_vocabulary import EVENT_TYPES
from ..notification import notification

WEBHOOK_USER = "mailjet"
# Grouped events: an array per call, at most one call a second.
# https://dev.mailjet.com/email/guides/webhooks/
WEBHOOK_VERSION = 2


class MailjetAccount(models.Model):
    """The address of this server to which Mailjet reports the events of an account's
    emails, and its registration there.

    An API key has one address for each type of event: registering ours replaces that
    of another system, which is remembered and put back by unregistering.
    """

    _inherit = "mailjet.account"

    # The token finds the account and may appear in the logs of a proxy; the password
    # travels in a header, and is asked for as well.
    webhook_token = fields.Char(groups="base.group_system", readonly=True, copy=False)
    webhook_password = fields.Char(
        groups="base.group_system", readonly=True, copy=False
    )
    webhook_url = fields.Char(
        string="Webhook address",
        compute="_compute_webhook_url",
        groups="base.group_system",
        help="The address to which Mailjet reports. Anyone who knows it can report as "
        "well: keep it confidential.",
    )
    webhook_date = fields.Datetime(
        string="Webhooks registered on", readonly=True, copy=False
    )
    webhook_replaced = fields.Json(
        groups="base.group_system", readonly=True, copy=False
    )
    has_webhook = fields.Boolean(
        compute="_compute_has_webhook",
        compute_sudo=True,
        help="Whether Mailjet was asked to report to this server, even if the "
        "registration failed halfway.",
    )
    last_event_date = fields.Datetime(
        string="Last report from Mailjet",
        readonly=True,
        copy=False,
        help="When Mailjet last reported to this server.",
    )

    push_exclusions = fields.Boolean(
        string="Exclude unsubscribed addresses at Mailjet",
        default=True,
        help="Addresses unsubscribed or blacklisted in Odoo are also excluded at "
        "Mailjet, for all senders. Only addresses mailed from this account are sent "
        "to Mailjet.",
    )
    suppressions_date = fields.Datetime(
        string="Exclusions fetched on",
        readonly=True,
        copy=False,
        help="When the list of addresses that Mailjet excludes from all campaigns was "
        "last read.",
    )
    # Where the reading of all exclusions is, which may take several runs.
    suppressions_start = fields.Datetime(readonly=True, copy=False)
    suppressions_end = fields.Datetime(readonly=True, copy=False)
    suppressions_offset = fields.Integer(readonly=True, copy=False)
    suppressions_count = fields.Integer(readonly=True, copy=False)
    # What Mailjet was given and works on, by the ids of its jobs.
    exclusion_jobs = fields.Json(groups="base.group_system", readonly=True, copy=False)

    sync_requested_date = fields.Datetime(readonly=True, copy=False)

    @api.depends("webhook_token", "webhook_password")
    def _compute_webhook_url(self):
        for account in self:
            base = urlsplit(account.get_base_url())
            account.webhook_url = (
                account.webhook_token
                and base._replace(
                    netloc=f"{WEBHOOK_USER}:{account.webhook_password}@{base.netloc}",
                    path=f"/mailjet/webhook/{account.webhook_token}",
                ).geturl()
            )

    @api.depends("webhook_token")
    def _compute_has_webhook(self):
        for account in self:
            account.has_webhook = bool(account.webhook_token)

    def _is_reading_suppressions(self):
        """Return whether the reading of all exclusions has begun and not ended."""
        start, end = self.suppressions_start, self.suppressions_end
        return bool(start and (not end or end < start))

    # === ACTION METHODS === #

    def action_register_webhooks(self):
        """Let Mailjet report every type of event to this server; ask first where
        another system would be cut off.

        :raise UserError: when Mailjet cannot be asked or refuses
        """
        self.ensure_one()
        self.check_access("write")
        if not self.sudo().webhook_token:
            self.sudo()._renew_webhook_secrets()
        with self._client() as client:
            others = self._get_foreign_webhooks(self._call(client.get_webhooks))
            if others and not self.env.context.get("replace_webhooks"):
                return self._ask_before_replacing(others)
            self._call(self._register_webhooks, client)
        return notification(
            self.env._(
                "Mailjet now reports to %s. This address must be reachable from the "
                "internet.",
                urlsplit(self.get_base_url()).netloc,
            ),
            title=self.env._("Webhooks registered"),
        )

    def action_unregister_webhooks(self):
        """Let Mailjet stop reporting to this server, and report to the previous system
        again.

        :raise UserError: when Mailjet cannot be asked or refuses
        """
        self.ensure_one()
        self.check_access("write")
        with self._client() as client:
            self._call(self._unregister_webhooks, client)
        return notification(
            self.env._("Tracking data is refreshed hourly instead."),
            title=self.env._("Webhooks unregistered"),
        )

    # === BUSINESS METHODS === #

    def _renew_webhook_secrets(self):
        """Give the account a webhook address that nobody can guess. It names the
        account, so that no secret is looked up in a database."""
        self.ensure_one()
        self.webhook_token = f"{self.id}-{secrets.token_urlsafe(24)}"
        self.webhook_password = secrets.token_urlsafe(24)

    @api.model
    def _find_by_webhook(self, token, user, password):
        """Return the account whose webhook was called, or an empty recordset.

        Takes the same time whatever part of the secrets is right.
        """
        ident = token.partition("-")[0]
        known = len(ident) < 10 and ident.isascii() and ident.isdigit()
        account = self.sudo().browse(int(ident) if known else []).exists()
        given = (token, user, password)
        wanted = (account.webhook_token, WEBHOOK_USER, account.webhook_password)
        matches = [
            hmac.compare_digest(_to_bytes(one), _to_bytes(other))
            for one, other in zip(given, wanted, strict=True)
        ]
        is_ours = all(matches) and account.webhook_token and account.webhook_password
        return account if is_ours else self.browse()

    def _get_foreign_webhooks(self, rows):
        """Return those of Mailjet's rows that report to somebody else."""
        return [
            row
            for row in rows
            if not row.get("IsBackup") and not self._is_own_webhook(row["Url"])
        ]

    def _is_own_webhook(self, url):
        """Return whether an address is this account's here, also with former secrets:
        a registration that fails halfway leaves them behind."""
        ours, parts = urlsplit(self.get_base_url()), urlsplit(url)
        return (parts.hostname, parts.port) == (ours.hostname, ours.port) and (
            parts.path.startswith(f"/mailjet/webhook/{self.id}-")
        )

    def _ask_before_replacing(self, others):
        hosts = sorted({urlsplit(row["Url"]).hostname or "?" for row in others})
        wizard = self.env["mailjet.webhook.replace"].create(
            {"account_id": self.id, "hosts": ", ".join(hosts)}
        )
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Another system receives Mailjet's events"),
            "res_model": wizard._name,
            "res_id": wizard.id,
            "view_mode": "form",
            "target": "new",
        }

    def _register_webhooks(self, client):
        """Point every type of event to our address. Where else they were pointed to is
        kept before the first of them is changed, so that it can be put back even when a
        call fails."""
        account = self.sudo()
        rows = {
            row["EventType"]: row
            for row in client.get_webhooks()
            if not row.get("IsBackup")
        }
        types = [event_type for event_type, _label in EVENT_TYPES]
        account.webhook_replaced = (account.webhook_replaced or {}) | {
            event_type: {"Url": row["Url"], "Version": row["Version"]}
            for event_type, row in rows.items()
            if event_type in types and not self._is_own_webhook(row["Url"])
        }
        if not modules.module.current_test:
            self.env["ir.cron"]._commit_progress()
        for event_type in types:
            row = rows.get(event_type)
            client.set_webhook(row, event_type, account.webhook_url, WEBHOOK_VERSION)
        account.webhook_date = fields.Datetime.now()

    def _unregister_webhooks(self, client):
        """Put back what was replaced, and delete the rest of our addresses."""
        account = self.sudo()
        replaced = account.webhook_replaced or {}
        for row in client.get_webhooks():
            if row.get("IsBackup") or not self._is_own_webhook(row["Url"]):
                continue
            before = replaced.get(row["EventType"])
            if before:
                client.set_webhook(
                    row, row["EventType"], before["Url"], before["Version"]
                )
            else:
                client.delete_webhook(row)
        account.write(
            {
                "webhook_date": False,
                "webhook_replaced": False,
                "webhook_token": False,
                "webhook_password": False,
            }
        )


def _to_bytes(secret):
    """Return a secret as bytes; a guessed one may contain any character."""
    return str(secret or "").encode("utf-8", "surrogatepass")
