import base64
import json

from odoo import Command, api, fields, models
from odoo.tools import SQL

from ..const import EDITABLE_STATES

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


class MailjetPersonalData(models.TransientModel):
    """Hands out, or erases, all that mass mailing knows of contacts: by their records
    and by their addresses."""

    _name = "mailjet.personal.data"
    _description = "Mass Mailing Data of Contacts"
    _inherit = ["mailjet.wizard.mixin"]

    partner_ids = fields.Many2many("res.partner", string="Contacts", readonly=True)
    emails = fields.Char(string="Addresses", compute="_compute_emails")
    recipient_count = fields.Integer(
        string="Mailings They Were In", compute="_compute_counts"
    )
    event_count = fields.Integer(string="Events Kept", compute="_compute_counts")
    export_file = fields.Binary(readonly=True, attachment=False)
    export_name = fields.Char(readonly=True)

    @api.model
    def default_get(self, fields_list):
        values = super().default_get(fields_list)
        if self.env.context.get("active_model") == "res.partner":
            ids = self.env.context.get("active_ids", [])
            values["partner_ids"] = [Command.set(ids)]
        return values

    @api.depends("partner_ids")
    def _compute_emails(self):
        for wizard in self:
            wizard.emails = ", ".join(wizard._get_emails())

    @api.depends("partner_ids")
    def _compute_counts(self):
        for wizard in self:
            wizard.recipient_count = len(wizard._get_recipients())
            wizard.event_count = len(wizard._get_events())

    # === ACTION METHODS === #

    def action_export(self):
        """Offer what is known as a file to download."""
        self.ensure_one()
        text = json.dumps(self._get_data(), indent=2, default=str, ensure_ascii=False)
        self.export_file = base64.b64encode(text.encode())
        self.export_name = "mass_mailing.json"
        return {
            "type": "ir.actions.act_url",
            "url": f"/web/content/{self._name}/{self.id}/export_file/"
            f"{self.export_name}?download=true",
        }

    def action_erase(self):
        """Erase what is known. The figures of mailings that have left stay, and so does
        a refusal of further mailings."""
        self.ensure_one()
        self.partner_ids.check_access("write")
        rows = self._get_recipients().sudo()
        waiting = rows.filtered(lambda row: row.mailing_id.state in EDITABLE_STATES)
        mailings = waiting.mailing_id
        self._get_events().sudo().unlink()
        self._anonymise(rows - waiting)
        waiting.unlink()
        for mailing in mailings:
            self.env["mailjet.ledger"].sudo()._judge(mailing)
        self.partner_ids._message_log_batch(
            dict.fromkeys(
                self.partner_ids.ids,
                self.env._("The data of mass mailing about this contact was erased."),
            )
        )
        return {"type": "ir.actions.act_window_close"}

    # === BUSINESS METHODS === #

    def _get_emails(self):
        return sorted(set(filter(None, self.partner_ids.mapped("email_normalized"))))

    def _get_recipients(self):
        return self.env["mailjet.recipient"].search(
            [
                "|",
                ("partner_id", "in", self.partner_ids.ids),
                ("email_normalized", "in", self._get_emails()),
            ]
        )

    def _get_events(self):
        return self.env["mailjet.event"].search([("email", "in", self._get_emails())])

    def _get_data(self):
        """Return all that is known, to be written as JSON."""
        return {
            "addresses": self._get_emails(),
            "unsubscribed": [
                {
                    "name": partner.display_name,
                    "unsubscribed": partner.massmailing_unsubscribed,
                    "date": partner.massmailing_unsubscribed_date,
                    "cause": partner.massmailing_unsubscribed_cause,
                    "reason": partner.massmailing_unsubscribed_reason,
                }
                for partner in self.partner_ids
            ],
            "mailings": [self._get_row_data(row) for row in self._get_recipients()],
            "events": self._get_events().mapped("payload"),
        }

    def _get_row_data(self, row):
        mailing = row.mailing_id
        return {
            "mailing": mailing.display_name,
            "subject": mailing.subject,
            "sent": mailing.sent_date,
            **{name: row[name] for name in TRACE},
            "clicks": [
                {
                    "link": click.link_id.url,
                    "first": click.clicked_date,
                    "count": click.click_count,
                }
                for click in row.click_ids
            ],
        }

    def _anonymise(self, rows):
        """Leave of rows that they were, and what became of them."""
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                """
                UPDATE mailjet_recipient
                   SET partner_id = NULL, lead_id = NULL, name = NULL, email = NULL,
                       email_normalized = NULL, mailjet_message_id = NULL
                 WHERE id = ANY(%s)
                """,
                rows.ids,
            )
        )
        self.env["mailjet.recipient"].invalidate_model()
