"""Which campaign has the next turn within a run of the cron (``mailjet.delivery``)."""

import time
from collections import deque
from datetime import timedelta

from ...const import DELIVERY_STEP_NAMES

# Seconds between two polls of a job within one run of the cron: most mailings are
# small, and their jobs finish at once; the longer one takes, the less often Mailjet is
# polled. After that, the job is polled in a later run.
POLL_DELAYS = (0.05, 0.1, 0.2, 0.4, 0.8, 1.6, 3.2, 5)
POLL_INTERVAL = timedelta(seconds=30)

# The steps with which a stage begins that the campaigns of a mailing enter together:
# within a run, none is sent while another is being prepared, and none is confirmed
# before the others are sent.
STAGES = [DELIVERY_STEP_NAMES.index(name) for name in ("recheck", "follow")]


def find_stage(step):
    """Return the number of the stage that a step belongs to; a campaign that is being
    stopped is in the first one, 0."""
    if step not in DELIVERY_STEP_NAMES:
        return 0
    position = DELIVERY_STEP_NAMES.index(step)
    return sum(position >= first for first in STAGES)


class Turn:
    """The turns of one campaign."""

    def __init__(self, campaign):
        self.campaign = campaign
        self.mailing_id = campaign.mailing_id.id
        self.stage = find_stage(campaign.delivery_step)
        self.next = 0  # of the monotonic clock
        self.forget_waits()

    def is_ready(self):
        """Return whether the campaign need not wait any longer for its turn."""
        return self.next <= time.monotonic()

    def start(self):
        """Wait until the campaign has its turn."""
        time.sleep(max(0, self.next - time.monotonic()))

    def wait(self):
        """Put the next turn off; return False if that is for a later run."""
        delay = next(self._delays, None)
        if delay is None:
            return False
        self.next = time.monotonic() + delay
        self.is_poll = True
        return True

    def enter(self, step):
        """Return whether the campaign enters a later stage with that step, so that
        others of its mailing may have their turns first."""
        before, self.stage = self.stage, max(self.stage, find_stage(step))
        return self.stage > before

    def forget_waits(self):
        """Wait for a short time again, since the campaign has moved on."""
        self.is_poll = False
        self._delays = iter(POLL_DELAYS)


class Turns:
    """The turns of all campaigns of one run: mailings in the order in which they came,
    and the campaigns of each in the order of the mailing, those first that have more to
    do than ask whether Mailjet has finished: it works on meanwhile."""

    def __init__(self, campaigns):
        self._turns = deque(Turn(campaign) for campaign in campaigns)

    def take(self):
        """Remove and return the next turn, which may have to wait; None after the last
        one."""
        stages = {}
        for turn in self._turns:
            stages.setdefault(turn.mailing_id, set()).add(turn.stage)
        free = [
            turn for turn in self._turns if turn.stage == min(stages[turn.mailing_id])
        ]
        if not free:
            return None
        ready = [turn for turn in free if turn.is_ready()]
        if ready:
            own = [turn for turn in ready if turn.mailing_id == ready[0].mailing_id]
            taken = min(own, key=lambda turn: (turn.is_poll, turn.campaign.id))
        else:
            taken = min(free, key=lambda turn: turn.next)
        self._turns.remove(taken)
        return taken

    def put_back(self, turn):
        """Let a campaign have another turn: at once if it need not wait."""
        if turn.is_ready():
            self._turns.appendleft(turn)
        else:
            self._turns.append(turn)
