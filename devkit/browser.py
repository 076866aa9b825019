"""Chromium, for the tests that a browser runs."""

import os
import shutil

from .console import DevError
from .processes import run_step
from .settings import Settings

MISSING = (
    "The browser tests need Debian's chromium: run `apt-get install chromium` as root "
    "and start again."
)


def ensure_chromium(settings: Settings) -> str:
    """Path of the browser; installs Debian's where that is allowed."""
    if not shutil.which("chromium"):
        if os.geteuid() != 0 or not shutil.which("apt-get"):
            raise DevError(MISSING)
        _install(settings)
    return shutil.which("chromium")


def _install(settings: Settings):
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    script = "apt-get update; apt-get install -y --no-install-recommends chromium"
    run_step(
        "Installing Debian's chromium for the browser tests",
        ["sh", "-c", script],
        settings.logs / "chromium.log",
        MISSING,
        env=environment,
    )
