"""`./dev pictures`: the module page's pictures, made from the running system."""

import subprocess

from .browser import ensure_chromium
from .files import locked
from .serving import run
from .settings import ADDON, Settings
from .venv import ensure_venv

SCRIPT = "devkit.pictures"


def pictures(settings: Settings) -> int:
    """Start what is not running, and take the pictures; answers the exit code."""
    run(settings)
    with locked(settings.state / "lock"):
        chromium, python = ensure_chromium(settings), ensure_venv(settings)
    folder = settings.checkout / ADDON / "static/description"
    url = f"http://127.0.0.1:{settings.port}"
    command = [python, "-m", SCRIPT, chromium, url, folder]
    return subprocess.run(command, cwd=settings.checkout).returncode
