from odoo import api, fields, models
from odoo.exceptions import UserError

from ..const import (
    ACTIVE_STATES,
    CONTENT_FIELDS,
    DELIVERY_STEPS,
    EDITABLE_STATES,
    RECIPIENT_TYPES,
    RELEASE_STEP,
    STATES,
    STEP_NAMES,
    STEPS,
    WITHDRAWAL_STEP,
)
from .sentence import recall


class MailjetMailing(models.Model):
    """A mass mailing: edited in a form of four steps, then sent.

    Buttons only change its state; the cron sends it through Mailjet
    (``mailjet.delivery``).
    """

    _name = "mailjet.mailing"
    _description = "Mass Mailing"
    _inherit = [
        "mailjet.guard.mixin",
        "mail.thread",
        "mail.activity.mixin",
        "utm.source.mixin",
    ]
    _order = "id desc"
    _rec_name = "name"
    _check_company_auto = True

    # === FIELDS: DETAILS === #

    name = fields.Char(help="For you and your colleagues; recipients do not see it.")
    active = fields.Boolean(default=True)
    recipient_type = fields.Selection(
        RECIPIENT_TYPES,
        string="Recipient type",
        required=True,
        default="contact",
        help="Cannot be changed once the mailing is saved.",
    )
    user_id = fields.Many2one(
        "res.users",
        string="Responsible",
        default=lambda self: self.env.user,
        tracking=True,
        help="Receives the summary of the mailing, and a notification if sending "
        "stops.",
    )
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    campaign_id = fields.Many2one(
        "utm.campaign",
        string="UTM campaign",
        help="Groups mailings in reports. It is also added to the links, so that "
        "leads from your website are attributed to the mailing.",
    )

    # === FIELDS: SENDING === #

    step = fields.Selection(STEPS, required=True, default="details", copy=False)
    state = fields.Selection(
        STATES,
        required=True,
        default="draft",
        copy=False,
        tracking=True,
        readonly=True,
        group_expand=True,
    )
    schedule_type = fields.Selection(
        [("now", "Send now"), ("scheduled", "Send later")],
        default="now",
        copy=False,
        readonly=True,
    )
    schedule_date = fields.Datetime(
        string="Scheduled for", copy=False, readonly=True, tracking=True
    )
    sent_date = fields.Datetime(string="Sent on", copy=False, readonly=True)
    sent_count = fields.Integer(
        string="Sent",
        readonly=True,
        copy=False,
        help="Emails sent with the campaign.",
    )
    failed_count = fields.Integer(
        string="Failed",
        readonly=True,
        copy=False,
        help="Recipients that Mailjet refused when they were uploaded.",
    )
    delivery_step = fields.Selection(
        [*DELIVERY_STEPS, WITHDRAWAL_STEP, RELEASE_STEP],
        string="Progress",
        readonly=True,
        copy=False,
    )
    # What blocks it or what became of it, as ``sentence`` stores it.
    delivery_facts = fields.Json(
        readonly=True, copy=False, export_string_translation=False
    )
    delivery_message = fields.Char(
        string="Message", compute="_compute_delivery_message"
    )
    is_stalled = fields.Boolean(
        string="Stalled",
        readonly=True,
        copy=False,
        help="It has made no progress for some time, and someone has been notified.",
    )
    send_requested_date = fields.Datetime(
        string="Send requested on", readonly=True, copy=False
    )
    mailjet_schedule_date = fields.Datetime(
        string="Scheduled at Mailjet for",
        readonly=True,
        copy=False,
        help="The time for which the mailing is scheduled at Mailjet.",
    )
    needs_confirmation = fields.Boolean(
        string="Waiting for confirmation",
        readonly=True,
        copy=False,
        help="Its scheduled time has passed. It is not sent until someone confirms it.",
    )
    # Counts the attempts to send it: lists at Mailjet are named after them.
    attempt = fields.Integer(readonly=True, copy=False, default=1)

    # === COMPUTE METHODS === #

    @api.depends("delivery_facts")
    @api.depends_context("lang")
    def _compute_delivery_message(self):
        for mailing in self:
            mailing.delivery_message = recall(self.env, mailing.delivery_facts)

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        return super().create(
            [{**vals, "name": self._choose_name(vals)} for vals in vals_list]
        )

    def _choose_name(self, vals):
        """Return the name of a new mailing: the given one, or its subject."""
        return (
            vals.get("name")
            or self.env.context.get("default_name")
            or vals.get("subject")
            or self.env._("New mailing")
        )

    def write(self, vals):
        if "recipient_type" in vals and any(
            mailing.recipient_type != vals["recipient_type"] for mailing in self
        ):
            raise UserError(
                self.env._(
                    "The recipient type cannot be changed once the mailing is saved. "
                    "Create a new mailing instead."
                )
            )
        if CONTENT_FIELDS & vals.keys() and not self.env.su:
            self._check_editable()
        if vals.get("active") is False and any(
            mailing.state in ACTIVE_STATES for mailing in self
        ):
            raise UserError(
                self.env._(
                    "A mailing that is being sent cannot be archived. Cancel sending "
                    "first."
                )
            )
        if "step" not in vals:
            return super().write(vals)
        before = {mailing: mailing.step for mailing in self}
        result = super().write(vals)
        for mailing, step in before.items():
            mailing._enter_step(step)
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_sent(self):
        if any(mailing.state not in EDITABLE_STATES for mailing in self):
            raise UserError(
                self.env._(
                    "A mailing that is being sent or was sent is kept as proof. You "
                    "can archive it."
                )
            )

    def copy_data(self, default=None):
        """Copy the type of recipients, which cannot be changed later."""
        vals_list = super().copy_data(default=default)
        for mailing, vals in zip(self, vals_list, strict=True):
            vals.setdefault("recipient_type", mailing.recipient_type)
        return vals_list

    # === ACTION METHODS: STEPS === #

    def action_next_step(self):
        """Go to the next step, whatever is missing in this one."""
        self.ensure_one()
        position = STEP_NAMES.index(self.step)
        return self.action_go_to_step(STEP_NAMES[min(position + 1, 3)])

    def action_previous_step(self):
        """Go back one step."""
        self.ensure_one()
        position = STEP_NAMES.index(self.step)
        return self.action_go_to_step(STEP_NAMES[max(position - 1, 0)])

    def action_go_to_step(self, step):
        """Go to a step, whatever is missing in the others."""
        self.ensure_one()
        self.step = step
        return True

    def _enter_step(self, previous):
        """Run what the rooms add to the transition from the previous step."""
        self.ensure_one()
        return True

    def _check_loadable(self):
        """Raise if the user may not change this mailing, or if nobody can any more.

        :raise AccessError: if the user has no access
        :raise UserError: if it is being sent or was sent
        """
        self.ensure_one()
        self.check_access("write")
        self._check_editable()

    def _check_editable(self):
        """Raise if the mailing is being sent or was sent.

        :raise UserError: saying so
        """
        if any(mailing.state not in EDITABLE_STATES for mailing in self):
            raise UserError(
                self.env._(
                    "A mailing that is being sent or was sent cannot be changed. "
                    "Duplicate it to reuse it."
                )
            )

    # === ACTION METHODS: WIZARDS === #

    def action_test(self):
        """Open the wizard that sends a test email."""
        return self._open_wizard(
            self.env._("Send a test email"), "mailjet.mailing.test"
        )

    def _open_wizard(self, name, model):
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "name": name,
            "res_model": model,
            "view_mode": "form",
            "target": "new",
            "context": {"default_mailing_id": self.id},
        }

    # === BUSINESS METHODS === #

    def _take_over_unsubscribed(self, emails):
        """Apply that recipients have unsubscribed at Mailjet: does nothing here, see
        the feedback room.

        :param emails: normalized addresses of recipients of the mailing
        """
