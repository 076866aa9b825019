"""When a campaign has its next turn within a run of the cron (``mailjet.delivery``)."""

import time
from datetime import timedelta

# Seconds between two polls of a job within one run of the cron: most mailings are
# small, and their jobs finish at once; the longer one takes, the less often Mailjet is
# polled. After that, the job is polled in a later run.
POLL_DELAYS = (0.05, 0.1, 0.2, 0.4, 0.8, 1.6, 3.2, 5)
POLL_INTERVAL = timedelta(seconds=30)


class Turn:
    """The turns of one campaign."""

    def __init__(self, campaign):
        self.campaign = campaign
        self._next = 0  # of the monotonic clock
        self._gave_way = False
        self.forget_waits()

    def start(self):
        """Wait until the campaign has its turn."""
        time.sleep(max(0, self._next - time.monotonic()))

    def wait(self):
        """Put the next turn off; return False if that is for a later run."""
        delay = next(self._delays, None)
        if delay is None:
            return False
        self._next = time.monotonic() + delay
        return True

    def give_way(self):
        """Return whether the other campaigns have a turn first, which is so once."""
        first, self._gave_way = not self._gave_way, True
        return first

    def forget_waits(self):
        """Wait for a short time again, since the campaign has moved on."""
        self._delays = iter(POLL_DELAYS)
