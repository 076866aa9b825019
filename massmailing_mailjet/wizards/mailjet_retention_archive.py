from odoo import api, fields, models

from ..models.notification import CLOSE, notification


class MailjetRetentionArchive(models.TransientModel):
    """Says what is archived and erased, and has it done when a manager confirms it."""

    _name = "mailjet.retention.archive"
    _description = "Archive prospects without contact"
    _inherit = ["mailjet.wizard.mixin"]

    retention_ids = fields.Many2many(
        "mailjet.retention", string="Prospects", readonly=True
    )
    prospect_count = fields.Integer(
        string="Prospects to archive", compute="_compute_counts"
    )
    contact_count = fields.Integer(
        string="Contacts and accounts to archive", compute="_compute_counts"
    )
    lead_count = fields.Integer(string="Leads to archive", compute="_compute_counts")

    @api.depends("retention_ids")
    def _compute_counts(self):
        for wizard in self:
            rows = wizard.retention_ids
            wizard.prospect_count = len(rows)
            wizard.contact_count = rows._count_records("res.partner")
            wizard.lead_count = rows._count_records("crm.lead")

    def action_confirm(self):
        """Have the prospects archived in the background."""
        self.ensure_one()
        self.retention_ids._confirm()
        return notification(
            self.env._(
                "The prospects are being archived in the background. Those that cannot "
                "be archived stay in the list and say why."
            ),
            then=CLOSE,
        )
