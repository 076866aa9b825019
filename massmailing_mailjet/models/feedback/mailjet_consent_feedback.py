from odoo import api, models

# Sources that know which mailing of ours a refusal answers, if any.
ATTRIBUTED = ("webhook", "pull", "list", "migration")


class MailjetConsent(models.Model):
    """Makes Mailjet's exclusions and the mailings that were sent follow opt-outs."""

    _inherit = "mailjet.consent"

    @api.model
    def _after_opt_out(self, refusals, source):
        emails = sorted({r["email"] for r in refusals if r["email"]})
        self.env["mailjet.suppression"]._keep_excluded(emails)
        if source not in ATTRIBUTED:
            self.env["mailjet.trace"]._merge_refusals(refusals)
        return super()._after_opt_out(refusals, source)

    @api.model
    def _after_opt_in(self, emails):
        self.env["mailjet.suppression"].sudo()._release(emails)
        return super()._after_opt_in(emails)

    @api.model
    def _apply(self, emails):
        result = super()._apply(emails)
        if emails:
            self.env["mailjet.pull"].sudo()._trigger_push()
        return result
