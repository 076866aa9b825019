from odoo import fields, models

from ..const import PEOPLE


class MailjetFiguresMixin(models.AbstractModel):
    """How many recipients a mailing has, by their verdicts, reasons and kinds.

    The ledger writes the figures whenever it judges the rows: no screen counts them.
    """

    _name = "mailjet.figures.mixin"
    _description = "Figures of Mass Mailing Recipients"

    refreshed_date = fields.Datetime(readonly=True, copy=False)
    recipient_count = fields.Integer(string="Rows Loaded", readonly=True, copy=False)
    planned_count = fields.Integer(
        string="E-mails Planned for this Mailing", readonly=True, copy=False
    )
    excluded_count = fields.Integer(string="Excluded", readonly=True, copy=False)
    unticked_count = fields.Integer(string="Not Ticked", readonly=True, copy=False)
    invalid_count = fields.Integer(string="Invalid E-mails", readonly=True, copy=False)
    duplicate_count = fields.Integer(
        string="Duplicate E-mails", readonly=True, copy=False
    )
    unsubscribed_count = fields.Integer(
        string="Unsubscribed E-mails", readonly=True, copy=False
    )
    blacklisted_count = fields.Integer(
        string="Blacklisted E-mails", readonly=True, copy=False
    )
    past_bounce_count = fields.Integer(
        string="Bounced Before", readonly=True, copy=False
    )
    past_complaint_count = fields.Integer(
        string="Complained Before", readonly=True, copy=False
    )
    archived_count = fields.Integer(
        string="Archived or Deleted Records", readonly=True, copy=False
    )
    left_out_count = fields.Integer(
        string="In Targets Left Out", readonly=True, copy=False
    )
    recent_count = fields.Integer(string="Mailed Recently", readonly=True, copy=False)
    answered_count = fields.Integer(
        string="Opened the First Mailing", readonly=True, copy=False
    )
    contact_count = fields.Integer(string="Contacts", readonly=True, copy=False)
    account_count = fields.Integer(string="Accounts", readonly=True, copy=False)
    lead_count = fields.Integer(string="Leads", readonly=True, copy=False)

    def action_view_recipients(self):
        """Open the rows behind a figure, named by its field in the context."""
        self.ensure_one()
        self.check_access("read")
        figure = self.env.context.get("figure", "recipient_count")
        domain = [("mailing_id", "=", self.id), *PEOPLE[figure]]
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Recipients"),
            "res_model": "mailjet.recipient",
            "view_mode": "list",
            "domain": domain,
            "context": {"create": False},
        }
