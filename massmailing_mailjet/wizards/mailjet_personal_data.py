import base64
import json

from odoo import Command, api, fields, models

RECORD_FIELDS = {"res.partner": "partner_ids", "crm.lead": "lead_ids"}


class MailjetPersonalData(models.TransientModel):
    """Exports or erases all that mass mailing knows of contacts and leads, found by
    their records and by their addresses."""

    _name = "mailjet.personal.data"
    _description = "Mass mailing data of contacts"
    _inherit = ["mailjet.wizard.mixin"]

    partner_ids = fields.Many2many("res.partner", string="Contacts", readonly=True)
    lead_ids = fields.Many2many("crm.lead", string="Leads", readonly=True)
    emails = fields.Char(string="Addresses", compute="_compute_emails")
    recipient_count = fields.Integer(
        string="Mailings concerned", compute="_compute_counts"
    )
    event_count = fields.Integer(string="Events kept", compute="_compute_counts")
    naming_ids = fields.Many2many(
        "mailjet.mailing",
        string="Mailings that name an address",
        compute="_compute_naming",
    )
    export_file = fields.Binary(readonly=True, attachment=False)
    export_name = fields.Char(readonly=True)

    @api.model
    def default_get(self, fields_list):
        values = super().default_get(fields_list)
        name = RECORD_FIELDS.get(self.env.context.get("active_model"))
        if name:
            values[name] = [Command.set(self.env.context.get("active_ids", []))]
        return values

    @api.depends("partner_ids", "lead_ids")
    def _compute_emails(self):
        for wizard in self:
            wizard.emails = ", ".join(wizard._get_emails())

    @api.depends("partner_ids", "lead_ids")
    def _compute_counts(self):
        for wizard in self:
            wizard.recipient_count = len(wizard._get_recipients())
            wizard.event_count = len(wizard._get_events())

    @api.depends("partner_ids", "lead_ids")
    def _compute_naming(self):
        for wizard in self:
            emails = wizard._get_emails()
            wizard.naming_ids = self.env["mailjet.erasure"]._find_naming(emails)

    # === ACTION METHODS === #

    def action_export(self):
        """Offer the data as a file to download."""
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
        """Erase the data. The counts of sent mailings stay, and so do opt-outs of
        further mailings, without the address."""
        self.ensure_one()
        records = self._get_records()
        emails = self._get_emails()
        for found in records:
            found.check_access("write")
        self.env["mailjet.erasure"]._erase(records, emails)
        for found in records:
            found._message_log_batch(
                dict.fromkeys(
                    found.ids, self.env._("The mass mailing data was erased.")
                )
            )
        return {"type": "ir.actions.act_window_close"}

    # === BUSINESS METHODS === #

    def _get_records(self):
        """Return the contacts and the leads, as two recordsets."""
        return self.partner_ids, self.lead_ids

    def _get_emails(self):
        emails = {
            email
            for found in self._get_records()
            for email in found.mapped("email_normalized")
        }
        return sorted(filter(None, emails))

    def _get_recipients(self):
        return self.env["mailjet.erasure"]._find_rows(
            self._get_records(), self._get_emails()
        )

    def _get_events(self):
        return self.env["mailjet.event"].search([("email", "in", self._get_emails())])

    def _get_data(self):
        """Return all that is known, ready for JSON."""
        records, emails = self._get_records(), self._get_emails()
        data = self.env["mailjet.erasure"]._export(records, emails)
        return {"addresses": emails, **data}
