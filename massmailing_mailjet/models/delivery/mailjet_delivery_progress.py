from odoo import api, fields, models

from ...const import ACTIVE_STATES, RELEASE_STEP, WITHDRAWAL_STEP

STOPPING_STEPS = (WITHDRAWAL_STEP[0], RELEASE_STEP[0])

# How much of the way is behind a mailing that takes a step, in percent; the upload,
# which takes by far the longest, moves between its own figure and the next.
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
    "departure": 96,
    "hold": 96,
    "follow": 98,
    "unschedule": 50,
    "release": 50,
}

# Seconds until the form asks again: often while something moves, seldom while an hour
# is waited for.
INTERVAL = 2
WAITING_INTERVAL = 20


class MailjetDeliveryProgress(models.AbstractModel):
    """How far a mailing is on its way, from a few rows whatever its size."""

    _name = "mailjet.delivery.progress"
    _description = "Mass mailing delivery progress"

    @api.model
    def _read(self, mailing):
        """Return what the form shows of a mailing on its way: ``state``, ``step`` and
        its translated ``label``, ``percent``, the recipients ``done`` out of
        ``total``, ``message``, ``undo_seconds`` left, ``can_stop``, and the
        ``interval`` in seconds until it is worth asking again."""
        share = self._get_shares(mailing)[mailing.id]
        step = mailing.delivery_step
        waits = mailing.is_late or (
            mailing.next_action_date
            and (mailing.next_action_date - fields.Datetime.now()).total_seconds() > 60
        )
        return {
            "state": mailing.state,
            "step": step,
            "label": self._get_label(mailing),
            "percent": self._get_percent(step, share),
            "done": round(mailing.planned_count * share),
            "total": mailing.planned_count,
            "message": mailing.delivery_message or "",
            "undo_seconds": self._get_undo_seconds(mailing),
            "can_stop": self._can_stop(mailing),
            "interval": WAITING_INTERVAL if waits else INTERVAL,
        }

    @api.model
    def _get_percents(self, mailings):
        """Return how much of the way is behind each mailing, in percent, by one query
        for all of them."""
        shares = self._get_shares(mailings)
        return {
            mailing.id: self._get_percent(mailing.delivery_step, shares[mailing.id])
            for mailing in mailings
        }

    @api.model
    def _get_shares(self, mailings):
        """Return the part of the recipients that Mailjet has imported, those handed
        over counting half, by the id of the mailing."""
        states = {mailing.id: {} for mailing in mailings}
        for mailing, state, count in self.env["mailjet.upload"]._read_group(
            [("mailing_id", "in", mailings.ids)],
            ["mailing_id", "state"],
            ["__count"],
        ):
            states[mailing.id][state] = count
        return {mailing: self._add_up(counts) for mailing, counts in states.items()}

    @api.model
    def _add_up(self, counts):
        handed_over = counts.get("uploaded", 0) + counts.get("importing", 0)
        total = sum(counts.values())
        return total and (counts.get("done", 0) + handed_over / 2) / total

    @api.model
    def _get_percent(self, step, share):
        if not step:
            return 0
        start = STEP_PERCENT[step]
        if step != "upload":
            return start
        return round(start + share * (STEP_PERCENT["import"] - start))

    @api.model
    def _get_label(self, mailing):
        if mailing.delivery_step == "schedule" and not mailing.schedule_date:
            return self.env._("Ready to send")
        selection = mailing._fields["delivery_step"]._description_selection(self.env)
        return dict(selection).get(mailing.delivery_step, "")

    @api.model
    def _get_undo_seconds(self, mailing):
        """Return for how long the mailing is certain not to leave, in seconds."""
        if not mailing.undo_date or not self._can_stop(mailing):
            return 0
        left = mailing.undo_date - fields.Datetime.now()
        return max(round(left.total_seconds()), 0)

    @api.model
    def _can_stop(self, mailing):
        """Return whether the mailing has not departed yet."""
        is_stopping = mailing.delivery_step in STOPPING_STEPS
        if is_stopping or mailing.state not in ACTIVE_STATES:
            return False
        return not mailing.departure_date or mailing._is_held()
