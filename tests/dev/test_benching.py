"""The tables of `./dev bench`, and what the command line of `./dev` takes."""

import pytest

from bench.table import Table, format_seconds
from devkit.commands import main


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


@pytest.mark.parametrize("arguments", [["benhc"], ["lint", "everything"]])
def test_unknown_commands_are_refused(arguments, capsys):
    assert main(arguments) == 2
    assert " ".join(arguments) in capsys.readouterr().err
