from datetime import timedelta

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL
from odoo.tools.translate import LazyTranslate

from ...const import ACTIVE_STATES
from ..counting import say_count
from ..mailjet_mailing_campaigns import Part
from ..sentence import get_facts, say

_lt = LazyTranslate(__name__)

# Fields of the first share: frozen like the content.
CANARY_FIELDS = {"canary_share", "canary_hours"}


class MailjetMailing(models.Model):
    """Sends a mailing to a small share of its recipients first, who are drawn by lot.
    The rest follows after some hours, unless bounces, blocks, unsubscribes or
    complaints pass the limits: then a person decides."""

    _inherit = "mailjet.mailing"

    send_mode = fields.Selection(
        selection_add=[("canary", "To a small share first")],
        ondelete={"canary": "set default"},
    )
    canary_share = fields.Integer(
        string="First share (%)",
        default=5,
        help="Drawn by lot, evenly over loads and mailbox providers.",
    )
    canary_hours = fields.Integer(
        string="The rest follows after (hours)",
        default=4,
        help="Counted from when the first share was sent.",
    )
    canary_date = fields.Datetime(
        string="First share judged on", readonly=True, copy=False
    )
    # What passed the limits, see the reporting room.
    canary_excess = fields.Json(string="Limits passed", readonly=True, copy=False)

    _canary_share_valid = models.Constraint(
        "CHECK(canary_share BETWEEN 1 AND 50)",
        "The first share is 1 to 50 % of the recipients.",
    )
    _canary_hours_valid = models.Constraint(
        "CHECK(canary_hours BETWEEN 1 AND 720)",
        "The rest follows after 1 to 720 hours.",
    )

    def write(self, vals):
        if CANARY_FIELDS & vals.keys() and not self.env.su:
            self._check_editable()
        return super().write(vals)

    # === ACTION METHODS === #

    def action_send_rest(self):
        """Send the mailing to all others, whatever the first share has shown.

        :raise UserError: if nobody waits
        """
        self.ensure_one()
        self.check_access("write")
        mailing = self.sudo()
        mailing._assert_state(ACTIVE_STATES)
        if not mailing._get_canary_rest():
            raise UserError(self.env._("The rest of this mailing does not wait."))
        note = self.env._("%s sends it to the rest.", self.env.user.name)
        mailing._send_canary_rest(note)
        return True

    # === DIVISION === #

    def _get_divisions(self, people=None):
        divisions = super()._get_divisions(people)
        if self.send_mode != "canary" or self._get_letters():
            return divisions
        first = Part(
            say(self.env, _lt("First share")),
            {"is_canary": True},
            SQL("spot.position <= ceil(spot.total * %s / 100.0)", self.canary_share),
            True,
        )
        rest = Part(say(self.env, _lt("Rest")), {"awaits_decision": True})
        return [*divisions, [first, rest]]

    def _say_wait(self, values):
        if not values.get("awaits_decision"):
            return super()._say_wait(values)
        if self.canary_excess:
            return self.env._("Once someone decides on it")
        return say_count(
            self.env,
            self.canary_hours,
            self.env._("%(count)s hour after the first share"),
            self.env._("%(count)s hours after the first share"),
        )

    # === DECISION === #

    def _get_fresh_values(self):
        values = super()._get_fresh_values()
        return {**values, "canary_date": False, "canary_excess": False}

    def _get_canary_rest(self):
        """Return the campaigns that wait for the result of the first share."""
        if self.send_mode != "canary":
            return self.mailjet_campaign_ids.browse()
        return self.mailjet_campaign_ids.filtered("awaits_decision")

    def _sum_campaigns(self):
        result = super()._sum_campaigns()
        for mailing in self:
            mailing._plan_canary()
        return result

    def _plan_canary(self):
        """Have the first share judged some hours after it was sent."""
        first = self.mailjet_campaign_ids.filtered("is_canary")
        if not first or self.canary_date:
            return
        rest = self._get_canary_rest()
        if not rest or any(campaign.state != "done" for campaign in first):
            return
        hours = timedelta(hours=self.canary_hours)
        self.canary_date = max(first.mapped("sent_date")) + hours
        for campaign in rest.filtered(lambda row: row.delivery_step == "schedule"):
            campaign._set_next_action(self.canary_date)

    def _judge_canary(self):
        """Send the rest, or let a person decide on it."""
        excess = self._find_canary_excess()
        if not excess:
            note = self.env._("The first share kept to all limits: the rest follows.")
            return self._send_canary_rest(note)
        self.canary_excess = excess
        message = say(
            self.env,
            _lt(
                "The first share has passed a limit. The rest is not sent until "
                "someone decides on it."
            ),
        )
        self._get_canary_rest().write({"delivery_facts": get_facts(message)})
        return self._notify_responsible(
            message, self.env._("Open the mailing to see why, and send or cancel it.")
        )

    def _find_canary_excess(self):
        """Return which results of the first share pass the limits: see the reporting
        room."""
        return []

    def _send_canary_rest(self, note):
        rest = self._get_canary_rest()
        rest.write({"delivery_facts": False})
        rest._decide()
        for campaign in rest:
            campaign._settle_notice()
        self.message_post(body=note)

    def _get_step_label(self):
        rest = self._get_canary_rest()
        if rest and self.delivery_step == "schedule":
            return self.env._("Waiting for the result of the first share")
        return super()._get_step_label()
