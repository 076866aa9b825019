"""A table of measurements."""

import time
from collections.abc import Callable
from statistics import median


class Table:
    """Lines of figures, printed as they come in."""

    def __init__(self, title: str):
        print(f"\n{title}\n{'-' * len(title)}", flush=True)

    def add(self, what: str, figure: str):
        """Print one figure."""
        print(f"{what:<58} {figure:>14}", flush=True)

    def add_seconds(self, what: str, seconds: list[float]):
        """Print the median of some durations."""
        self.add(what, format_seconds(median(seconds)))

    def compare(self, what: str, ours: list[float], other: list[float], most: float):
        """Print the ratio of two medians beside the one that is wanted."""
        ratio = median(ours) / median(other)
        verdict = "met" if ratio <= most else "NOT met"
        self.add(f"  ratio ({what}; at most {most:g})", f"{ratio:.2f} {verdict}")

    def add_target(self, what: str, is_met: bool, target: str):
        """Print whether a figure is what is wanted."""
        self.add(f"  target ({what}; {target})", "met" if is_met else "NOT met")


def format_seconds(seconds: float) -> str:
    """Return a duration with three digits that matter."""
    return f"{seconds:.3g} s" if seconds >= 1 else f"{seconds * 1000:.0f} ms"


def measure_seconds(function: Callable, *args) -> float:
    """Return how many seconds a call takes."""
    start = time.perf_counter()
    function(*args)
    return time.perf_counter() - start
