from odoo import fields, models


class MailjetMailing(models.Model):
    """Applies what the list of a mailing reports, and keeps the anonymous sums of what
    was erased since its recipients may no longer be measured."""

    _inherit = "mailjet.mailing"

    unmeasured_opened_count = fields.Integer(
        string="Openings erased",
        readonly=True,
        copy=False,
        help="Recipients who opened the email and then refused to be measured. Only "
        "their number is kept.",
    )
    unmeasured_clicked_count = fields.Integer(
        string="Clicks erased",
        readonly=True,
        copy=False,
        help="Recipients who clicked a link and then refused to be measured. Only "
        "their number is kept.",
    )

    def _take_over_unsubscribed(self, emails):
        reported = [(email, "unsubscribed", None, "") for email in emails]
        self.env["mailjet.sync.message"]._apply(self, reported, "list")
        return super()._take_over_unsubscribed(emails)
