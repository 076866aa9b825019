"""The virtual environment with the locked dependencies."""

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

from .apt import PrivateApt, unpack
from .console import DevError
from .files import locked, need_space
from .processes import output_of, run_step
from .settings import Settings

LOCK = "requirements-dev.lock"


def ensure_venv(settings: Settings) -> Path:
    """Path of the environment's Python; builds the environment the first time.

    One environment per Python version and lock file, shared between checkouts. It can
    not be moved, so it is built in place; the file `complete` comes last.
    """
    lock = settings.checkout / LOCK
    version = "{}.{}".format(*sys.version_info)
    digest = hashlib.sha256(lock.read_bytes()).hexdigest()[:12]
    venv = settings.cache / f"venv-{version}-{digest}"
    python = venv / "bin/python"
    with locked(settings.cache / "lock"):
        if not (venv / "complete").exists() or not _works(python):
            need_space(settings.cache, 1)
            shutil.rmtree(venv, ignore_errors=True)
            _create(settings, venv)
            _install(settings, python, lock)
            (venv / "complete").touch()
    return python


def _works(python: Path) -> bool:
    """False if the Python that the environment was made from has gone."""
    try:
        return subprocess.run([python, "-c", ""]).returncode == 0
    except OSError:
        return False


def _create(settings: Settings, venv: Path):
    """A virtual environment with pip, also where Debian's Python comes without it."""
    if _has("venv", "ensurepip"):
        output_of([sys.executable, "-m", "venv", venv])
        return
    if not _has("venv"):
        raise DevError(
            f"{sys.executable} comes without the module `venv`. Install Debian's "
            "python3 (not only python3-minimal), or start ./dev with another Python."
        )
    output_of([sys.executable, "-m", "venv", "--without-pip", venv])
    wheel = _debian_pip(settings)
    command = [venv / "bin/python", wheel / "pip", "install", "--no-index", wheel]
    output_of(command, env=_pip_environment())


def _has(*modules: str) -> bool:
    script = f"import {', '.join(modules)}"
    command = [sys.executable, "-c", script]
    return subprocess.run(command, stderr=subprocess.DEVNULL).returncode == 0


def _debian_pip(settings: Settings) -> Path:
    """Path of pip's own wheel, out of Debian's package."""
    apt = PrivateApt(settings.cache / "apt", settings.logs)
    versions = apt.find({"python3-pip-whl": lambda version: True})
    if not versions:
        raise DevError("Neither Python nor apt has pip here: install python3-venv.")
    packages = apt.download("Downloading pip", versions)
    unpack("Unpacking it", packages, apt.folder / "pip", apt.log)
    return next(apt.folder.glob("pip/usr/share/python-wheels/pip-*.whl"))


def _install(settings: Settings, python: Path, lock: Path):
    run_step(
        "Installing the locked Python dependencies",
        [python, "-m", "pip", "install", "--no-input", "--requirement", lock],
        settings.logs / "pip.log",
        "pip uses this machine's own configuration; can it reach its package index?",
        env=_pip_environment(),
    )


def _pip_environment() -> dict[str, str]:
    return {**os.environ, "PIP_DISABLE_PIP_VERSION_CHECK": "1", "LC_ALL": "C.UTF-8"}
