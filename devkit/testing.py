"""`./dev test`: the add-on's tests inside Odoo, then the tests around it."""

import json
import os
import subprocess
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from .browser import ensure_chromium
from .files import locked
from .install_log import complaints
from .odoo_testing import MODULES, test_odoo
from .settings import ADDON, CHECKOUT, Settings
from .workplace import Workplace, set_up

NOTHING_COLLECTED = 5
NO_ODOO = ["-p", "no:odoo"]  # the plugin would load a registry for every test run
REPORT_VARIABLE = "MASSMAILING_TEST_REPORT"
# Of pytest-xdist: a process for each core, but no more than a small machine has memory
# for, and none under a debugger. What is set up once stays in one process: a class of
# Odoo's, or what tests/conftest.py says.
PROCESSES = ["--numprocesses=logical", "--maxprocesses=2", "--dist=loadscope"]
# A story of faults waits most of its time.
FAULT_PROCESSES = ["--numprocesses=4", "--dist=loadscope"]
FAULTS = "--faults"
FAULT_TESTS = "tests/faults"
ODOO = "--odoo"


@dataclass
class Outcome:
    """What pytest ran, added up over its runs (see `pytest_report`)."""

    passed: int = 0
    failed: int = 0
    browser: int = 0
    skipped: list[str] = field(default_factory=list)
    crashed: bool = False

    def add(self, report: dict, exit_code: int):
        """Add what one pytest reported; an exit code it can not explain is a crash."""
        self.passed += report.get("passed", 0)
        self.failed += report.get("failed", 0)
        self.browser += report.get("browser", 0)
        self.skipped += report.get("skipped", [])
        explained = (0, NOTHING_COLLECTED, 1 if report.get("failed") else 0)
        self.crashed |= exit_code not in explained


def test(settings: Settings, arguments: list[str]) -> int:
    """Run the tests; `arguments` go to pytest. Answers the exit code.

    Without arguments everything runs, and a run in which no browser test ran fails. Any
    skipped test fails, and so does a warning in the log of the add-on's installation.

    Folders are run in two processes, each with databases of its own; files and tests
    that are named in one, where everything they print is seen.

    With `--faults`, the tests of faults and crashes alone, and all of them, in four;
    the others hold a selection. With `--odoo`, Odoo's own tests alone, see
    `odoo_testing`.
    """
    if ODOO in arguments:
        return test_odoo(settings, [word for word in arguments if word != ODOO])
    every_fault = FAULTS in arguments
    if every_fault:
        arguments = faults_of(arguments, settings.checkout)
    place, template, environment = _prepare(settings, clone=True)
    databases, database = place.databases, _name_database(place)
    scratch = Path(environment["MASSMAILING_SCRATCH"])
    if every_fault:
        environment["MASSMAILING_FAULTS"] = "all"
    outcome = Outcome()
    try:
        for suite, chosen in split_by_suite(arguments, settings.checkout).items():
            options = _odoo_options(place, database) if suite == ADDON else NO_ODOO
            processes = processes_of(chosen, settings.checkout, every_fault)
            arguments_of_pytest = [*options, *processes, *chosen]
            outcome.add(*_pytest(place, arguments_of_pytest, environment, scratch))
    finally:
        databases.drop_tests_of(os.getpid())
    warnings = complaints(databases.log(template))
    return conclude(outcome, warnings, whole=not arguments)


@contextmanager
def tests_environment(settings: Settings):
    """Yield a Python, and an environment in which its programs have what the tests in
    tests/e2e have, and these; the databases that they make are dropped afterwards."""
    place, _template, environment = _prepare(settings)
    helpers = settings.checkout / "tests/e2e"
    environment["PYTHONPATH"] += f"{os.pathsep}{helpers}"
    try:
        yield place.python, environment
    finally:
        place.databases.drop_tests_of(os.getpid())


def _prepare(
    settings: Settings, clone: bool = False
) -> tuple[Workplace, str, dict[str, str]]:
    """Set up what tests need; answers it, the template of their databases, and the
    variables that tests/e2e gets.

    :param clone: make the database of the add-on's tests, too
    """
    with locked(settings.state / "lock"):
        chromium = ensure_chromium(settings)
        place = set_up(settings)
        template = place.databases.ensure_template()
        place.databases.drop_tests_of_the_dead()
        database = _name_database(place)
        if clone:
            place.databases.clone(template, database)
    scratch = settings.state / "scratch" / str(os.getpid())
    environment = environment_of_tests(place, template, database, scratch)
    return place, template, environment | {"MASSMAILING_CHROMIUM": chromium}


def _name_database(place: Workplace) -> str:
    return place.databases.name(f"test_{os.getpid()}")


def find_unknown(arguments: list[str], checkout: Path = CHECKOUT) -> list[str]:
    """The arguments that are no option, no value of one, and no test or module."""
    modules = MODULES if ODOO in arguments else ()
    return [
        word
        for before, word in zip(["", *arguments], arguments, strict=False)
        if not word.startswith("-")
        and not (before.startswith("-") and before not in (ODOO, FAULTS))
        and not _is_path(word, checkout)
        and word not in modules
    ]


