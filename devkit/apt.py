"""Debian packages fetched by the machine's own apt, without installing any of them.

The machine's sources, proxies and keys are read; lists, downloads and additional suites
live in a private folder, so nothing of the machine's own apt changes.
"""

import os
import re
import shlex
import shutil
from collections.abc import Callable
from pathlib import Path

from .console import DevError
from .files import fresh_folder
from .processes import output_of, run_step

# Looked through in this order after the suites the machine is configured for.
MORE_SUITES = ("unstable", "testing", "stable", "oldstable")
KEYRING = "/usr/share/keyrings/debian-archive-keyring"


class PrivateApt:
    """An apt of our own, in a new folder inside the cache."""

    def __init__(self, cache: Path, logs: Path):
        if not shutil.which("apt-get"):
            raise DevError(
                "There is no apt-get here to download Odoo 19 with. Let ODOO_SOURCE "
                "name the folder of an existing Odoo 19 (the one that holds the "
                "package `odoo`) and start again."
            )
        self.folder = folder = fresh_folder(cache / "apt")
        self.downloads = folder / "downloads"
        self.sources = folder / "sources.list.d"
        self.log = logs / "apt.log"
        self.unreadable: list[str] = []  # suites that apt refused, and why
        self.environment = {**os.environ, "LC_ALL": "C.UTF-8"}
        for name in ("downloads", "sources.list.d", "lists/partial", "cache"):
            (folder / name).mkdir(parents=True)
        self._copy_machine_sources()
        self.options = [
            f"-oDir::Etc::SourceParts={self.sources}",
            "-oDir::Etc::SourceList=/dev/null",
            f"-oDir::State::Lists={folder / 'lists'}",
            f"-oDir::Cache={folder / 'cache'}",
            "-oAcquire::Languages=none",
            # Root's downloads would otherwise be made by a user who may not write here.
            "-oAPT::Sandbox::User=root",
        ]

    def find(self, wanted: dict[str, Callable[[str], bool]]) -> dict[str, str]:
        """The best acceptable version of each package.

        `wanted` maps a package's name to a test of a version. Suites are added until
        all are found; a package that none offers is absent from the answer.
        """
        self._update("Reading Debian's package lists", "Is the network there?")
        found = self._offered(wanted)
        for suite in MORE_SUITES:
            if len(found) == len(wanted):
                break
            if self._add_suite(suite):
                found = self._offered(wanted)
        return found

    def download(self, title: str, versions: dict[str, str]) -> list[Path]:
        """Fetch the packages; answers the paths of the `.deb` files."""
        names = [f"{name}={version}" for name, version in versions.items()]
        command = ["apt-get", *self.options, "download", *names]
        run_step(title, command, self.log, cwd=self.downloads, env=self.environment)
        return sorted(self.downloads.glob("*.deb"))

    def remove(self):
        """Give back the disk space of lists and downloads."""
        shutil.rmtree(self.folder)

    def _copy_machine_sources(self):
        text = output_of(
            ["apt-config", "shell", "one", "Dir::Etc::sourcelist/f"]
            + ["many", "Dir::Etc::sourceparts/d"]
        )
        places = dict(word.split("=", 1) for word in shlex.split(text))
        one, many = Path(places["one"]), Path(places["many"])
        if one.is_file():
            shutil.copy(one, self.sources / "machine.list")
        for pattern in ("*.list", "*.sources"):
            for path in many.glob(pattern):
                shutil.copy(path, self.sources)

    def _update(self, title: str, hint: str):
        command = ["apt-get", *self.options, "--error-on=any", "update"]
        run_step(title, command, self.log, hint, env=self.environment)

    def _add_suite(self, suite: str) -> bool:
        """Add a suite of the Debian mirrors in use; False if it brings nothing."""
        form = "$(SITE) $(SUITE) $(CODENAME)"
        targets = self._query(
            "apt-get", "indextargets", "--format", form, "Created-By: Packages",
            "Label: Debian", "Component: main",
        )  # fmt: skip
        rows = [line.split() for line in targets.splitlines()]
        if not rows or any(suite in names for _, *names in rows):
            return False
        source = self.sources / f"{suite}.list"
        sites = sorted({site for site, *_ in rows})
        source.write_text("".join(_source_line(site, suite) for site in sites))
        try:
            self._update(f"Reading the package lists of Debian {suite}", "")
        except DevError:
            complaints = re.findall("^[EW]: .*", self.log.read_text(), re.MULTILINE)
            self.unreadable.append(" ".join([f"{suite} can not be read:", *complaints]))
            source.unlink()
            return False
        return True

    def _offered(self, wanted) -> dict[str, str]:
        text = self._query("apt-cache", "madison", *wanted)
        found: dict[str, str] = {}
        for line in text.splitlines():
            name, version, _ = (part.strip() for part in line.split("|"))
            if wanted[name](version):
                found.setdefault(name, version)
        return found

    def _query(self, program: str, *arguments) -> str:
        command = [program, *self.options, *arguments]
        return output_of(command, env=self.environment)


def unpack(title: str, packages: list[Path], root: Path, log: Path):
    """Unpack `.deb` files into one folder, without installing them."""
    script = 'for package; do dpkg-deb -x "$package" "$0" || exit; done'
    run_step(title, ["sh", "-c", script, root, *packages], log)


def _source_line(site: str, suite: str) -> str:
    keys = [Path(KEYRING + ending) for ending in (".pgp", ".gpg")]
    key = next((f"[signed-by={key}] " for key in keys if key.exists()), "")
    return f"deb {key}{site} {suite} main\n"
