"""The command line of `./dev`: help touches nothing, and what is unknown is refused."""

import os
import shutil
import subprocess
import sys

import pytest

from devkit.commands import COMMANDS, HELP, main
from devkit.settings import CHECKOUT
from devkit.testing import find_unknown


@pytest.fixture
def work(monkeypatch):
    """What every command begins its work with, made to be noticed."""
    begun = []
    monkeypatch.setattr("devkit.commands.read_settings", lambda: begun.append(1))
    return begun


def status_of(arguments):
    """Exit code of `./dev`, also where argparse ends it."""
    try:
        return main(arguments)
    except SystemExit as ended:
        return ended.code


@pytest.mark.parametrize("word", ["--help", "-h"])
@pytest.mark.parametrize("name", COMMANDS)
def test_each_command_explains_itself(name, word, capsys, work):
    assert status_of([name, word]) == 0
    printed = capsys.readouterr().out
    assert f"./dev {name}" in printed.splitlines()[0]
    assert printed.strip() != HELP.strip()
    assert not work


@pytest.mark.parametrize("arguments", [[], ["--help"], ["-h"], ["help"]])
def test_the_help_names_every_command(arguments, capsys, work):
    assert status_of(arguments) == 0
    printed = capsys.readouterr().out
    assert all(f"./dev {name}" in printed for name in COMMANDS)
    assert not work


@pytest.mark.parametrize(
    "arguments",
    [
        ["test", "tests/dev", "-x", "--help"],
        ["test", "--odoo", "--help"],
        ["test", "--faults", "-h"],
        ["bench", "send", "--help"],
        ["pictures", "--emails", "fr_FR", "--help"],
        ["lint", "everything", "--help"],
    ],
)
def test_help_is_found_among_arguments(arguments, capsys, work):
    assert status_of(arguments) == 0
    assert f"./dev {arguments[0]}" in capsys.readouterr().out
    assert not work


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        (["benhc"], "`benhc`"),
        (["run", "fast"], "`fast`"),
        (["stop", "--all"], "`--all`"),
        (["lint", "everything", "else"], "`everything else`"),
        (["shell", "-d"], "`-d`"),
        (["pictures", "screen.png"], "`screen.png`"),
        (["pictures", "--emails", "French"], "`--emails French`"),
        (["test", "tests/absent.py"], "`tests/absent.py`"),
        (["bench", "nonsense"], "'nonsense'"),
        (["bench"], "bench"),
    ],
)
def test_what_is_unknown_is_refused(arguments, named, capsys, work):
    assert status_of(arguments) == 2
    printed, complaint = capsys.readouterr()
    assert named in complaint
    assert len(complaint.splitlines()) <= 3
    assert not printed
    assert not work


@pytest.mark.parametrize(
    ("arguments", "unknown"),
    [
        ([], []),
        (["tests/dev", "-x", "tests/dev/test_a.py::test_b[1]"], []),
        (["-k", "verdict", "--durations", "5"], []),
        (["--odoo", "crm", "utm", "-x"], []),
        (["tests/dev", "tests/dve"], ["tests/dve"]),
        (["--odoo", "crn"], ["crn"]),
        (["--faults", "everything"], ["everything"]),
        (["crm"], ["crm"]),
    ],
)
def test_tests_that_do_not_exist_are_named(arguments, unknown, tmp_path):
    (tmp_path / "tests/dev").mkdir(parents=True)
    (tmp_path / "tests/dev/test_a.py").touch()
    assert find_unknown(arguments, tmp_path) == unknown


def names_below(folder):
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*"))


@pytest.mark.parametrize("name", COMMANDS)
def test_help_needs_nothing_and_leaves_nothing(name, tmp_path):
    """In a fresh checkout, with no program to call, no home and no server."""
    for part in ("devkit", "bench"):
        shutil.copytree(CHECKOUT / part, tmp_path / part)
    shutil.copy(CHECKOUT / "dev", tmp_path)
    before = names_below(tmp_path)
    done = subprocess.run(
        [sys.executable, "-B", "dev", name, "--help"],
        cwd=tmp_path,
        env={"HOME": str(tmp_path), "PATH": "", "PGHOST": os.devnull},
        capture_output=True,
        text=True,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert f"./dev {name}" in done.stdout
    assert names_below(tmp_path) == before
