import logging

from odoo import api, fields, models
from odoo.exceptions import UserError

from ...exceptions import MailjetError
from ...tools.mailjet_vocabulary import DNS_STATUSES
from ..attempt import attempt_each
from ..notification import notification

_logger = logging.getLogger(__name__)


class MailjetAccount(models.Model):
    """Fetches from Mailjet what belongs to an account, such as its senders."""

    _inherit = "mailjet.account"

    last_sync = fields.Datetime(
        string="Last synchronization",
        readonly=True,
        copy=False,
        help="When senders, templates and the month's count were last fetched.",
    )

    # === ACTION METHODS === #

    def action_synchronize(self):
        """Fetch the senders, the states of their domains and this month's count from
        Mailjet."""
        self.ensure_one()
        self.check_access("write")
        with self._client() as client:
            self._synchronize(client)
        count = len(self.sender_ids.filtered(lambda sender: sender.status == "active"))
        return notification(
            self.env._("Active senders found: %s", count),
            title=self.env._("Synchronized"),
        )

    # === BUSINESS METHODS === #

    def _synchronize(self, client):
        """Fetch what belongs to the keys.

        :raise UserError: when Mailjet cannot be asked
        """
        rows = self._call(client.get_senders)
        domains = self._call(client.get_domains)
        sent = self._call(client.count_sent, self._month_start())
        self._fetch_content(client)
        self.sudo()._update_senders(rows, domains)
        self._take_count(max(sent, self._count_own()))
        self.sudo().last_sync = fields.Datetime.now()

    def _fetch_content(self, client=None):
        """Fetch what the account has at Mailjet for its mailings. Nothing here: the
        rooms after this one extend it.

        :param client: Mailjet's, if there is one already
        :raise UserError: when Mailjet cannot be asked
        """
        self.ensure_one()
        return True

    @api.model
    def _cron_synchronize(self):
        """Refresh every account; what fails is logged and tried the next time."""
        accounts = self.search([("api_key", "!=", False)] + list(self._own_domain()))
        attempt_each(accounts, self._synchronize_quietly)

    @api.model
    def _synchronize_quietly(self, account):
        account._refresh_sent_this_month()
        try:
            account._fetch_content()
        except (MailjetError, UserError) as error:
            _logger.info("Templates of account %s: %s", account.id, error)

    def _update_senders(self, rows, domains):
        """Make our senders equal to Mailjet's rows. One that is gone is archived, since
        mailings may refer to it.

        :param rows: of the senders
        :param domains: of their domains, with the states of SPF and DKIM
        """
        self.ensure_one()
        domains = {domain["ID"]: domain for domain in domains}
        Sender = self.env["mailjet.sender"].with_context(active_test=False)
        known = {
            sender.email: sender
            for sender in Sender.search([("account_id", "=", self.id)])
        }
        for email, row in self._choose_rows(rows).items():
            status = self._read_status(row)
            values = {
                "name": row.get("Name") or False,
                "status": status,
                "mailjet_id": str(row["ID"]),
                "active": status != "deleted",
                **self._read_domain(domains.get(row.get("DNSID"), {})),
            }
            sender = known.pop(email, None)
            if sender:
                sender.write(values)
            else:
                Sender.create({**values, "account_id": self.id, "email": email})
        for sender in known.values():
            sender.write({"active": False, "status": "deleted"})

    @api.model
    def _choose_rows(self, rows):
        """Return one of Mailjet's rows for each address: where it was deleted and
        entered again, the one in use, and of equal ones the latest."""
        ranks = {"active": 2, "inactive": 1, "deleted": 0}
        ranked = sorted(
            rows, key=lambda row: (ranks[self._read_status(row)], row["ID"])
        )
        return {row["Email"].lower(): row for row in ranked}

    @api.model
    def _read_status(self, row):
        """Return our word for the state of a sender. One with an unknown state is
        inactive: Mailjet may not send from it."""
        status = str(row.get("Status") or "").lower()
        known = dict(self.env["mailjet.sender"]._fields["status"].selection)
        return status if status in known else "inactive"

    @api.model
    def _read_domain(self, row):
        """Return the states of a domain's records, empty without a row."""
        return {
            f"{record}_status": bool(row)
            and DNS_STATUSES.get(row.get(f"{record.upper()}Status"), "unchecked")
            for record in ("spf", "dkim")
        }
