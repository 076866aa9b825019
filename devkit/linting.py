"""`./dev lint`: ruff on everything, OCA's mandatory checks on the add-on."""

import subprocess
from pathlib import Path

from .files import locked
from .settings import ADDON, Settings
from .venv import ensure_venv


def lint(settings: Settings) -> int:
    """Run the checks, which print only what is wrong; answers the exit code."""
    with locked(settings.state / "lock"):
        python = ensure_venv(settings)
    return max(_passes(settings, command) for command in _commands(python))


def _commands(python: Path) -> list[list]:
    return [
        [python, "-m", "ruff", "check", "--quiet", "."],
        [python, "-m", "ruff", "format", "--quiet", "--check", "."],
        [python, "-m", "pylint", "--rcfile=.pylintrc", ADDON],
    ]


def _passes(settings: Settings, command: list) -> int:
    return min(1, subprocess.run(command, cwd=settings.checkout).returncode)
