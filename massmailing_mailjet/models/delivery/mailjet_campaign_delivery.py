from odoo import api, fields, models

from ...const import MOVING_STATES, STOPPING_STEPS
from .const import PREPARATION, PREPARATION_PER_ROW
from .mailjet_campaign_trouble import NO_TROUBLE
from .mailjet_upload import OPEN_STATES


class MailjetCampaign(models.Model):
    """A campaign on its way: when the cron takes it up, and who holds it."""

    _inherit = "mailjet.campaign"

    def _can_retry(self):
        """Return whether the campaign has stopped, or makes no progress."""
        self.ensure_one()
        is_stuck = self.is_stalled and self.state in MOVING_STATES
        return self.state == "failed" or is_stuck

    def _is_held(self):
        """Return whether Mailjet holds the campaign for a future scheduled time: unless
        Mailjet confirms otherwise, it sends it then."""
        self.ensure_one()
        return bool(
            self.state == "preparing"
            and self.send_requested_date
            and self.mailjet_schedule_date
        )

    def _is_stopping(self):
        """Return whether the campaign is being withdrawn or its rows are reset."""
        self.ensure_one()
        return self.delivery_step in STOPPING_STEPS

    def _is_in_line(self):
        """Return whether the campaign is one of several, its recipients are finalized
        and it waits for its date to be prepared."""
        self.ensure_one()
        return self.is_part and self.state == "in_queue"

    def _get_start(self):
        """Return when to begin to prepare the campaign: now, or shortly before its
        scheduled time."""
        now = fields.Datetime.now()
        if not self.schedule_date:
            return now
        preparation = self._get_preparation(self._get_planned_count())
        return max(now, self.schedule_date - preparation)

    @api.model
    def _get_preparation(self, count):
        """Return how long it may take to prepare a campaign with so many recipients."""
        return PREPARATION + count * PREPARATION_PER_ROW

    def _set_next_action(self, date):
        """Make the cron process the campaign at that date."""
        self.next_action_date = date
        self.env["mailjet.delivery"]._trigger(date)

    def _retry(self):
        """Resume at the step where it stopped."""
        values = {**NO_TROUBLE, "delivery_facts": False}
        if self.state == "failed":
            values["state"] = "sending" if self.send_requested_date else "preparing"
        if not self.send_requested_date:
            # Start a job that removes late exclusions from the list again; once the
            # campaign was sent, the result of the job is still needed.
            values |= {"mailjet_job_id": False, "send_attempts": 0}
        self.write(values)
        self._get_uploads(*OPEN_STATES)._begin_again()
        self._set_next_action(fields.Datetime.now())
