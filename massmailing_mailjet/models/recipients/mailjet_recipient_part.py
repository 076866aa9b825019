from odoo import api, fields, models
from odoo.fields import Domain

from .mailjet_campaign_rows import find_rows_of


class MailjetRecipient(models.Model):
    """What distinguishes the email of a row from that of others of its mailing, such as
    the language: it is only looked up for the rows that are shown."""

    _inherit = "mailjet.recipient"

    part_name = fields.Char(string="Version", compute="_compute_part_name")
    # For searches only, with the id of one of several campaigns: finds its rows without
    # reading those of the others.
    part_id = fields.Integer(
        store=False, search="_search_part_id", export_string_translation=False
    )

    @api.depends("campaign_id", "verdict")
    @api.depends_context("lang")
    def _compute_part_name(self):
        self.part_name = False
        for mailing, rows in self.grouped("mailing_id").items():
            divided = rows.filtered("campaign_id")
            for row in divided:
                row.part_name = row.campaign_id.name
            waiting = rows.filtered(lambda row: row.verdict == "send") - divided
            if waiting and not mailing.mailjet_campaign_ids:
                parts = mailing._get_parts_of(waiting)
                for row in waiting:
                    row.part_name = parts[row.id].name if row.id in parts else False

    @api.model
    def _search_part_id(self, operator, campaign_ids):
        """Find the rows of some of several campaigns."""
        if operator != "in":
            return NotImplemented
        return Domain.custom(
            to_sql=lambda _model, alias, _query: find_rows_of(alias, campaign_ids)
        )
