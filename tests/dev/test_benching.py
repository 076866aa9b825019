"""The tables of `./dev bench`, and how it measures."""

import os
from time import sleep

import pytest

from bench.newsletter import make_inputs, measure
from bench.table import Table, format_seconds


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0.0004, "0 ms"), (0.1234, "123 ms"), (1.2345, "1.23 s"), (98.76, "98.8 s")],
)
def test_durations(seconds, text):
    assert format_seconds(seconds) == text


@pytest.mark.parametrize(
    ("ours", "verdict"), [([1, 3, 2], "2.00 met"), ([9, 3, 1], "3.00 NOT met")]
)
def test_ratios_are_of_medians(capsys, ours, verdict):
    Table("Title").compare("load", ours, [1, 1, 5], 2)
    title, line, ratio = capsys.readouterr().out.strip().splitlines()
    assert (title, line) == ("Title", "-----")
    assert "at most 2" in ratio
    assert ratio.endswith(verdict)


def test_large_newsletters_are_of_the_size_asked_for():
    for text in make_inputs(50_000, 1_000_000).values():
        assert 45_000 < len(text.encode()) < 55_000


def test_newsletters_have_no_more_tags_than_an_email_may_have():
    for name, text in make_inputs(50_000, 100).items():
        assert name.startswith("Newsletter") or text.count("<") <= 100


def test_time_and_memory_of_a_reading_are_measured():
    seconds, growth = measure(lambda text: (bytearray(30_000_000), sleep(0.2)), "")
    assert 0.2 <= seconds < 5
    assert 28_000_000 < growth < 60_000_000


def test_a_reading_that_breaks_takes_for_ever():
    seconds, _growth = measure(lambda text: os._exit(1), "")
    assert seconds == float("inf")
