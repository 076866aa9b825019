"""Databases: installed once, then cloned in a second.

    base      Odoo's own add-ons with their demo data; takes a minute, made once
    template  base, our add-on, and what Odoo makes for its first pages; made anew when
              the add-on's files change
    run       a clone of template, for `./dev run`; upgraded when the files change
    test_*    clones of template, for one test run each
    odoo_*    base and more of Odoo's add-ons, without ours and with it; test_* are
              clones of these where Odoo's own tests are compared

What a finished database was made from stands in its COMMENT, so it can not get apart
from the database. One that is being made has another name until it is finished.
"""

import os
import re
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path

from .console import DevError
from .odoo import Odoo
from .postgres import Server
from .processes import run_step, start_time, tail
from .settings import ADDON, Settings

BASE_ADDONS = "crm,mass_mailing,mass_mailing_themes"


# Gives a copy an identity of its own, as Odoo's duplicates have: the add-on names what
# it makes at Mailjet after it. A copy may use the demo's Mailjet accounts as well.
OWN_IDENTITY = """
    WITH own AS (
        UPDATE ir_config_parameter SET value = gen_random_uuid()
         WHERE key = 'database.uuid' RETURNING value
    )
    UPDATE mailjet_account SET database_uuid = own.value FROM own
"""


# What Odoo makes for its pages and the visual editor: made once in the template, and
# not in every copy of it.
PAGE_FILES = (
    "web.assets_web.js",
    "web.assets_web.css",
    "web.assets_web_print.css",
    "web.assets_emoji.js",
    "web.assets_backend_lazy.js",
    "web.assets_backend_lazy.css",
    "web.assets_frontend.css",
    "web.assets_frontend_minimal.js",
    "web.assets_frontend_lazy.js",
    "bus.websocket_worker_assets.js",
    "mass_mailing.assets_inside_builder_iframe.css",
    "mass_mailing.assets_iframe_style.css",
)
MAKE_PAGE_FILES = f"""
for name in {PAGE_FILES}:
    bundle, _dot, kind = name.rpartition(".")
    kinds = {{"css": kind == "css", "js": kind == "js"}}
    getattr(env["ir.qweb"]._get_asset_bundle(bundle, **kinds), kind)()
env.cr.commit()
"""