def faults_of(arguments: list[str], checkout: Path) -> list[str]:
    """Arguments of pytest for the tests of faults; those that are named, or all."""
    rest = [word for word in arguments if word != FAULTS]
    named = any(_is_path(word, checkout) for word in rest)
    return rest if named else [*rest, FAULT_TESTS]


def split_by_suite(arguments: list[str], checkout: Path) -> dict[str, list[str]]:
    """Arguments of pytest for the add-on's tests and for those around it.

    Paths go to the suite they belong to, options to both. Without any path, both suites
    run; with paths, only the suites that these belong to.
    """
    paths = [word for word in arguments if _is_path(word, checkout)]
    options = [word for word in arguments if word not in paths]
    own = [path for path in paths if Path(path).parts[0] == ADDON]
    around = [path for path in paths if path not in own]
    if not paths:
        own, around = [f"{ADDON}/tests"], ["tests"]
    suites = {ADDON: own, "tests": around}
    return {suite: options + chosen for suite, chosen in suites.items() if chosen}


def processes_of(
    arguments: list[str], checkout: Path, every_fault: bool = False
) -> list[str]:
    """Options of pytest that spread whole folders over processes."""
    paths = [checkout / word for word in arguments if _is_path(word, checkout)]
    if not all(path.is_dir() for path in paths):
        return []
    return FAULT_PROCESSES if every_fault else PROCESSES


def conclude(outcome: Outcome, warnings: list[str], whole: bool) -> int:
    """Print the totals and why the run is no pass, if so; answers the exit code."""
    problems = [f"skipped: {name}" for name in outcome.skipped]
    problems += [f"in the log of the installation: {line}" for line in warnings]
    if outcome.failed:
        problems.append(f"{outcome.failed} tests failed")
    if outcome.crashed:
        problems.append("pytest itself did not end well")
    if not outcome.passed + outcome.failed:
        problems.append("no test ran")
    if whole and not outcome.browser:
        problems.append("no browser test ran")
    print(f"\nBrowser tests: {outcome.browser}")
    for problem in problems:
        print(f"NOT A PASS: {problem}")
    print(f"{outcome.passed} passed, {outcome.failed} failed")
    return 1 if problems else 0


def _is_path(word: str, checkout: Path) -> bool:
    # An expression of pytest's may be longer than any name of a file.
    path = checkout / word.split("::")[0]
    return not word.startswith("-") and os.path.exists(path)


def _odoo_options(place: Workplace, database: str) -> list[str]:
    configuration = place.odoo.configuration(place.settings)
    return [
        f"--odoo-config={configuration}",
        f"--odoo-database={database}",
        "--odoo-log-level=error",
        "--odoo-http",
        "-p",
        "devkit.pytest_filestore",
    ]


def environment_of_tests(
    place: Workplace, template: str, database: str, scratch: Path
) -> dict[str, str]:
    """The variables that tests/e2e gets.

    MASSMAILING_PYTHON             Python of the virtual environment
    MASSMAILING_ODOO_PATH          PYTHONPATH under which it finds Odoo
    MASSMAILING_ADDONS_PATH        value for Odoo's --addons-path
    MASSMAILING_BASE_DB            database with Odoo's own add-ons and demo data only
    MASSMAILING_TEMPLATE_DB        database with the add-on and demo data, to be cloned
    MASSMAILING_TEMPLATE_FILESTORE its filestore, to be copied along
    MASSMAILING_TEST_DB_PREFIX     how names of clones begin; what is left is dropped
    MASSMAILING_CHROMIUM           the browser
    MASSMAILING_FAULTS             set when all faults are wanted, not a selection
    MASSMAILING_SCRATCH            a new folder for logs, screenshots, filestores
    PGHOST, PGPORT, PGUSER         the database server; its programs are on PATH
    """
    scratch.mkdir(parents=True)
    addons = (place.settings.checkout, *place.odoo.addons)
    programs = [os.environ["PATH"], str(place.server.programs)]
    return place.environment | {
        "PATH": os.pathsep.join(programs),
        "MASSMAILING_PYTHON": str(place.python),
        "MASSMAILING_ODOO_PATH": str(place.odoo.path),
        "MASSMAILING_ADDONS_PATH": ",".join(str(folder) for folder in addons),
        "MASSMAILING_BASE_DB": place.databases.name("base"),
        "MASSMAILING_TEMPLATE_DB": template,
        "MASSMAILING_TEMPLATE_FILESTORE": str(place.databases.filestore(template)),
        "MASSMAILING_TEST_DB_PREFIX": f"{database}_",
        "MASSMAILING_SCRATCH": str(scratch),
    }


def _pytest(
    place: Workplace, arguments: list, environment: dict[str, str], scratch: Path
) -> tuple[dict, int]:
    """Run pytest once; answers what the plugin reported, and the exit code."""
    report = scratch / "report.json"
    report.unlink(missing_ok=True)
    done = subprocess.run(
        [place.python, "-m", "pytest", "-p", "devkit.pytest_report", *arguments],
        cwd=place.settings.checkout,
        env=environment | {REPORT_VARIABLE: str(report)},
        stdin=subprocess.DEVNULL,
    )
    counts = json.loads(report.read_text()) if report.exists() else {}
    return counts, done.returncode
