"""When Odoo's own tests are a pass: `./dev test --odoo`."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from devkit.odoo import Odoo
from devkit.odoo_testing import conclude, find_tests
from devkit.settings import CHECKOUT


def result(crashed=False, **outcomes):
    return {"outcomes": outcomes, "reasons": {"a": "words"}, "crashed": crashed}


@pytest.mark.parametrize(
    ("without", "with_addon", "complaint"),
    [
        (result(a="passed"), result(a="passed"), None),
        (result(a="failed", b="passed"), result(a="failed", b="passed"), None),
        (result(a="failed"), result(a="passed"), None),
        (result(a="skipped", b="passed"), result(b="passed"), None),
        (result(a="passed"), result(a="failed"), "fails only with the add-on: a"),
        (result(b="passed"), result(b="passed", a="failed"), "only with the add-on: a"),
        (result(a="passed"), result(a="skipped"), "ran only without the add-on: a"),
        (result(a="passed"), result(), "ran only without the add-on: a"),
        (result(a="passed"), result(True, a="passed"), "did not end well"),
        (result(), result(), "no test ran"),
    ],
)
def test_what_fails_without_the_addon_is_not_its_fault(
    without, with_addon, complaint, capsys
):
    assert conclude(without, with_addon) == bool(complaint)
    printed = capsys.readouterr().out
    assert (complaint or "A pass") in printed
    assert ("NOT A PASS" in printed) == bool(complaint)


def test_both_lists_are_printed_with_the_reasons(capsys):
    conclude(result(a="failed", b="passed"), result(a="failed", b="failed"))
    printed = capsys.readouterr().out
    assert "Without the add-on: 2 tests ran, 1 failed\n  a: words" in printed
    assert "With the add-on: 2 tests ran, 2 failed\n  a: words\n  b" in printed


def test_modules_without_tests_are_named(tmp_path):
    (tmp_path / "odoo/addons/crm/tests").mkdir(parents=True)
    (tmp_path / "odoo/addons/utm").mkdir(parents=True)
    (tmp_path / "odoo/addons/web").mkdir(parents=True)
    folders, absent = find_tests(
        Odoo(tmp_path, "19.0", tmp_path), ("crm", "utm", "sale")
    )
    assert folders == [tmp_path / "odoo/addons/crm/tests"]
    assert absent == ["utm", "sale"]


SUITE = """
import unittest

class Standard(unittest.TestCase):
    test_tags = {"standard", "post_install"}
    def test_passes(self): pass
    def test_fails(self): self.assertEqual(1, 2)
    def test_skips(self): self.skipTest("no reason")

class OnlyWhenAskedFor(unittest.TestCase):
    test_tags = {"external"}
    def test_fails(self): self.fail()
"""


def test_the_plugin_runs_what_odoo_would_run(tmp_path):
    (tmp_path / "test_a.py").write_text(SUITE)
    report = tmp_path / "report.json"
    options = ["-p", "devkit.odoo_report", "-p", "no:odoo", "-p", "no:cacheprovider"]
    subprocess.run(
        [sys.executable, "-m", "pytest", "-c", os.devnull, *options, "test_a.py"],
        cwd=tmp_path,
        env=os.environ
        | {"PYTHONPATH": str(CHECKOUT), "MASSMAILING_ODOO_REPORT": str(report)},
        stdout=subprocess.DEVNULL,
    )
    found = json.loads(Path(report).read_text())
    names = {name.partition("::")[2]: what for name, what in found["outcomes"].items()}
    assert names == {
        "Standard::test_passes": "passed",
        "Standard::test_fails": "failed",
        "Standard::test_skips": "skipped",
    }
    assert [*found["reasons"].values()] == ["AssertionError: 1 != 2"]
