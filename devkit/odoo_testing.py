"""`./dev test --odoo`: Odoo's own tests, without the add-on and with it.

Some of Odoo's tests fail on some machines whatever is installed, so that each is run in
two databases, which differ by the add-on alone, and the failures are compared.
"""

import json
import os
import subprocess
import time
from pathlib import Path

from .browser import ensure_chromium
from .console import DevError
from .files import locked
from .odoo import Odoo
from .settings import ADDON, Settings
from .workplace import Workplace, set_up

MODULES = (
    "crm",
    "mass_mailing",
    "mass_mailing_crm",
    "test_mass_mailing",
    "utm",
    "link_tracker",
)
REPORT_VARIABLE = "MASSMAILING_ODOO_REPORT"
EXPLAINED = (0, 1, 5)  # of pytest: all passed, some failed, none was chosen


def test_odoo(settings: Settings, arguments: list[str]) -> int:
    """Run Odoo's tests twice and compare; answers the exit code.

    :param arguments: names of modules of :data:`MODULES`, all unless some are named,
        and options for pytest
    """
    chosen = [word for word in arguments if word in MODULES]
    options = [word for word in arguments if word not in MODULES]
    with locked(settings.state / "lock"):
        chromium = ensure_chromium(settings)
        place = set_up(settings)
        databases = place.databases
        databases.drop_tests_of_the_dead()
        templates = databases.ensure_comparison(MODULES)
    folders, absent = find_tests(place.odoo, chosen or MODULES)
    for name in absent:
        print(f"{name}: this Odoo has no tests of it")
    if not folders:
        raise DevError("This Odoo has none of these modules' tests.")
    environment = place.environment | {"MASSMAILING_CHROMIUM": chromium}
    results = {}
    try:
        for title, template in templates.items():
            database = databases.name(f"test_{os.getpid()}_{title}")
            databases.copy(template, database)
            results[title] = _run(place, database, title, folders, options, environment)
    finally:
        databases.drop_tests_of(os.getpid())
    return conclude(results["without"], results["with"])


def find_tests(odoo: Odoo, modules) -> tuple[list[Path], list[str]]:
    """The folders of the modules' tests, and the modules that have none."""
    roots = (odoo.path / "odoo/addons", *odoo.addons)
    found = {
        module: folder
        for root in roots
        for module in modules
        if (folder := root / module / "tests").is_dir()
    }
    return list(found.values()), [name for name in modules if name not in found]


def conclude(without: dict, with_addon: dict) -> int:
    """Print what failed in each run, and what only failed with the add-on; answers the
    exit code.

    :param without: ``outcomes`` by name of a test (``passed``, ``failed`` or
        ``skipped``), ``reasons`` by name of one that failed, and whether pytest
        ``crashed``; of the run without the add-on
    :param with_addon: the same of the run with it
    """
    for title, result in (("Without", without), ("With", with_addon)):
        failed = _failed(result)
        ran = sum(outcome != "skipped" for outcome in result["outcomes"].values())
        print(f"\n{title} the add-on: {ran} tests ran, {len(failed)} failed")
        for name in sorted(failed):
            print(f"  {name}: {result['reasons'].get(name, '')}")
    problems = [
        f"fails only with the add-on: {name}"
        for name in sorted(_failed(with_addon) - _failed(without))
    ]
    problems += [
        f"ran only without the add-on: {name}"
        for name in sorted(_ran(without) - _ran(with_addon))
    ]
    if without["crashed"] or with_addon["crashed"]:
        problems.append("pytest itself did not end well")
    if not _ran(without):
        problems.append("no test ran")
    print()
    for problem in problems:
        print(f"NOT A PASS: {problem}")
    print("A pass" if not problems else f"{len(problems)} problems")
    return 1 if problems else 0


def _failed(result: dict) -> set[str]:
    return {name for name, what in result["outcomes"].items() if what == "failed"}


def _ran(result: dict) -> set[str]:
    return {name for name, what in result["outcomes"].items() if what != "skipped"}


def _run(
    place: Workplace,
    database: str,
    title: str,
    folders: list[Path],
    options: list[str],
    environment: dict[str, str],
) -> dict:
    """Run the tests in one database; answers what :func:`conclude` takes."""
    report = place.settings.state / f"odoo-tests-{title}.json"
    log = place.settings.logs / f"odoo-tests-{title}.log"
    report.unlink(missing_ok=True)
    print(f"\nOdoo's tests {title} {ADDON}; what they print goes to {log}", flush=True)
    started = time.monotonic()
    with log.open("wb") as output:
        done = subprocess.run(
            [
                *(place.python, "-m", "pytest", "-c", os.devnull, "--tb=short", "-q"),
                f"--rootdir={folders[0].parent.parent}",
                *("-p", "no:cacheprovider", "-p", "devkit.odoo_report"),
                f"--odoo-config={place.odoo.configuration(place.settings)}",
                *(f"--odoo-database={database}", "--odoo-http"),
                *options,
                *folders,
            ],
            env=environment | {REPORT_VARIABLE: str(report)},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    print(f"took {(time.monotonic() - started) / 60:.1f} minutes", flush=True)
    found = json.loads(report.read_text()) if report.exists() else {}
    return {
        "outcomes": found.get("outcomes", {}),
        "reasons": found.get("reasons", {}),
        "crashed": not found or done.returncode not in EXPLAINED,
    }
