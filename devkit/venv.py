"""The virtual environment with the locked dependencies."""

import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path

from .apt import PrivateApt, unpack
from .console import DevError
from .files import locked, need_space, whole_folder
from .processes import output_of, run_step
from .settings import Settings

LOCK = "requirements-dev.lock"


def ensure_venv(settings: Settings) -> Path:
    """Path of the environment's Python; builds the environment the first time.

    One environment per Python version and lock file, shared between checkouts. It is
    moved once it is complete, which its Python does not mind but the scripts in its
    `bin` do: call its programs as `python -m …`.
    """
    lock = settings.checkout / LOCK
    version = "{}.{}".format(*sys.version_info)
    digest = hashlib.sha256(lock.read_bytes()).hexdigest()[:12]
    venv = settings.cache / f"venv-{version}-{digest}"
    with locked(settings.cache / "lock"):
        if not _works(venv / "bin/python"):
            need_space(settings.cache, 1)
            shutil.rmtree(venv, ignore_errors=True)
            with whole_folder(venv) as partial:
                _create(settings, partial)
                _install(settings, partial / "bin/python", lock)
    return venv / "bin/python"


def _works(python: Path) -> bool:
    """False also if the Python that the environment was made from has gone."""
    try:
        return subprocess.run([python, "-c", ""]).returncode == 0
    except OSError:
        return False


def _create(settings: Settings, venv: Path):
    """A virtual environment with pip, also where Debian's Python comes without it."""
    if not _has("venv"):
        raise DevError(
            f"{sys.executable} comes without the module `venv`. Install Debian's "
            "python3 (not only python3-minimal), or start ./dev with another Python."
        )
    with_pip = _has("ensurepip")
    run_step(
        "Creating a virtual environment",
        [sys.executable, "-m", "venv", *([] if with_pip else ["--without-pip"]), venv],
        settings.logs / "venv.log",
    )
    if not with_pip:
        _install_debian_pip(settings, venv / "bin/python")


def _has(module: str) -> bool:
    return importlib.util.find_spec(module) is not None


def _install_debian_pip(settings: Settings, python: Path):
    """Install pip out of Debian's package that holds its wheel."""
    apt = PrivateApt(settings.cache, settings.logs)
    versions = apt.find({"python3-pip-whl": lambda version: True})
    if not versions:
        raise DevError("Neither Python nor apt has pip here: install python3-venv.")
    packages = apt.download("Downloading pip", versions)
    unpack("Unpacking it", packages, apt.folder / "pip", apt.log)
    wheel = next(apt.folder.glob("pip/usr/share/python-wheels/pip-*.whl"))
    command = [python, wheel / "pip", "install", "--no-index", wheel]
    output_of(command, env=_pip_environment(settings))
    apt.remove()


def _install(settings: Settings, python: Path, lock: Path):
    run_step(
        "Installing the locked Python dependencies",
        [python, "-m", "pip", "install", "--no-input", "--requirement", lock],
        settings.logs / "pip.log",
        "pip uses this machine's own configuration; can it reach its package index?",
        env=_pip_environment(settings),
    )


def _pip_environment(settings: Settings) -> dict[str, str]:
    return {
        "PIP_CACHE_DIR": str(settings.cache / "pip"),
        **os.environ,
        "PIP_DISABLE_PIP_VERSION_CHECK": "1",
        "LC_ALL": "C.UTF-8",
    }
