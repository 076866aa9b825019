import base64

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..const import KIND_MODEL, KINDS
from ..tools.charsets import decode_text


class MailjetRecipientAdd(models.TransientModel):
    """Loads recipients by a condition or by a list of addresses, then lists the
    addresses that were not found."""

    _name = "mailjet.recipient.add"
    _description = "Add recipients to a mass mailing"
    _inherit = ["mailjet.wizard.mixin"]

    mailing_id = fields.Many2one("mailjet.mailing", required=True, ondelete="cascade")
    recipient_type = fields.Selection(
        related="mailing_id.recipient_type", related_sudo=False
    )
    source = fields.Selection(
        [("domain", "Use a condition"), ("addresses", "Paste addresses")],
        required=True,
        default="domain",
    )
    kind = fields.Selection(
        KINDS,
        string="Recipients",
        compute="_compute_kind",
        compute_sudo=False,
        store=True,
        readonly=False,
        required=True,
    )
    kind_model = fields.Char(compute="_compute_kind_model")
    domain = fields.Char(string="Condition", default="[]")
    addresses = fields.Text()
    file = fields.Binary(string="Or a file", attachment=False)
    file_name = fields.Char()
    unmatched = fields.Text(readonly=True)

    @api.depends("mailing_id")
    def _compute_kind(self):
        for wizard in self:
            wizard.kind = wizard.mailing_id._get_kinds()[0]

    @api.depends("kind")
    def _compute_kind_model(self):
        for wizard in self:
            wizard.kind_model = KIND_MODEL[wizard.kind or "contact"]

    def action_load(self):
        """Load the recipients; stay open if there are addresses to report."""
        self.ensure_one()
        if self.source == "domain":
            return self.mailing_id.action_load_domain(self.domain, self.kind)
        text = "\n".join(filter(None, (self.addresses, self._get_file_text())))
        if not text.strip():
            raise UserError(self.env._("Paste addresses or choose a file."))
        before = self.mailing_id.load_ids
        result = self.mailing_id.action_load_addresses(text)
        loads = self.mailing_id.load_ids - before
        self.unmatched = "\n".join(filter(None, loads.mapped("unmatched")))
        if not self.unmatched:
            return result
        result["params"]["next"] = {
            "type": "ir.actions.act_window",
            "name": self.env._("Addresses not found"),
            "res_model": self._name,
            "res_id": self.id,
            "views": [[False, "form"]],
            "target": "new",
        }
        return result

    def action_close(self):
        """Close, and reload the mailing."""
        return {"type": "ir.actions.client", "tag": "soft_reload"}

    def _get_file_text(self):
        """Return the text of the file.

        :raise UserError: if it is not a text file, such as a workbook
        """
        try:
            return decode_text(base64.b64decode(self.file)) if self.file else ""
        except ValueError as error:
            raise UserError(
                self.env._(
                    "“%s” cannot be read as text. Save the list as CSV and choose "
                    "that file.",
                    self.file_name or "",
                )
            ) from error
