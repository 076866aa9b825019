from odoo import api, fields, models

from ...tools.mailjet_vocabulary import BOUNCE_TYPES


class MailjetRecipient(models.Model):
    """The results of an email, as Mailjet reports them.

    Each type of event has its own dates and counts, in whatever order it comes;
    ``mailjet.recipient.tracking`` writes them, for whole sets of rows.
    """

    _inherit = "mailjet.recipient"

    delivered_date = fields.Datetime(string="Delivered on", readonly=True)
    opened_date = fields.Datetime(
        string="First opened on",
        readonly=True,
        help="By a person. Anyone who clicks has opened the email, even if the "
        "mailbox hides it.",
    )
    last_opened_date = fields.Datetime(string="Last opened on", readonly=True)
    open_count = fields.Integer(string="Opens", readonly=True, aggregator="sum")
    machine_open_count = fields.Integer(
        string="Opens by machines",
        readonly=True,
        aggregator="sum",
        help="Opens and clicks of mailbox providers and security scanners, which say "
        "nothing about the person.",
    )
    clicked_date = fields.Datetime(string="First clicked on", readonly=True)
    last_clicked_date = fields.Datetime(string="Last clicked on", readonly=True)
    click_count = fields.Integer(string="Clicks", readonly=True, aggregator="sum")
    click_ids = fields.One2many(
        "mailjet.click", "recipient_id", string="Clicked links", readonly=True
    )
    bounced_date = fields.Datetime(string="Bounced on", readonly=True)
    bounce_type = fields.Selection(
        BOUNCE_TYPES,
        string="Bounce",
        readonly=True,
        help="Hard: the address does not work. Soft: the email could not be delivered "
        "this time.",
    )
    # Mailjet's error code, which is the same in every language; or its comment.
    bounce_reason = fields.Char(string="Delivery error", readonly=True)
    bounce_reason_text = fields.Char(
        string="Reason not delivered",
        compute="_compute_bounce_reason_text",
        help="Why the email bounced or was blocked.",
    )
    blocked_date = fields.Datetime(string="Blocked on", readonly=True)
    complained_date = fields.Datetime(string="Complained on", readonly=True)
    unsubscribed_date = fields.Datetime(string="Unsubscribed on", readonly=True)

    @api.depends("bounce_reason")
    @api.depends_context("lang")
    def _compute_bounce_reason_text(self):
        labels = self._get_bounce_reasons()
        for row in self:
            row.bounce_reason_text = labels.get(row.bounce_reason, row.bounce_reason)

    @api.model
    def _get_bounce_reasons(self):
        """Return the translated texts of Mailjet's error codes; others are shown as
        is."""
        errors = self.env["mailjet.event"]._fields["error"]
        return dict(errors._description_selection(self.env))
