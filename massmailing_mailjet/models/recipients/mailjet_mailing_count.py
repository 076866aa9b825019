from odoo import fields, models

from ...const import PEOPLE


class MailjetFiguresMixin(models.AbstractModel):
    """How many recipients a mailing has, by their verdicts, reasons and kinds.

    The ledger writes the figures whenever it judges the rows: no screen counts them.
    """

    _name = "mailjet.figures.mixin"
    _description = "Figures of Mass Mailing Recipients"

    refreshed_date = fields.Datetime(readonly=True, copy=False)
    recipient_count = fields.Integer(
        string="Rows Loaded",
        readonly=True,
        copy=False,
        help="Everybody whom the filters and targets have found, once each.",
    )
    planned_count = fields.Integer(
        string="E-mails Planned for this Mailing",
        readonly=True,
        copy=False,
        help="Rows loaded, less those that are excluded.",
    )
    excluded_count = fields.Integer(string="Excluded", readonly=True, copy=False)
    unticked_count = fields.Integer(
        string="Not Ticked",
        readonly=True,
        copy=False,
        help="Rows from which somebody has taken the tick.",
    )
    invalid_count = fields.Integer(
        string="Invalid E-mails",
        readonly=True,
        copy=False,
        help="Rows without an address, or with one that cannot be right.",
    )
    duplicate_count = fields.Integer(
        string="Duplicate E-mails",
        readonly=True,
        copy=False,
        help="Rows that share their address with another one, which gets the e-mail.",
    )
    unsubscribed_count = fields.Integer(
        string="Unsubscribed E-mails",
        readonly=True,
        copy=False,
        help="Rows whose address has unsubscribed, on whichever contact, account "
        "or lead.",
    )
    blacklisted_count = fields.Integer(
        string="Blacklisted E-mails",
        readonly=True,
        copy=False,
        help="Rows whose address is on Odoo's blacklist.",
    )
    past_bounce_count = fields.Integer(
        string="Bounced Before",
        readonly=True,
        copy=False,
        help="Rows whose address has sent an e-mail back for good.",
    )
    past_complaint_count = fields.Integer(
        string="Complained Before",
        readonly=True,
        copy=False,
        help="Rows whose address has marked an e-mail as spam.",
    )
    archived_count = fields.Integer(
        string="Archived or Deleted Records",
        readonly=True,
        copy=False,
        help="Rows whose contact, account or lead has been archived or deleted.",
    )
    left_out_count = fields.Integer(
        string="In Targets Left Out",
        readonly=True,
        copy=False,
        help="Rows whose address is in a target that is left out.",
    )
    recent_count = fields.Integer(
        string="Mailed Recently",
        readonly=True,
        copy=False,
        help="Rows whose address got another mass mailing in the last days, as "
        "many as step 3 says.",
    )
    answered_count = fields.Integer(
        string="Opened the First Mailing",
        readonly=True,
        copy=False,
        help="Rows of a reminder that have opened or refused the first mailing since.",
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
