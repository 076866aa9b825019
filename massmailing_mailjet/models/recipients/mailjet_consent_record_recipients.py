from odoo import api, models

from ...const import SENT_STATUSES

# How much of an email is printed, in characters.
TEXT_LENGTH = 1_500
# What is said of a row, and of a load, by their fields.
OF_ROW = ("verdict", "status", "failure_reason")
OF_LOAD = ("mailing_id", "mode", "filter_id", "target_id", "create_date", "user_id")


class MailjetConsentRecord(models.AbstractModel):
    """Adds the mailings of an address to its consent record, each with its verdict and
    the email, and the loads that brought it there."""

    _inherit = "mailjet.consent.record"

    @api.model
    def _get_record_parts(self, email):
        rows = self._find_rows(email)
        return [
            *super()._get_record_parts(email),
            self._make_part(
                20,
                self.env._("How the address came into mailings"),
                self.env._("No list of recipients that still exists has this address."),
                self._describe_loads(rows),
            ),
            self._make_part(
                40,
                self.env._("Mailings"),
                self.env._("No mailing has this address among its recipients."),
                [self._describe_row(row) for row in rows],
            ),
        ]

    @api.model
    def _get_acts(self, email):
        loads = self._find_loads(self._find_rows(email))
        return [
            *super()._get_acts(email),
            *(
                (load.create_date, load.user_id, self._get_act_of_load(load))
                for load in loads
            ),
        ]

    @api.model
    def _get_act_of_load(self, load):
        names = {"load": load.name, "name": load.mailing_id.display_name}
        if load.mode == "exclude":
            return self.env._("Excluded from “%(name)s” by “%(load)s”", **names)
        return self.env._("Added to “%(name)s” by “%(load)s”", **names)

    @api.model
    def _find_rows(self, email):
        """Return the address's rows of all mailings, the latest first."""
        rows = self.env["mailjet.recipient"].search([("email_normalized", "=", email)])
        return rows.sorted(
            lambda row: (row.sent_date or row.mailing_id.create_date, row.id),
            reverse=True,
        )

    @api.model
    def _find_loads(self, rows):
        """Return the loads that have found rows, or have excluded their addresses."""
        overlaps = self.env["mailjet.recipient.overlap"].search(
            [("recipient_id", "in", rows.ids)]
        )
        exclusions = self.env["mailjet.exclusion"].search(
            [
                ("mailing_id", "in", rows.mailing_id.ids),
                ("email_normalized", "in", rows.mapped("email_normalized")),
            ]
        )
        loads = rows.load_id | overlaps.load_id | exclusions.load_id
        return loads.sorted("id", reverse=True)

    @api.model
    def _describe_loads(self, rows):
        return [
            self._make_entry(load.name, self._get_facts(load, OF_LOAD))
            for load in self._find_loads(rows)
        ]

    # === MAILINGS === #

    @api.model
    def _describe_row(self, row):
        """Return the entry of a mailing."""
        email = row.status in SENT_STATUSES and self._describe_email(row)
        facts = self._get_facts_of_row(row)
        return self._make_entry(row.mailing_id.display_name, facts, email or None)

    @api.model
    def _get_facts_of_row(self, row):
        """Return the facts of a mailing; extended by the rooms."""
        reason = row.exclusion_reason and row.verdict_text
        return [
            *self._get_facts(row.mailing_id, ["topic_id"]),
            *self._get_facts(row.campaign_id or row.mailing_id, ["sent_date"]),
            *self._get_facts(row, OF_ROW),
            (self.env._("Reason"), reason),
        ]

    @api.model
    def _describe_email(self, row):
        """Return the email that a row's address was sent: ``sender``, ``subject``, the
        start of the ``text``, whether there is ``more`` of it, and the ``url`` of the
        whole."""
        email = row.mailing_id._read_email(row)
        text = email["text"].strip()
        return {
            "sender": email["sender"],
            "subject": email["subject"],
            "text": text[:TEXT_LENGTH],
            "more": len(text) > TEXT_LENGTH,
            "url": f"/mailjet/recipient/{row.id}/email",
        }

    @api.model
    def _get_html(self, row):
        """Return the HTML of the email that a row's address was sent, whose links open
        nothing; None if it was not sent.

        :raise AccessError: if the user is no manager, or may not see the row
        """
        self._check_allowed()
        row.check_access("read")
        if row.status not in SENT_STATUSES:
            return None
        return f'<base target="_blank">{row.mailing_id._read_email(row)["html"]}'
