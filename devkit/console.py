"""What a person sees: a line per step, or a paragraph when something is missing."""

import sys
import time


class DevError(Exception):
    """Something the developer can fix; the message says what to do."""


class Step:
    """A line of progress: `Title ..... 12.3 s`.

    On a terminal the seconds count up in place; elsewhere a dot is added every five
    seconds, so that a log shows that the work goes on.
    """

    dot_seconds = 5

    def __init__(self, title: str, stream=None):
        self.title = title
        self.stream = stream or sys.stdout
        self.live = self.stream.isatty()

    def __enter__(self):
        self.started = self.shown = time.monotonic()
        self._write(self.title)
        return self

    def tick(self):
        """Show that time passes; to be called several times a second."""
        now = time.monotonic()
        if self.live and now - self.shown >= 1:
            self.shown = now
            self._write(f"\r{self.title}  {now - self.started:.0f} s")
        elif not self.live and now - self.shown >= self.dot_seconds:
            self.shown = now
            self._write(" .")

    def __exit__(self, error, *_):
        elapsed = f"{time.monotonic() - self.started:.1f} s"
        start = f"\r{self.title}" if self.live else ""
        self._write(f"{start}  {'stopped after ' if error else ''}{elapsed}\n")

    def _write(self, text: str):
        self.stream.write(text)
        self.stream.flush()
