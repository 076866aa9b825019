from odoo import fields, models

from ...const import ACTIVE_STATES
from .mailjet_mailing_campaign_table import get_own

# What a campaign waits for that has no date of its own yet.
WAITS = ("awaits_winner", "awaits_decision")


class MailjetCampaign(models.Model):
    """A campaign in the table of a mailing's campaigns."""

    _inherit = "mailjet.campaign"

    def _get_table_row(self):
        """Return the row of the table, except for what the user may do."""
        self.ensure_one()
        is_active = self.state in ACTIVE_STATES
        waits = {name: is_active and self[name] for name in WAITS}
        wait = self.mailing_id._say_wait(waits)
        date = not wait and (self.sent_date or self.schedule_date)
        return {
            "id": self.id,
            "name": self.name or "",
            "date": fields.Datetime.to_string(date),
            "wait": wait,
            "planned": self.planned_count,
            "sent": self.sent_count,
            "state": self.state,
            "label": self._get_state_label(),
            "message": self.delivery_message or "",
            **get_own(self.own_values or {}),
            "figures": self._get_table_figures(),
        }

    def _get_table_figures(self):
        """Return the results of a campaign that was sent: see the reporting room."""
        return []

    def _get_state_label(self):
        """Return what the campaign does or waits for, in a few words."""
        for name in ("is_on_hold", "needs_confirmation"):
            if self[name] and not self._is_stopping():
                return self._fields[name]._description_string(self.env)
        if self._is_in_line():
            return self.env._("Planned")
        if self.awaits_decision and self.delivery_step == "schedule":
            return self._fields["awaits_decision"]._description_string(self.env)
        is_moving = self.delivery_step and self.state not in ("failed", "done")
        name = "delivery_step" if is_moving else "state"
        return dict(self._fields[name]._description_selection(self.env))[self[name]]
