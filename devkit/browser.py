"""Chromium, for the tests that a browser runs."""

import ctypes
import os
import shutil

from .console import DevError
from .processes import run_step
from .settings import Settings

# It has no window, menus and services of its own, which the browser tests would pay for
# with a sixth of their time.
SHELL = "chromium-headless-shell"
# Odoo's own runner looks for the first; the last is a library that Playwright's driver
# is linked with.
PACKAGES = ["chromium", SHELL, "libatomic1"]


def ensure_chromium(settings: Settings) -> str:
    """Path of the browser; installs Debian's where that is allowed."""
    if not _is_complete():
        _install(settings)
    return shutil.which(SHELL)


def _is_complete() -> bool:
    try:
        ctypes.CDLL("libatomic.so.1")
    except OSError:
        return False
    return bool(shutil.which("chromium") and shutil.which(SHELL))


def _install(settings: Settings):
    names = " ".join(PACKAGES)
    hint = (
        f"The browser tests need Debian's {names}: run `apt-get install {names}` as "
        "root and start again."
    )
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        raise DevError(hint)
    script = f"apt-get update; apt-get install -y --no-install-recommends {names}"
    run_step(
        "Installing Debian's chromium for the browser tests",
        ["sh", "-c", script],
        settings.logs / "chromium.log",
        hint,
        env={**os.environ, "DEBIAN_FRONTEND": "noninteractive"},
    )
