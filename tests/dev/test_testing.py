"""When `./dev test` is a pass."""

import json
import os
import subprocess
import sys

import pytest

from devkit.install_log import complaints
from devkit.settings import CHECKOUT
from devkit.testing import (
    FAULT_PROCESSES,
    PROCESSES,
    Outcome,
    conclude,
    faults_of,
    processes_of,
    split_by_suite,
)

ADDON_TESTS = "massmailing_mailjet/tests"


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ([], {"massmailing_mailjet": [ADDON_TESTS], "tests": ["tests"]}),
        (
            ["-k", "verdict"],
            {
                "massmailing_mailjet": ["-k", "verdict", ADDON_TESTS],
                "tests": ["-k", "verdict", "tests"],
            },
        ),
        (["-x", ADDON_TESTS], {"massmailing_mailjet": ["-x", ADDON_TESTS]}),
        (["tests/dev::test_a"], {"tests": ["tests/dev::test_a"]}),
    ],
)
def test_arguments_go_to_the_suite_they_belong_to(arguments, expected, tmp_path):
    (tmp_path / ADDON_TESTS).mkdir(parents=True)
    (tmp_path / "tests/dev").mkdir(parents=True)
    assert split_by_suite(arguments, tmp_path) == expected


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["--faults"], ["tests/faults"]),
        (["-x", "--faults"], ["-x", "tests/faults"]),
        (["--faults", "tests/faults/test_a.py"], ["tests/faults/test_a.py"]),
    ],
)
def test_all_faults(arguments, expected, tmp_path):
    (tmp_path / "tests/faults").mkdir(parents=True)
    (tmp_path / "tests/faults/test_a.py").touch()
    assert faults_of(arguments, tmp_path) == expected


@pytest.mark.parametrize(
    ("arguments", "spread"),
    [
        (["tests"], True),
        (["-x", "tests/faults", "tests/dev"], True),
        (["tests/faults/test_a.py"], False),
        (["tests/dev", "tests/faults/test_a.py::test_b"], False),
    ],
)
def test_folders_run_in_processes(arguments, spread, tmp_path):
    for folder in ("dev", "faults"):
        (tmp_path / "tests" / folder).mkdir(parents=True)
    (tmp_path / "tests/faults/test_a.py").touch()
    for every_fault, processes in ((False, PROCESSES), (True, FAULT_PROCESSES)):
        found = processes_of(arguments, tmp_path, every_fault)
        assert found == (processes if spread else [])


GOOD = {"passed": 3, "browser": 1}


@pytest.mark.parametrize(
    ("outcome", "warnings", "whole", "complaint"),
    [
        (GOOD, [], True, None),
        ({"passed": 3}, [], False, None),
        ({"passed": 3}, [], True, "no browser test"),
        (GOOD | {"failed": 1}, [], True, "1 tests failed"),
        (GOOD | {"skipped": ["test_tour"]}, [], True, "skipped: test_tour"),
        (GOOD | {"crashed": True}, [], True, "did not end well"),
        (GOOD, ["WARNING a field has no label"], True, "no label"),
        ({}, [], False, "no test ran"),
    ],
)
def test_what_is_a_pass(outcome, warnings, whole, complaint, capsys):
    assert conclude(Outcome(**outcome), warnings, whole) == bool(complaint)
    printed = capsys.readouterr().out
    assert (complaint or "0 failed") in printed
    assert ("NOT A PASS" in printed) == bool(complaint)


@pytest.mark.parametrize(
    ("report", "exit_code", "crashed"),
    [
        ({"passed": 1}, 0, False),
        ({"failed": 1}, 1, False),
        ({}, 5, False),  # nothing collected
        ({"passed": 1}, 1, True),
        ({}, 4, True),
        ({"passed": 1}, -11, True),
    ],
)
def test_an_exit_code_must_be_explained(report, exit_code, crashed):
    outcome = Outcome()
    outcome.add(report, exit_code)
    assert outcome.crashed == crashed


def test_complaints_of_odoo(tmp_path):
    log = tmp_path / "install.log"
    start = "2026-01-01 10:00:00,000 42"
    ours = f"{start} WARNING run odoo.fields: Field mailjet.mailing.name: no label "
    log.write_text(
        f"{start} INFO run odoo.modules: loading \n"
        f"{start} WARNING ? odoo: Running as user 'root' is a security risk. \n"
        f"{ours}\n"
        "Traceback: WARNING in the middle of a line\n"
    )
    assert complaints(log) == [ours]
    assert complaints(tmp_path / "absent.log") == []


SUITE = """
import pytest, unittest

def test_passes(): pass

@pytest.mark.browser
def test_in_a_browser(): pass

@pytest.mark.browser
@pytest.mark.skip
def test_skipped_in_a_browser(): pass

@pytest.fixture
def broken():
    yield
    raise ValueError

def test_whose_teardown_fails(broken): pass

class Skipping(unittest.TestCase):
    def test_skips(self): self.skipTest("no browser")
"""


@pytest.mark.parametrize("processes", [0, 2])
def test_the_plugin_counts_what_really_ran(processes, tmp_path):
    (tmp_path / "test_a.py").write_text(SUITE)
    report = tmp_path / "report.json"
    options = ["-p", "devkit.pytest_report", "-p", "no:odoo", "-p", "no:cacheprovider"]
    options += ["--numprocesses", str(processes)]
    subprocess.run(
        [sys.executable, "-m", "pytest", *options, "test_a.py"],
        cwd=tmp_path,
        env=os.environ
        | {"PYTHONPATH": str(CHECKOUT), "MASSMAILING_TEST_REPORT": str(report)},
        stdout=subprocess.DEVNULL,
    )
    counts = json.loads(report.read_text())
    assert sorted(counts.pop("skipped")) == [
        "test_a.py::Skipping::test_skips",
        "test_a.py::test_skipped_in_a_browser",
    ]
    assert counts == {"passed": 2, "failed": 1, "browser": 1}
