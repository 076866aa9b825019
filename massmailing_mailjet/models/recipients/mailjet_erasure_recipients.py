from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL

from ...const import ACTIVE_STATES, EDITABLE_STATES, RECORD_SOURCES

# Mailings that may have rows in a Mailjet list that is not sent yet.
OPEN_STATES = (*ACTIVE_STATES, "failed")

# The fields of a row that are exported.
TRACE = (
    "kind",
    "name",
    "email",
    "status",
    "exclusion_reason",
    "delivered_date",
    "opened_date",
    "last_opened_date",
    "open_count",
    "machine_open_count",
    "clicked_date",
    "last_clicked_date",
    "click_count",
    "bounced_date",
    "bounce_type",
    "bounce_reason",
    "blocked_date",
    "complained_date",
    "unsubscribed_date",
)


class MailjetErasure(models.Model):
    """Erases people from the recipients of mailings.

    A row of a mailing that is being sent is excluded at once, and keeps its address
    until Mailjet has removed it from the list, or until the mailing is over.
    """

    _inherit = "mailjet.erasure"

    @api.model
    def _get_texts(self):
        return {
            **super()._get_texts(),
            "mailjet.recipient.load": ("name", "domain", "unmatched"),
            "mailjet.target": (
                "name",
                "description",
                "contact_domain",
                "account_domain",
                "lead_domain",
            ),
        }

    @api.model
    def _get_addresses(self):
        return {**super()._get_addresses(), "mailjet.exclusion": "email_normalized"}

    @api.model
    def _get_documents(self):
        return [*super()._get_documents(), "mailjet.target"]

    @api.model
    def _find_mailings(self, records, emails):
        found = super()._find_mailings(records, emails)
        return found | self._find_rows(records, emails).mailing_id

    @api.model
    def _find_rows(self, records, emails):
        """Return the recipients of the records and addresses that the user may see."""
        domain = Domain.OR(
            Domain(RECORD_SOURCES[found._name]["link"], "in", found.ids)
            for found in records
        )
        return self.env["mailjet.recipient"].search(
            domain | Domain("email_normalized", "in", emails)
        )

    # === ERASING === #

    @api.model
    def _erase_recipients(self, records, emails):
        result = super()._erase_recipients(records, emails)
        self._erase_rows(self._find_rows(records, emails).sudo())
        return result

    @api.model
    def _erase_rows(self, rows):
        """Delete rows of mailings that may still change, exclude those of mailings that
        are being sent, and anonymize those of sent mailings."""
        editable = rows.filtered(lambda row: row.mailing_id.state in EDITABLE_STATES)
        changed = editable.mailing_id
        rows -= editable
        editable.unlink()
        for mailing in changed:
            self.env["mailjet.verdict"].sudo()._recompute_verdicts(mailing)
        leaving = rows.filtered(lambda row: _get_sender(row).state in OPEN_STATES)
        self._exclude(leaving)
        self._anonymize(rows - leaving)
        self._finish()

    @api.model
    def _exclude(self, rows):
        """Exclude rows of mailings that are being sent; once Mailjet has been asked to
        send the campaign, they can no longer be excluded."""
        rows.write(
            {
                "partner_id": False,
                "lead_id": False,
                "name": False,
                "record_issue": "deleted",
                "is_erased": True,
            }
        )
        early = rows.filtered(lambda row: _get_sender(row).delivery_step != "follow")
        self.env["mailjet.verdict"].sudo()._recompute_rows(
            early.ids, only_stricter=True
        )

    @api.model
    def _finish(self):
        """Anonymize excluded rows as soon as Mailjet no longer needs their addresses:
        they are not in its list, or their mailing is over."""
        self._anonymize(
            self.env["mailjet.recipient"]
            .sudo()
            .search(
                Domain("is_erased", "=", True)
                & (
                    Domain("status", "=", "pending")
                    | Domain("mailing_id.state", "not in", OPEN_STATES)
                    | Domain("campaign_id.state", "=", "done")
                )
            )
        )

    @api.autovacuum
    def _gc_erased(self):
        self._finish()
        return super()._gc_erased()

    @api.model
    def _anonymize(self, rows):
        """Keep only that the rows were mailed and with what result."""
        if not rows:
            return
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                """
                UPDATE mailjet_recipient
                   SET partner_id = NULL, lead_id = NULL, name = NULL, email = NULL,
                       email_normalized = NULL, mailjet_message_id = NULL,
                       failure_reason = NULL, is_erased = NULL,
                       bounce_reason = CASE WHEN strpos(bounce_reason, '@') = 0
                                            THEN bounce_reason END
                 WHERE id = ANY(%s)
                """,
                rows.ids,
            )
        )
        self.env["mailjet.recipient"].invalidate_model()

    # === EXPORTING === #

    @api.model
    def _export(self, records, emails):
        loads = self._find_texts("mailjet.recipient.load", emails)
        excluded = self._find_addresses("mailjet.exclusion", emails)
        return {
            **super()._export(records, emails),
            "mailings": [
                self._export_row(row) for row in self._find_rows(records, emails)
            ],
            "pasted_lists": [
                {"mailing": load.mailing_id.display_name, "date": load.create_date}
                for load in loads
            ],
            "excluded_from": excluded.mapped("mailing_id.display_name"),
            "targets": self._find_texts("mailjet.target", emails).mapped("name"),
        }

    @api.model
    def _export_row(self, row):
        """Return what is known of a recipient."""
        mailing = row.mailing_id
        own_values = row.campaign_id.own_values or {}
        return {
            "mailing": mailing.display_name,
            "subject": own_values.get("subject", mailing.subject),
            "sent": mailing.sent_date,
            "loaded_from": row.load_id.name,
            "legal_basis": row.load_id.legal_basis,
            **{name: row[name] for name in TRACE},
        }


def _get_sender(row):
    """Return the campaign that a row is in, or else its mailing."""
    return row.campaign_id or row.mailing_id
