from odoo import api, models

# Sources that know which of our mailings an opt-out responds to, if any.
ATTRIBUTED = ("webhook", "sync", "list", "migration")


class MailjetConsent(models.Model):
    """Applies opt-outs to Mailjet's exclusions and to the mailings that were sent."""

    _inherit = "mailjet.consent"

    @api.model
    def _after_opt_out(self, opt_outs, source):
        emails = sorted({r["email"] for r in opt_outs if r["email"]})
        self.env["mailjet.suppression"]._keep_excluded(emails)
        if source not in ATTRIBUTED:
            self.env["mailjet.recipient.tracking"]._merge_opt_outs(opt_outs)
        return super()._after_opt_out(opt_outs, source)

    @api.model
    def _after_opt_in(self, emails):
        self.env["mailjet.suppression"].sudo()._release(emails)
        return super()._after_opt_in(emails)

    @api.model
    def _apply(self, emails):
        result = super()._apply(emails)
        if emails:
            self.env["mailjet.sync"].sudo()._trigger()
        return result