@dataclass(frozen=True)
class Databases:
    """The databases of one checkout and their filestores."""

    settings: Settings
    server: Server
    odoo: Odoo
    python: Path
    addon_key: str

    def name(self, role: str) -> str:
        """A server that was given may be shared with other checkouts."""
        shared = self.settings.postgres_host
        return f"massmailing_{self.settings.checkout_id}_{role}" if shared else role

    def ensure_template(self) -> str:
        """Name of the up-to-date database with our add-on, to be cloned from."""
        base = self._ensure_base()
        name = self.name("template")
        key = f"{self._key(base)} {self.addon_key} {','.join(PAGE_FILES)}"
        if self._key(name) != key:
            partial = self._install(name, f"Installing {ADDON}", ADDON, base)
            self._make_page_files(partial)
            self._finish(partial, name, key)
        return name

    def ensure_run(self) -> str:
        """Name of the database of `./dev run`, upgraded if the add-on has changed."""
        name = self.name("run")
        if self._key(name) is None:
            self.clone(self.ensure_template(), name, self.addon_key)
        elif self._key(name) != self.addon_key:
            self._odoo(f"Upgrading {ADDON}", name, "-u", ADDON, self.log(name))
            self._set_key(name, self.addon_key)
        return name

    def clone(self, source: str, name: str, key: str = ""):
        """Make a copy of a database and its filestore, with an identity of its own;
        nobody may be connected to the source."""
        partial = f"{name}_partial"
        self._copy(source, partial)
        self.server.sql(OWN_IDENTITY, partial)
        self._finish(partial, name, key)

    def ensure_comparison(self, addons) -> dict[str, str]:
        """Names of two databases with these add-ons of Odoo's, by what they are: one
        ``without`` ours and one ``with`` it."""
        base = self._ensure_base()
        names = {title: self.name(f"odoo_{title}") for title in ("without", "with")}
        key = f"{self._key(base)} {','.join(addons)}"
        if self._key(names["without"]) != key:
            title = "Installing Odoo's add-ons that are tested (once)"
            self._make(names["without"], title, ",".join(addons), key, base)
        key = f"{key} {self.addon_key}"
        if self._key(names["with"]) != key:
            title = f"Installing {ADDON} beside them"
            self._make(names["with"], title, ADDON, key, names["without"])
        return names

    def copy(self, source: str, target: str):
        """Make a copy of a database and its filestore that is in all the same."""
        self._copy(source, target)

    def drop(self, name: str):
        """Remove a database, even if someone is connected, and its filestore."""
        self.server.sql(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        shutil.rmtree(self.filestore(name), ignore_errors=True)

    def drop_tests_of(self, pid: int):
        """Remove the clones that a test run made, whatever it left of them."""
        for name, owner in self._tests():
            if owner == pid:
                self.drop(name)

    def drop_tests_of_the_dead(self):
        """Remove what killed test runs left behind: clones, logs and screenshots."""
        for name, owner in self._tests():
            if start_time(owner) is None:
                self.drop(name)
        for folder in self.settings.state.glob("scratch/[0-9]*"):
            if start_time(int(folder.name)) is None:
                shutil.rmtree(folder)

    def filestore(self, name: str) -> Path:
        return self.settings.state / "data/filestore" / name

    def log(self, name: str) -> Path:
        """What Odoo said when the add-ons of a database were installed."""
        return self.settings.logs / f"install-{name}.log"

    def _tests(self) -> list[tuple[str, int]]:
        """Names of the clones, and the process that each was made for."""
        pattern = re.compile(re.escape(self.name("test")) + r"_(\d+)([_-]|$)")
        names = [row[0] for row in self.server.sql("SELECT datname FROM pg_database")]
        matches = [(name, pattern.match(name)) for name in names]
        return [(name, int(match[1])) for name, match in matches if match]

    def _ensure_base(self) -> str:
        name = self.name("base")
        key = f"{self.odoo.path} {BASE_ADDONS}"
        if self._key(name) != key:
            title = "Installing Odoo's own add-ons with demo data (once)"
            self._make(name, title, BASE_ADDONS, key, "template0")
        return name

    def _make(self, name: str, title: str, addons: str, key: str, source: str):
        partial = self._install(name, title, addons, source)
        self._finish(partial, name, key)

    def _install(self, name: str, title: str, addons: str, source: str) -> str:
        """Name of an unfinished copy of a database, with more add-ons."""
        partial = f"{name}_partial"
        self._copy(source, partial)
        self._odoo(title, partial, "-i", addons, self.log(name))
        return partial

    def _make_page_files(self, name: str):
        command = [self.python, "-m", "odoo", "shell", "-d", name, "--no-http"]
        with tempfile.TemporaryFile() as script:
            script.write(MAKE_PAGE_FILES.encode())
            script.seek(0)
            run_step(
                "Making Odoo's style sheets and scripts",
                [*command, "-c", self.odoo.configuration(self.settings)],
                self.settings.logs / "page-files.log",
                env=self.odoo.environment() | self.server.variables,
                stdin=script,
            )

    def _odoo(self, title: str, name: str, option: str, addons: str, log: Path):
        command = [*self.odoo.command(self.settings, self.python), "-d", name]
        run_step(
            title,
            [*command, option, addons, "--no-http", "--stop-after-init"],
            log,
            env=self.odoo.environment() | self.server.variables,
        )
        expected = sorted(addons.split(","))
        installed = self.server.sql(
            "SELECT name FROM ir_module_module WHERE state = 'installed' AND demo",
            name,
        )
        missing = set(expected) - {addon for (addon,) in installed}
        if missing:
            raise DevError(
                f"Not installed with demo data: {', '.join(missing)}.\n{tail(log)}"
            )

    def _copy(self, source: str, target: str):
        self.drop(target)
        self.server.sql(f'CREATE DATABASE "{target}" TEMPLATE "{source}"')
        if self.filestore(source).exists():
            # Odoo never changes a stored file, so a link is as good as a copy.
            shutil.copytree(
                self.filestore(source), self.filestore(target), copy_function=os.link
            )

    def _finish(self, partial: str, name: str, key: str):
        self.drop(name)
        self._set_key(partial, key)
        self.filestore(partial).mkdir(parents=True, exist_ok=True)
        self.filestore(partial).rename(self.filestore(name))
        self.server.sql(f'ALTER DATABASE "{partial}" RENAME TO "{name}"')

    def _key(self, name: str) -> str | None:
        """What the database was made from; None if it, or its filestore, is missing.

        `.dev` may have been removed while the databases were kept elsewhere.
        """
        if not self.filestore(name).exists():
            return None
        rows = self.server.sql(
            "SELECT shobj_description(oid, 'pg_database') FROM pg_database "
            f"WHERE datname = '{name}'"
        )
        return rows[0][0] if rows else None

    def _set_key(self, name: str, key: str):
        self.server.sql(f"""COMMENT ON DATABASE "{name}" IS '{key}'""")
