from odoo import api, models
from odoo.tools import SQL

from ...const import RECORD_SOURCES
from ...tools.erasing import compile_addresses
from ..consent.mailjet_key_mixin import DIGEST


class MailjetErasure(models.Model):
    """Erases what Mailjet has reported of people, and deletes what it reports later."""

    _inherit = "mailjet.erasure"

    @api.model
    def _get_texts(self):
        return {**super()._get_texts(), "mailjet.link": ("url",)}

    @api.model
    def _get_addresses(self):
        return {
            **super()._get_addresses(),
            "mailjet.suppression": "email",
            "mailjet.event": "email",
        }

    @api.model
    def _find_addresses(self, model, emails):
        found = super()._find_addresses(model, emails)
        return found | self._find_unread(emails) if model == "mailjet.event" else found

    @api.model
    def _find_unread(self, emails):
        """Return the unreadable events that contain an address."""
        unread = self.env["mailjet.event"]
        if emails:
            unread = unread.search([("email", "=", False)])
        pattern = compile_addresses(emails)
        return unread.filtered(lambda event: pattern.search(event.payload_text))

    @api.model
    def _erase_addresses(self, emails):
        accounts = self._search_all("mailjet.account", []).sudo()
        self.env["mailjet.suppression"]._forget_jobs(accounts, emails)
        return super()._erase_addresses(emails)

    # === LATER REPORTS === #

    @api.model
    def _drop_events(self):
        """Delete the events of erased addresses, among those in the table ``batch``
        that match no recipient any more; the opt-outs that they report are kept."""
        if not self.env["mailjet.consent.key"]._is_used():
            return
        rows = self.env.execute_query(
            SQL(
                """
                DELETE FROM mailjet_event e USING batch, mailjet_consent_key k
                 WHERE e.id = batch.id AND batch.recipient_id IS NULL
                   AND EXISTS (SELECT FROM mailjet_erasure x WHERE x.digest = %s)
             RETURNING e.email
                """,
                SQL(DIGEST, SQL("e.email")),
            )
        )
        emails = {email for (email,) in rows}
        if emails:
            self.env["mailjet.consent"]._forget(emails)
            self.env["mailjet.event"].invalidate_model()

    @api.model
    def _drop_suppressions(self, account):
        """Delete Mailjet's exclusions of erased addresses that no record has."""
        if not self.env["mailjet.consent.key"]._is_used():
            return
        rows = self.env.execute_query(
            SQL(
                """
                DELETE FROM mailjet_suppression s USING mailjet_consent_key k
                 WHERE s.account_id = %s
                   AND EXISTS (SELECT FROM mailjet_erasure x WHERE x.digest = %s)
                   AND %s
             RETURNING s.email
                """,
                account.id,
                SQL(DIGEST, SQL("s.email")),
                SQL(" AND ").join(
                    SQL(
                        "NOT EXISTS (SELECT FROM %s WHERE email_normalized = s.email)",
                        SQL.identifier(self.env[model]._table),
                    )
                    for model in RECORD_SOURCES
                ),
            )
        )
        self.env["mailjet.consent"]._forget([email for (email,) in rows])
        self.env["mailjet.suppression"].invalidate_model()

    # === EXPORTING === #

    @api.model
    def _export(self, records, emails):
        links = self._find_texts("mailjet.link", emails)
        suppressions = self._find_addresses("mailjet.suppression", emails)
        events = self._find_addresses("mailjet.event", emails)
        return {
            **super()._export(records, emails),
            "events": events.mapped("payload"),
            "links": links.mapped("url"),
            "excluded_at_mailjet": [
                {"account": row.account_id.name, "date": row.excluded_date}
                for row in suppressions
            ],
        }

    @api.model
    def _export_row(self, row):
        return {
            **super()._export_row(row),
            "clicks": [
                {
                    "link": click.link_id.url,
                    "first": click.clicked_date,
                    "count": click.click_count,
                }
                for click in row.click_ids
            ],
        }
