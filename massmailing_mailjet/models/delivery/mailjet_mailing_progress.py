from collections import Counter
from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import format_datetime

from ...const import ACTIVE_STATES, STOPPING_STEPS

# The progress of a mailing at each step, in percent; during the upload, which takes by
# far the longest, it moves from its own value to the next.
STEP_PERCENT = {
    "freeze": 2,
    "list": 4,
    "properties": 6,
    "upload": 8,
    "import": 85,
    "draft": 88,
    "content": 90,
    "schedule": 92,
    "recheck": 94,
    "send": 96,
    "scheduled": 96,
    "follow": 98,
    "unschedule": 50,
    "release": 50,
}

# Seconds until the form polls again: often while the mailing progresses, seldom while
# it waits for the scheduled time.
INTERVAL = 2
WAITING_INTERVAL = 20


class MailjetMailing(models.Model):
    """The progress of a mailing's send, computed from a few rows whatever its size."""

    _inherit = "mailjet.mailing"

    def get_progress(self):
        """Return the progress of the mailing for the form: see ``_get_progress``."""
        self.ensure_one()
        self.check_access("read")
        return self.sudo()._get_progress()

    def _get_progress(self):
        """Return what the form shows of a mailing that is being sent: ``state``,
        ``step`` and its translated ``label``, ``percent``, the recipients ``done`` out
        of ``total``, ``message``, ``undo_seconds`` left, ``can_stop``, a text
        ``campaigns`` that is another one as soon as a campaign is in another state, and
        the ``interval`` in seconds until the next poll."""
        shares = self._get_import_shares()
        return {
            "state": self.state,
            "step": self.delivery_step,
            "label": self._get_step_label(),
            "percent": round(self._add_up(self._get_percents(shares))),
            "done": round(self.planned_count * self._add_up(shares)),
            "total": self.planned_count,
            "message": self.delivery_message or "",
            "undo_seconds": self._get_undo_seconds(),
            "can_stop": self._can_stop(),
            "campaigns": " ".join(
                f"{campaign.id} {campaign.state} {campaign.delivery_message or ''}"
                for campaign in self.mailjet_campaign_ids
            ),
            "interval": WAITING_INTERVAL if self._is_waiting() else INTERVAL,
        }

    def _is_waiting(self):
        """Return whether none of the campaigns has anything to do within a minute."""
        soon = fields.Datetime.now() + timedelta(minutes=1)
        dates = self.mailjet_campaign_ids.mapped("next_action_date")
        return not any(date and date <= soon for date in dates)

    def _get_progress_percents(self):
        """Return the progress of each mailing, in percent by its id, with one query for
        all of them."""
        percents = self._get_percents(self._get_import_shares())
        return {mailing.id: round(mailing._add_up(percents)) for mailing in self}

    def _get_percents(self, shares):
        """Return the progress of each campaign, in percent.

        :param dict shares: see :meth:`_get_import_shares`
        """
        return {
            campaign: 100
            if campaign.state == "done" and campaign.is_part
            else self._get_step_percent(campaign.delivery_step, share)
            for campaign, share in shares.items()
        }

    def _add_up(self, figures):
        """Return the mean of the campaigns of a mailing, each of which counts as much
        as it has recipients.

        :param dict figures: one for each campaign
        """
        campaigns = self.mailjet_campaign_ids
        planned = sum(campaign._get_planned_count() for campaign in campaigns)
        return planned and (
            sum(
                figures[campaign] * campaign._get_planned_count()
                for campaign in campaigns
            )
            / planned
        )

    def _get_import_shares(self):
        """Return the share of the recipients that Mailjet has imported, uploaded ones
        counting half, by campaign."""
        states = {campaign: Counter() for campaign in self.mailjet_campaign_ids}
        for campaign, state, count in self.env["mailjet.upload"]._read_group(
            [("campaign_id", "in", self.mailjet_campaign_ids.ids)],
            ["campaign_id", "state"],
            ["__count"],
        ):
            states[campaign][state] += count
        return {
            campaign: self._get_import_share(counts)
            for campaign, counts in states.items()
        }

    @api.model
    def _get_import_share(self, counts):
        handed_over = counts["uploaded"] + counts["importing"]
        total = counts.total()
        return total and (counts["done"] + handed_over / 2) / total

    @api.model
    def _get_step_percent(self, step, share):
        if not step:
            return 0
        start = STEP_PERCENT[step]
        if step != "upload":
            return start
        return round(start + share * (STEP_PERCENT["import"] - start))

    def _get_step_label(self):
        waiting = self.mailjet_campaign_ids.filtered(lambda row: row._is_in_line())
        if waiting and self.state == "in_queue":
            return self._get_waiting_label(waiting)
        shown = self.mailjet_campaign_ids._get_most_urgent()
        if shown.is_on_hold and not shown._is_stopping():
            return self.env._("On hold")
        if self.delivery_step == "schedule" and not self.schedule_date:
            return self.env._("Ready to send")
        selection = self._fields["delivery_step"]._description_selection(self.env)
        return dict(selection).get(self.delivery_step, "")

    def _get_waiting_label(self, campaigns):
        """Return what a mailing waits for whose campaigns have dates of their own."""
        dates = campaigns.filtered(lambda row: not row.is_on_hold).mapped(
            "schedule_date"
        )
        if not dates:
            return self.env._("On hold")
        date = format_datetime(self.env, min(dates), dt_format="short")
        return self.env._("Waiting until %s", date)

    def _get_undo_seconds(self):
        """Return for how many seconds the mailing is certain not to be sent."""
        if not self.undo_date or not self._can_stop():
            return 0
        left = self.undo_date - fields.Datetime.now()
        return max(round(left.total_seconds()), 0)

    def _can_stop(self):
        """Return whether the mailing was not sent yet, and is not being stopped."""
        if self.delivery_step in STOPPING_STEPS or self.state not in ACTIVE_STATES:
            return False
        return any(campaign._can_stop() for campaign in self.mailjet_campaign_ids)
