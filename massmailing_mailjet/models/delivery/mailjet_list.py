import logging
from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

from ...const import ACTIVE_STATES, SENT_STATUSES
from ...exceptions import MailjetNotFoundError
from ..attempt import attempt_each

_logger = logging.getLogger(__name__)


class MailjetList(models.Model):
    """A list that a send has created at Mailjet. It is deleted there some days after
    its mailing was sent or canceled, once its unsubscribes have been read; a list that
    this database has not created is never touched."""

    _name = "mailjet.list"
    _description = "Mailjet list"
    _order = "id"

    name = fields.Char(required=True, readonly=True)
    mailjet_id = fields.Char(string="Mailjet ID", required=True, readonly=True)
    account_id = fields.Many2one(
        "mailjet.account", required=True, ondelete="cascade", readonly=True
    )
    mailing_id = fields.Many2one(
        "mailjet.mailing", ondelete="set null", index="btree_not_null", readonly=True
    )
    unsubscribed_count = fields.Integer(string="Unsubscribed", readonly=True)
    deleted_date = fields.Datetime(string="Deleted at Mailjet on", readonly=True)

    _name_uniq = models.UniqueIndex("(account_id, name)")

    @api.model
    def _get_prefix(self, account):
        """Return the prefix of the names of an account's lists in this database,
        different from that in any copy of it."""
        parts = ("odoo", account._get_database(), account.sudo().database_mark)
        return "".join(f"{part}-" for part in parts if part)

    # === CLEANING UP === #

    @api.model
    def _cron_clean(self):
        """Clean up the expired lists; failures are logged and retried the next day."""
        attempt_each(self._find_expired(), type(self)._clean)

    @api.model
    def _find_expired(self):
        """Return the lists that no mailing uses any more and whose retention has
        ended."""
        now = fields.Datetime.now()
        lists = self.search(
            [
                ("deleted_date", "=", False),
                ("account_id", "any", self.env["mailjet.account"]._own_domain()),
                ("account_id.api_key", "!=", False),
            ]
        )
        return lists.filtered(
            lambda row: row._get_days() and row._get_end() <= now - row._get_days()
        )

    def _get_days(self):
        """Return how long the list is kept after its end; zero means forever."""
        company = self.mailing_id.company_id or self.account_id.company_id
        return timedelta(days=(company or self.env.company).mailjet_list_days)

    def _get_end(self):
        """Return when the list was last needed: now, while its campaign is being sent
        or can still be retried."""
        campaign = self.mailing_id.mailjet_campaign_ids.filtered(
            lambda row: (
                row.mailjet_list_id == self.mailjet_id
                and row.account_id == self.account_id
            )
        )
        if campaign.state in (*ACTIVE_STATES, "failed"):
            return fields.Datetime.now()
        return campaign.sent_date or self.create_date

    def _clean(self):
        """Clean up the list.

        :raise MailjetError: if Mailjet does not answer
        :raise UserError: if it cannot be called
        """
        with self.account_id._client() as client:
            self._delete(client)

    def _delete(self, client):
        """Apply the unsubscribes from the list, then delete it at Mailjet. Its name is
        checked first: a list with another name is not ours.

        :raise MailjetError: if Mailjet does not answer
        """
        self.ensure_one()
        try:
            found = client.get_list(self.mailjet_id)
        except MailjetNotFoundError:
            found = {"IsDeleted": True}
        if not found.get("IsDeleted"):
            if not self._is_ours(found):
                _logger.warning("List %s is not ours and is kept.", self.name)
                return
            left = client.get_unsubscribed_members(self.mailjet_id)
            emails = [email for email, _date in left]
            self.unsubscribed_count = self._unsubscribe(emails)
            client.delete_list(self.mailjet_id)
        self.deleted_date = fields.Datetime.now()

    def _is_ours(self, found):
        """Return whether a list at Mailjet is the one that this database created."""
        prefix = self._get_prefix(self.account_id)
        return found["Name"] == self.name and self.name.startswith(prefix)

    def _unsubscribe(self, emails):
        """Apply the unsubscribes of addresses that left the list after they were
        mailed, and return how many there are.

        Addresses that were removed from the list before it was sent to did not
        unsubscribe.
        """
        mailing = self.mailing_id
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT DISTINCT email_normalized FROM mailjet_recipient
                 WHERE mailing_id = %s AND status IN %s AND email_normalized = ANY(%s)
                """,
                mailing.id or 0,
                SENT_STATUSES,
                [email.strip().lower() for email in emails],
            )
        )
        lang = self.account_id.company_id.partner_id.lang or self.env.lang
        mailing.with_context(lang=lang)._take_over_unsubscribed(
            [email for (email,) in rows]
        )
        return len(rows)
