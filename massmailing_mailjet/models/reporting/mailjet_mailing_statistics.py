from odoo import fields, models


class MailjetMailing(models.Model):
    """The counts of a sent mailing: each counts recipients, once each.

    They are stored, and updated whenever events are applied (``mailjet.feedback``): no
    view counts rows.
    """

    _inherit = "mailjet.mailing"

    delivered_count = fields.Integer(
        string="Delivered",
        readonly=True,
        copy=False,
        help="Recipients whose server accepted the email.",
    )
    unmeasured_count = fields.Integer(
        string="Not measured",
        readonly=True,
        copy=False,
        help="Recipients whose server accepted the email and whose openings and clicks "
        "are not measured: they have not agreed, or have refused.",
    )
    opened_count = fields.Integer(
        string="Opened",
        readonly=True,
        copy=False,
        help="Recipients who opened the email themselves or clicked in it.",
    )
    machine_opened_count = fields.Integer(
        string="Opened by machines only",
        readonly=True,
        copy=False,
        help="Recipients whose email was opened only by their mailbox provider or a "
        "security scanner. They do not count as opened.",
    )
    clicked_count = fields.Integer(
        string="Clicked",
        readonly=True,
        copy=False,
        help="Recipients who clicked at least one link.",
    )
    bounced_count = fields.Integer(
        string="Bounced",
        readonly=True,
        copy=False,
        help="Recipients whose server rejected the email.",
    )
    blocked_count = fields.Integer(
        string="Blocked",
        readonly=True,
        copy=False,
        help="Recipients to whom Mailjet did not send the email, because it knows "
        "that the address does not work or considers the email to be spam.",
    )
    complaint_count = fields.Integer(
        string="Complaints",
        readonly=True,
        copy=False,
        help="Recipients who marked the email as spam. They receive no more mass "
        "mailings.",
    )
    optout_count = fields.Integer(
        string="Unsubscribed",
        readonly=True,
        copy=False,
        help="Recipients who unsubscribed through this email. They receive no more "
        "mass mailings.",
    )
    link_ids = fields.One2many(
        "mailjet.link", "mailing_id", string="Links", readonly=True
    )
