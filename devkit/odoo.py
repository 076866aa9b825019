"""Odoo 19: found where ODOO_SOURCE says, or downloaded as Debian's package."""

import os
import re
from dataclasses import dataclass
from pathlib import Path

from .apt import PrivateApt, unpack
from .console import DevError
from .files import locked, need_space, whole_folder
from .settings import Settings

# Odoo's package, and what its static files link to.
PACKAGES = {
    "odoo-19": lambda version: version.startswith("19.0"),
    # Later versions of the font have other files.
    "fonts-font-awesome": lambda version: "4.7." in version,
} | dict.fromkeys(
    (
        "libjs-jquery",
        "libjs-jquery-form",
        "libjs-underscore",
        "fonts-montserrat",
        "fonts-glyphicons-halflings",
        "fonts-inconsolata",
        "fonts-roboto-unhinted",
        "fonts-ocr-b",
    ),
    lambda version: True,
)


@dataclass(frozen=True)
class Odoo:
    """Where the `odoo` package is (for PYTHONPATH), its version, and where the compiled
    modules of whatever runs it are kept."""

    path: Path
    version: str
    bytecode: Path

    @property
    def addons(self) -> list[Path]:
        """Add-on folders beside the one inside the package, which Odoo always reads."""
        if (self.path / "odoo/addons/web").is_dir():
            return []  # Debian's package holds all add-ons there, and once more beside
        return [self.path / "addons"]

    def command(self, settings: Settings, python: Path) -> list:
        """How to call this Odoo with the configuration of the checkout."""
        return [python, "-m", "odoo", "server", "-c", self.configuration(settings)]

    def configuration(self, settings: Settings) -> Path:
        """Path of the configuration that all databases share, written anew."""
        path = settings.state / "odoo.conf"
        addons = ",".join(str(folder) for folder in (settings.checkout, *self.addons))
        path.parent.mkdir(exist_ok=True)
        path.write_text(
            "[options]\n"
            f"addons_path = {addons}\n"
            f"data_dir = {settings.state / 'data'}\n"
            "http_interface = 127.0.0.1\n"
            "list_db = False\n"
            "max_cron_threads = 0\n"
            "with_demo = True\n"
        )
        return path

    def environment(self, *more_paths: Path) -> dict[str, str]:
        """The environment in which `python -m odoo` is this Odoo."""
        paths = os.pathsep.join(str(path) for path in (self.path, *more_paths))
        return {
            **os.environ,
            "PYTHONPATH": paths,
            "PYTHONUNBUFFERED": "1",
            # To compile Odoo takes as long as to start it, and tests start many. Where
            # no compiled files may lie beside the sources, they still may here.
            "PYTHONPYCACHEPREFIX": str(self.bytecode),
            "PYTHONDONTWRITEBYTECODE": "",
        }


def ensure_odoo(settings: Settings) -> Odoo:
    """The Odoo to use; downloads it into the cache the first time."""
    if settings.odoo_source:
        return _odoo_in(settings.odoo_source, settings)
    root = settings.cache / "odoo-19"
    with locked(settings.cache / "lock"):
        if not root.exists():
            _download(settings, root)
    return _odoo_in(root / "usr/lib/python3/dist-packages", settings)


def _download(settings: Settings, root: Path):
    need_space(settings.cache, 3)
    apt = PrivateApt(settings.cache, settings.logs)
    versions = apt.find(PACKAGES)
    missing = ", ".join(sorted(PACKAGES.keys() - versions.keys()))
    if missing:
        raise DevError(
            f"None of the suites that this machine's apt can reach offers {missing} "
            "in a version that fits. Let ODOO_SOURCE name the folder of an existing "
            "Odoo 19 (the one that holds the package `odoo`) and start again.\n"
            + "\n".join(apt.unreadable)
        )
    packages = apt.download("Downloading Odoo 19 (130 MB)", versions)
    with whole_folder(root) as partial:
        unpack("Unpacking it", packages, partial, apt.log)
    apt.remove()


def _odoo_in(path: Path, settings: Settings) -> Odoo:
    release = path / "odoo/release.py"
    text = release.read_text() if release.is_file() else ""
    version = re.search(r"^version_info = \((\d+), (\d+)", text, re.MULTILINE)
    if not version or version.groups() != ("19", "0"):
        raise DevError(
            f"{path} does not hold Odoo 19.0: its file odoo/release.py "
            f"{'names another version' if version else 'is missing'}. ODOO_SOURCE must "
            "name the folder that holds the package `odoo`."
        )
    return Odoo(path, "19.0", settings.state / "bytecode")
