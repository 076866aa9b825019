"""`./dev bench`: the add-on beside its competitors, in one run."""

import os
import subprocess

from .browser import ensure_chromium
from .files import locked
from .settings import Settings
from .testing import environment_of_tests
from .workplace import set_up


def bench(settings: Settings, arguments: list[str]) -> int:
    """Run a benchmark on databases of its own; answers the exit code.

    :param arguments: those of `python -m bench`, already checked
    """
    with locked(settings.state / "lock"):
        chromium = ensure_chromium(settings)
        place = set_up(settings)
        databases = place.databases
        template = databases.ensure_template()
        databases.drop_tests_of_the_dead()
    scratch = settings.state / "scratch" / str(os.getpid())
    database = databases.name(f"test_{os.getpid()}")
    environment = environment_of_tests(place, template, database, scratch)
    environment["MASSMAILING_CHROMIUM"] = chromium
    helpers = settings.checkout / "tests/e2e"
    environment["PYTHONPATH"] += f"{os.pathsep}{helpers}"
    try:
        return subprocess.run(
            [place.python, "-m", "bench", *arguments],
            cwd=settings.checkout,
            env=environment,
            stdin=subprocess.DEVNULL,
        ).returncode
    finally:
        databases.drop_tests_of(os.getpid())
