from odoo import api, fields, models
from odoo.exceptions import ValidationError


class MailjetMailing(models.Model):
    """Which Mailjet account sends a mailing, and from which of its senders."""

    _inherit = "mailjet.mailing"

    account_id = fields.Many2one(
        "mailjet.account",
        string="Mailjet account",
        required=True,
        check_company=True,
        ondelete="restrict",
        default=lambda self: self.env["mailjet.account"]._get_default(self.env.company),
        help="The account whose senders, templates and monthly limit the mailing uses.",
    )
    sender_id = fields.Many2one(
        "mailjet.sender",
        ondelete="restrict",
        compute="_compute_sender_id",
        store=True,
        readonly=False,
        precompute=True,
        domain="[('account_id', '=', account_id), ('status', '=', 'active')]",
        help="Addresses and domains that are active at Mailjet.",
    )
    sender_is_domain = fields.Boolean(related="sender_id.is_domain")
    sender_email = fields.Char(
        string="Sender address",
        compute="_compute_sender",
        store=True,
        readonly=False,
        precompute=True,
        help="The chosen sender, or an address of the chosen domain.",
    )
    sender_name = fields.Char(
        string="Sender name",
        compute="_compute_sender",
        store=True,
        readonly=False,
        precompute=True,
        help="The name that recipients see next to the sender's address.",
    )
    reply_to = fields.Char(
        string="Reply address", help="If empty, replies go to the sender's address."
    )
    monthly_limit = fields.Integer(related="account_id.monthly_limit")
    sent_this_month = fields.Integer(related="account_id.sent_this_month")
    remaining_this_month = fields.Integer(related="account_id.remaining_this_month")
    is_own_count = fields.Boolean(related="account_id.is_own_count")
    account_is_foreign = fields.Boolean(related="account_id.is_foreign")

    # === COMPUTE METHODS === #

    @api.depends("account_id")
    def _compute_sender_id(self):
        for mailing in self:
            if mailing.sender_id.account_id != mailing.account_id:
                senders = mailing.account_id.sender_ids
                mailing.sender_id = senders.filtered(
                    lambda sender: sender.status == "active" and not sender.is_domain
                )[:1]

    @api.depends("sender_id")
    def _compute_sender(self):
        for mailing in self:
            sender = mailing.sender_id
            if sender and not sender._covers(mailing.sender_email):
                mailing.sender_email = not sender.is_domain and sender.email
            if sender and not mailing.sender_name:
                mailing.sender_name = not sender.is_domain and sender.name

    # === CONSTRAINT METHODS === #

    @api.constrains("sender_email", "account_id")
    def _check_sender_email(self):
        for mailing in self.filtered("sender_email"):
            if not mailing.account_id._covering_sender(mailing.sender_email):
                raise ValidationError(
                    self.env._(
                        "Mailjet does not allow “%s” as a sender. Choose an active "
                        "sender or an address of an active domain.",
                        mailing.sender_email,
                    )
                )

    @api.constrains("sender_id", "account_id")
    def _check_sender_account(self):
        for mailing in self.filtered("sender_id"):
            if mailing.sender_id.account_id != mailing.account_id:
                raise ValidationError(
                    self.env._(
                        "The sender “%(sender)s” belongs to another Mailjet account. "
                        "Choose a sender of “%(account)s”.",
                        sender=mailing.sender_id.display_name,
                        account=mailing.account_id.name,
                    )
                )

    # === ACTION METHODS === #

    def action_set_limit(self):
        """Open the dialog in which a manager enters the monthly limit."""
        self.ensure_one()
        self.check_access("read")
        self.account_id.check_access("write")
        view = self.env.ref("massmailing_mailjet.mailjet_account_view_form_limit")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Monthly email limit"),
            "res_model": "mailjet.account",
            "res_id": self.account_id.id,
            "view_mode": "form",
            "views": [(view.id, "form")],
            "target": "new",
        }

    # === CRUD METHODS === #

    def copy_data(self, default=None):
        """Drop a sender that Mailjet no longer knows: another is to be chosen."""
        vals_list = super().copy_data(default=default)
        for mailing, vals in zip(self, vals_list, strict=True):
            if not mailing.account_id._covering_sender(vals.get("sender_email")):
                vals.update(sender_id=False, sender_email=False)
        return vals_list
