from odoo import api, fields, models

from ...tools.mailjet_vocabulary import DNS_STATES


class MailjetSender(models.Model):
    """A sender that the Mailjet account knows: one address, or a whole domain when
    its email is ``*@domain``. Synchronized from Mailjet, never made here."""

    _name = "mailjet.sender"
    _description = "Mailjet sender"
    _order = "is_domain, email"
    _rec_name = "email"

    account_id = fields.Many2one(
        "mailjet.account", required=True, ondelete="cascade", index=True, readonly=True
    )
    company_id = fields.Many2one(related="account_id.company_id", store=True)
    email = fields.Char(string="Address", required=True, readonly=True)
    name = fields.Char(readonly=True)
    mailjet_id = fields.Char(string="Mailjet ID", readonly=True)
    status = fields.Selection(
        [("active", "Active"), ("inactive", "Inactive"), ("deleted", "Deleted")],
        required=True,
        readonly=True,
        help="Mailjet sends only from active senders. Senders are activated in "
        "Mailjet's own interface.",
    )
    spf_status = fields.Selection(
        DNS_STATES,
        string="SPF",
        readonly=True,
        help="Whether the domain allows Mailjet's servers to send for it. Empty: not "
        "known.",
    )
    dkim_status = fields.Selection(
        DNS_STATES,
        string="DKIM",
        readonly=True,
        help="Whether the domain allows Mailjet to sign for it. Empty: not known.",
    )
    is_domain = fields.Boolean(
        string="Whole domain",
        compute="_compute_is_domain",
        store=True,
        help="Any address of this domain can be used as a sender.",
    )
    active = fields.Boolean(default=True)

    _account_email_uniq = models.Constraint(
        "unique(account_id, email)",
        "This account already has a sender with that address.",
    )

    @api.depends("email")
    def _compute_is_domain(self):
        for sender in self:
            sender.is_domain = (sender.email or "").startswith("*@")

    @api.depends("name", "email", "is_domain")
    def _compute_display_name(self):
        for sender in self:
            if sender.is_domain:
                domain = sender.email[2:]
                sender.display_name = self.env._("Any address of %s", domain)
            elif sender.name:
                sender.display_name = f"{sender.name} <{sender.email}>"
            else:
                sender.display_name = sender.email

    def _covers(self, email):
        """Return whether Mailjet would send from that address for this sender."""
        self.ensure_one()
        if self.status != "active" or not email:
            return False
        pattern = self.email.lower()
        address = email.strip().lower()
        return address == pattern or (self.is_domain and address.endswith(pattern[1:]))
