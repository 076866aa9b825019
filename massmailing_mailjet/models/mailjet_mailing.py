from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ..const import (
    ACTIVE_STATES,
    COMPOSITIONS,
    CONTENT_FIELDS,
    DELIVERY_STEPS,
    EDITABLE_STATES,
    KIND_MODEL,
    RECIPIENT_TYPES,
    RELEASE_STEP,
    STATES,
    STEPS,
    WITHDRAWAL_STEP,
)
from ..tools.personalization import repair_tokens

STEP_NAMES = [name for name, _label in STEPS]


class MailjetMailing(models.Model):
    """One mass mailing: what the four-step form edits, and what is sent.

    Buttons only change its state; the cron takes it through Mailjet
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
    subject = fields.Char(
        tracking=True,
        translate=False,
        help="Variables such as $contacts-firstname$ are replaced for each recipient.",
    )
    preview = fields.Char(
        string="Preview text",
        help="Shown next to the subject by most mailboxes.",
    )
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
    online_version_text = fields.Char(
        string="Text of the online version",
        default=lambda self: self.env._("View this email online"),
        help="Text of the link to the online version, on top of the email.",
    )
    unsubscribe_text = fields.Char(
        string="Text of the unsubscribe link",
        default=lambda self: self.env._("Unsubscribe"),
        help="Text of the link at the bottom of the email.",
    )

    # === FIELDS: COMPOSITION === #

    # A template is copied into one of the editors; "template" is the visual one.
    composition = fields.Selection(COMPOSITIONS, required=True, default="blank")
    # Written by the form, when another way to compose is chosen.
    template_name = fields.Char(string="Based on")
    body_arch = fields.Html(
        string="Body", sanitize="email_outgoing", translate=False, copy=True
    )
    body_html = fields.Html(string="Body to send", sanitize="email_outgoing")
    body_code = fields.Text(string="HTML source")
    body_text = fields.Text(
        string="Plain text",
        help="Shown by mailboxes without HTML. If empty, it is generated from the "
        "email.",
    )
    # The visual editor belongs to mass_mailing and reads these two.
    mailing_model_id = fields.Many2one(
        "ir.model", compute="_compute_mailing_model", compute_sudo=True
    )
    mailing_model_real = fields.Char(
        compute="_compute_mailing_model", compute_sudo=True
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
    monthly_limit = fields.Integer(related="account_id.monthly_limit")
    sent_this_month = fields.Integer(related="account_id.sent_this_month")
    remaining_this_month = fields.Integer(related="account_id.remaining_this_month")
    is_own_count = fields.Boolean(related="account_id.is_own_count")
    account_is_foreign = fields.Boolean(related="account_id.is_foreign")
    delivery_step = fields.Selection(
        [*DELIVERY_STEPS, WITHDRAWAL_STEP, RELEASE_STEP],
        string="Progress",
        readonly=True,
        copy=False,
    )
    delivery_message = fields.Char(string="Message", readonly=True, copy=False)
    next_action_date = fields.Datetime(
        readonly=True, copy=False, index="btree_not_null"
    )
    # Calls in a row that Mailjet could not answer, looks at a list that has too many
    # members or too few, and times that the content was handed over: each has patience
    # of its own.
    retry_count = fields.Integer(readonly=True, copy=False)
    member_looks = fields.Integer(readonly=True, copy=False)
    content_looks = fields.Integer(readonly=True, copy=False)
    is_stalled = fields.Boolean(
        string="Stalled",
        readonly=True,
        copy=False,
        help="It has made no progress for some time, and someone has been notified.",
    )
    departure_date = fields.Datetime(
        string="Send requested on", readonly=True, copy=False
    )
    departure_count = fields.Integer(string="Send attempts", readonly=True, copy=False)
    sending_number = fields.Integer(readonly=True, copy=False, default=1)
    mailjet_list_id = fields.Char(string="Mailjet list ID", readonly=True, copy=False)
    mailjet_job_id = fields.Char(string="Mailjet job ID", readonly=True, copy=False)
    mailjet_draft_id = fields.Char(
        string="Mailjet draft ID", readonly=True, copy=False, index="btree_not_null"
    )
    mailjet_campaign_id = fields.Char(
        string="Mailjet campaign ID", readonly=True, copy=False
    )

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

    @api.depends("recipient_type")
    def _compute_mailing_model(self):
        for mailing in self:
            model = KIND_MODEL.get(mailing.recipient_type, "res.partner")
            mailing.mailing_model_id = self.env["ir.model"]._get(model)
            mailing.mailing_model_real = model

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

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        return super().create(
            [{**vals, "name": self._choose_name(vals)} for vals in vals_list]
        )

    def _choose_name(self, vals):
        """Return the name of a new mailing: given, or its subject."""
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
        if "company_id" in vals:
            self._check_company_stays(vals["company_id"])
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

    def _check_company_stays(self, company_id):
        """Keep a mailing in the company by whose rules its recipients were loaded.

        :raise UserError: when they are there
        """
        moved = self.filtered(lambda mailing: mailing.company_id.id != company_id)
        rows = self.env["mailjet.recipient"].sudo()
        loads = self.env["mailjet.recipient.load"].sudo()
        domain = [("mailing_id", "in", moved.ids)]
        if rows.search_count(domain, limit=1) or loads.search_count(domain, limit=1):
            raise UserError(
                self.env._(
                    "The company cannot be changed once recipients are loaded. Create "
                    "a new mailing instead."
                )
            )

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
        """Keep the type of recipients, which is fixed from now on, and leave a sender
        out that Mailjet does not know any more: another is to be chosen."""
        vals_list = super().copy_data(default=default)
        for mailing, vals in zip(self, vals_list, strict=True):
            vals.setdefault("recipient_type", mailing.recipient_type)
            if not mailing.account_id._covering_sender(vals.get("sender_email")):
                vals.update(sender_id=False, sender_email=False)
        return vals_list

    # === ACTION METHODS: COMPOSITION === #

    def action_edit_text(self):
        """Let the plain text be written by hand, starting from what the e-mail says."""
        self.ensure_one()
        self.check_access("write")
        self.body_text = self.env["mailjet.message"]._derive_text(self)
        return True

    def action_derive_text(self):
        """Let the plain text follow the e-mail again."""
        self.body_text = False
        return True

    # === ACTION METHODS: STEPS === #

    def action_next_step(self):
        """Go to the next step, once nothing is missing in this one."""
        self.ensure_one()
        position = STEP_NAMES.index(self.step)
        return self.action_go_to_step(STEP_NAMES[min(position + 1, 3)])

    def action_previous_step(self):
        """Go back one step."""
        self.ensure_one()
        position = STEP_NAMES.index(self.step)
        return self.action_go_to_step(STEP_NAMES[max(position - 1, 0)])

    def action_go_to_step(self, step):
        """Go to a step.

        :raise UserError: saying what is missing in the steps before it
        """
        self.ensure_one()
        self.step = step
        return True

    def _enter_step(self, previous):
        """Complain about what is missing on the way from the previous step, and bring
        the recipients up to date where they are shown."""
        if self.state not in EDITABLE_STATES:
            return
        start, end = STEP_NAMES.index(previous), STEP_NAMES.index(self.step)
        self.env["mailjet.check"]._assert_steps(self, STEP_NAMES[start:end])
        if self.step in ("recipients", "sending"):
            self.env["mailjet.record.sync"].sudo()._refresh_changed(self.sudo())

    def _check_loadable(self):
        """Complain when the user may not change this mailing, or nobody may any more.

        :raise AccessError: when the user may not
        :raise UserError: when it is on its way or was sent
        """
        self.ensure_one()
        self.check_access("write")
        self._check_editable()

    def _check_editable(self):
        """Complain when a mailing is on its way or was sent.

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
        """Open the wizard that sends a test e-mail."""
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

    def _get_language(self):
        """Return the language code in which the recipients are addressed."""
        self.ensure_one()
        return self.user_id.lang or self.company_id.partner_id.lang or "en_US"

    def _get_texts(self):
        """Return every text in which a variable may stand."""
        self.ensure_one()
        body = self.body_code if self.composition == "html" else self.body_html
        return [
            self.subject,
            self.preview,
            repair_tokens(str(body or "")),
            self.body_text,
            self.online_version_text,
            self.unsubscribe_text,
        ]

    def _get_catalogue(self):
        """Return the variables by name, in the language of the recipients."""
        language = self._get_language()
        return self.env["mailjet.variable"].with_context(lang=language)._get_catalogue()
