from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..notification import notification


class MailjetAccount(models.Model):
    """Whether Mailjet tracks openings and clicks of what an account sends, and which
    account sends to those who may not be measured.

    Tracking is switched for a whole key, in Mailjet's own application; nothing can be
    asked about it but what a campaign was sent with.
    """

    _inherit = "mailjet.account"

    measures = fields.Selection(
        [("on", "Tracked by Mailjet"), ("off", "Tracking off at Mailjet")],
        string="Openings and clicks",
        required=True,
        default="on",
        help="What is set at Mailjet for this key. With tracking off, nobody who gets "
        "an email from this account is measured.",
    )
    unmeasured_account_id = fields.Many2one(
        "mailjet.account",
        string="Account without tracking",
        domain="[('measures', '=', 'off'), ('company_id', '=', company_id)]",
        ondelete="restrict",
        copy=False,
        help="Sends to recipients who may not be measured: a second key of the same "
        "Mailjet account, with tracking off.",
    )
    tracking_fault = fields.Selection(
        [("tracked", "Tracks though it should not"), ("untracked", "Does not track")],
        string="Tracking fault",
        readonly=True,
        copy=False,
        help="How the last campaign was sent that is not as wanted here.",
    )
    tracking_date = fields.Datetime(
        string="Tracking confirmed on",
        readonly=True,
        copy=False,
        help="When Mailjet last said how a campaign was sent.",
    )

    # === CONSTRAINT METHODS === #

    @api.constrains("unmeasured_account_id", "measures", "company_id")
    def _check_unmeasured_account(self):
        users = self.sudo().search([("unmeasured_account_id", "in", self.ids)])
        for account in (self | users).filtered("unmeasured_account_id"):
            other = account.unmeasured_account_id
            if other == account or other.measures != "off":
                raise ValidationError(
                    self.env._(
                        "“%(other)s” sends to those who may not be measured: it must "
                        "be another account, with tracking off at Mailjet.",
                        other=other.name,
                    )
                )
            if other.company_id != account.company_id:
                raise ValidationError(
                    self.env._(
                        "“%(account)s” and “%(other)s” must belong to the same "
                        "company.",
                        account=account.name,
                        other=other.name,
                    )
                )

    # === ACTION METHODS === #

    def action_confirm_tracking(self):
        """Confirm that tracking was switched at Mailjet as wanted here: campaigns are
        sent again, and the next one shows whether it is."""
        self.ensure_one()
        self.check_access("write")
        self.sudo().write({"tracking_fault": False, "tracking_date": False})
        return notification(self.env._("The next campaign will show whether it is."))

    # === BUSINESS METHODS === #

    def _note_tracking(self, is_wanted, opens, clicks):
        """Compare how a campaign was sent with what was wanted.

        :param bool is_wanted: whether openings and clicks were to be tracked
        :param bool opens: whether openings were
        :param bool clicks: whether clicks were
        """
        self.ensure_one()
        fault = False
        if is_wanted and not (opens and clicks):
            fault = "untracked"
        elif not is_wanted and (opens or clicks):
            fault = "tracked"
        now = fields.Datetime.now()
        self.sudo().write({"tracking_fault": fault, "tracking_date": now})
