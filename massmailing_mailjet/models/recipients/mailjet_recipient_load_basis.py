from odoo import api, fields, models

from ...const import LEGAL_BASES


class MailjetRecipientLoad(models.Model):
    """The legal basis of a load: why the company may write to the people it found. It
    is the only thing about a load that users write, while its mailing can be edited;
    then it stays as proof."""

    _inherit = "mailjet.recipient.load"

    legal_basis = fields.Selection(
        LEGAL_BASES,
        string="Legal basis",
        compute="_compute_legal_basis",
        store=True,
        readonly=False,
        precompute=True,
        help="Why your company may write to these people. If empty, it is not stated.",
    )

    @api.depends("target_id")
    def _compute_legal_basis(self):
        """Take over what the target states, as it is when it is loaded."""
        for load in self:
            load.legal_basis = load.mode == "add" and load.target_id.legal_basis

    def write(self, vals):
        if not self.env.su:
            for mailing in self.mailing_id:
                mailing._check_loadable()
        return super().write(vals)
