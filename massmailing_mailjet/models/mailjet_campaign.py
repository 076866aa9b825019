from odoo import api, fields, models
from odoo.tools.translate import LazyTranslate

from ..const import (
    DELIVERY_STEP_NAMES,
    DELIVERY_STEPS,
    RELEASE_STEP,
    STATES,
    WITHDRAWAL_STEP,
)
from .sentence import recall, say

_lt = LazyTranslate(__name__)

# What a mailing shows of its most urgent campaign, beside its state.
SHOWN = (
    "delivery_step",
    "delivery_facts",
    "is_stalled",
    "needs_confirmation",
    "send_requested_date",
    "mailjet_schedule_date",
)
# The states of a campaign, the most urgent first.
RANKED_STATES = ("failed", "sending", "preparing", "in_queue", "done")


class MailjetCampaign(models.Model):
    """One Mailjet campaign of a mailing: a list, a content and a time of its own.

    Whatever differs between recipients is a campaign of its own: each recipient to send
    to is in exactly one. A mailing has campaigns while it is being sent and once it was
    sent, and none while it can be changed.
    """

    _name = "mailjet.campaign"
    _description = "Mailjet campaign"
    _order = "mailing_id, sequence, id"
    _rec_name = "mailing_id"

    mailing_id = fields.Many2one(
        "mailjet.mailing", required=True, ondelete="cascade", index=True
    )
    account_id = fields.Many2one(
        "mailjet.account", required=True, ondelete="restrict", index=True
    )
    # Its number within the mailing, and the attempt to send the mailing that it is part
    # of: no two lists at Mailjet have the same name.
    sequence = fields.Integer(default=1)
    attempt = fields.Integer(default=1)

    # === FIELDS: ONE OF SEVERAL === #

    # One of the campaigns that a mailing is divided into: its recipients name it. The
    # only campaign of a mailing has all of the mailing's recipients, which name none.
    is_part = fields.Boolean()
    # What distinguishes it from others of the mailing, as ``sentence`` stores it.
    name_facts = fields.Json(export_string_translation=False)
    name = fields.Char(
        compute="_compute_name",
        inverse="_inverse_name",
        help="What distinguishes it from others of the mailing.",
    )
    planned_count = fields.Integer(
        string="Planned", help="Emails planned when the recipients were finalized."
    )
    # Values of the mailing that are different in this campaign, by the names of fields.
    own_values = fields.Json(prefetch=False)
    awaits_decision = fields.Boolean(
        string="Waiting for a decision",
        help="It is prepared, and not sent until it is decided on.",
    )
    is_on_hold = fields.Boolean(
        string="On hold", help="It is not sent until someone releases it."
    )

    # === FIELDS: PROGRESS === #

    state = fields.Selection(
        [state for state in STATES if state[0] in RANKED_STATES],
        required=True,
        default="in_queue",
    )
    delivery_step = fields.Selection(
        [*DELIVERY_STEPS, WITHDRAWAL_STEP, RELEASE_STEP],
        string="Progress",
        default=DELIVERY_STEP_NAMES[0],
    )
    # What blocks it, as ``sentence`` stores it.
    delivery_facts = fields.Json(export_string_translation=False)
    delivery_message = fields.Char(
        string="Message", compute="_compute_delivery_message"
    )
    next_action_date = fields.Datetime(index="btree_not_null")
    # Failed calls in a row, checks of a list with too many or too few members, and
    # uploads of the content: each has its own limit.
    retry_count = fields.Integer()
    member_looks = fields.Integer()
    content_looks = fields.Integer()
    is_stalled = fields.Boolean(string="Stalled")
    needs_confirmation = fields.Boolean(string="Waiting for confirmation")
    schedule_date = fields.Datetime(string="Scheduled for")
    # Mailjet has rejected its scheduled time: it waits in Odoo.
    schedule_locally = fields.Boolean()
    send_requested_date = fields.Datetime(string="Send requested on")
    send_attempts = fields.Integer(string="Send attempts")
    sent_date = fields.Datetime(string="Sent on")
    sent_count = fields.Integer(string="Sent", help="Emails sent with the campaign.")

    # === FIELDS: MAILJET === #

    mailjet_schedule_date = fields.Datetime(string="Scheduled at Mailjet for")
    mailjet_list_id = fields.Char(string="Mailjet list ID")
    mailjet_job_id = fields.Char(string="Mailjet job ID")
    mailjet_draft_id = fields.Char(string="Mailjet draft ID", index="btree_not_null")
    mailjet_campaign_id = fields.Char(string="Mailjet campaign ID")

    # === COMPUTE METHODS === #

    @api.depends("name_facts")
    @api.depends_context("lang")
    def _compute_name(self):
        for campaign in self:
            campaign.name = campaign._get_name()

    def _inverse_name(self):
        for campaign in self:
            campaign.name_facts = campaign.name

    @api.depends("delivery_facts")
    @api.depends_context("lang")
    def _compute_delivery_message(self):
        for campaign in self:
            campaign.delivery_message = recall(self.env, campaign.delivery_facts)

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        campaigns = super().create(vals_list)
        campaigns.mailing_id._sum_campaigns()
        return campaigns

    def write(self, vals):
        result = super().write(vals)
        if vals.keys() & {"state", "sent_date", *SHOWN}:
            self.mailing_id._sum_campaigns()
        return result

    # === BUSINESS METHODS === #

    def _get_most_urgent(self):
        """Return the campaign whose progress the mailing shows: one that waits for a
        person, or else the least advanced."""
        return self.sorted(
            lambda campaign: (
                not campaign.needs_confirmation,
                campaign.state != "failed",
                not campaign.is_stalled,
                RANKED_STATES.index(campaign.state),
                campaign.delivery_step in DELIVERY_STEP_NAMES
                and DELIVERY_STEP_NAMES.index(campaign.delivery_step),
            )
        )[:1]

    def _get_planned_count(self):
        """Return how many emails of the month's quota the campaign needs."""
        self.ensure_one()
        return self.planned_count if self.is_part else self.mailing_id.planned_count

    def _get_name(self):
        """Return the name as a :class:`Sentence`, empty if it has none."""
        return recall(self.env, self.name_facts) or ""

    def _say(self, message):
        """Return a message with the name of the campaign, if it is one of several."""
        if not (message and self.name):
            return message
        return say(
            self.env,
            _lt("%(campaign)s: %(message)s"),
            campaign=self._get_name(),
            message=message,
        )
