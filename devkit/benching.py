"""`./dev bench`: the add-on beside its competitors, in one run."""

import subprocess

from .settings import Settings
from .testing import tests_environment


def bench(settings: Settings, arguments: list[str]) -> int:
    """Run a benchmark on databases of its own; answers the exit code.

    :param arguments: those of `python -m bench`, already checked
    """
    with tests_environment(settings) as (python, environment):
        return subprocess.run(
            [python, "-m", "bench", *arguments],
            cwd=settings.checkout,
            env=environment,
            stdin=subprocess.DEVNULL,
        ).returncode
