"""Everything that the commands need before they can start, set up in order."""

from dataclasses import dataclass
from pathlib import Path

from .database import Databases
from .files import fingerprint
from .odoo import Odoo, ensure_odoo
from .postgres import Server, ensure_postgres
from .settings import ADDON, Settings
from .venv import ensure_venv


@dataclass(frozen=True)
class Workplace:
    settings: Settings
    python: Path
    odoo: Odoo
    server: Server
    databases: Databases

    @property
    def environment(self) -> dict[str, str]:
        """Variables under which Python finds Odoo, the checkout and the database."""
        paths = self.odoo.environment(self.settings.checkout)
        return paths | self.server.variables


def set_up(settings: Settings) -> Workplace:
    """Download, build and start whatever is missing; the caller holds the lock."""
    odoo = ensure_odoo(settings)
    python = ensure_venv(settings)
    server = ensure_postgres(settings, python)
    addon_key = fingerprint(settings.checkout / ADDON)
    databases = Databases(settings, server, odoo, python, addon_key)
    return Workplace(settings, python, odoo, server, databases)
