from odoo import api, fields, models

from ..const import EDITABLE_STATES


class MailjetIssuesMixin(models.AbstractModel):
    """A wizard that sends a mailing, and accepts what is still open with it: what its
    user has read there, and nothing else."""

    _name = "mailjet.issues.mixin"
    _description = "Mass mailing wizard that accepts issues"
    _inherit = ["mailjet.wizard.mixin"]

    mailing_id = fields.Many2one("mailjet.mailing", required=True, ondelete="cascade")
    fingerprints = fields.Json(
        compute="_compute_fingerprints",
        compute_sudo=False,
        store=True,
        readonly=False,
        precompute=True,
    )
    open_issues = fields.Text(compute="_compute_open_issues", compute_sudo=False)

    @api.depends("mailing_id")
    def _compute_fingerprints(self):
        for wizard in self:
            wizard.fingerprints = {
                finding.name: finding.fingerprint for finding in wizard._find_open()
            }

    @api.depends("mailing_id")
    def _compute_open_issues(self):
        Check = self.env["mailjet.check"]
        for wizard in self:
            sentences = [Check._say(finding)[0] for finding in wizard._find_open()]
            wizard.open_issues = "\n".join(sentences)

    def _find_open(self):
        """Return the open issues of a mailing that can still be changed."""
        mailing = self.mailing_id
        return mailing._find_open() if mailing.state in EDITABLE_STATES else []

    def _accept_issues(self):
        """Accept what the user has read.

        :raise UserError: if that has changed since then
        """
        if self.fingerprints:
            self.mailing_id.acknowledge_checks(self.fingerprints)
