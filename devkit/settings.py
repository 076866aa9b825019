"""Where things live, and what the environment asked for."""

import hashlib
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from .console import DevError

ADDON = "massmailing_mailjet"
CHECKOUT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class Settings:
    """The folders, ports and servers of one checkout.

    `cache` is shared between checkouts and can be thrown away; `state` (the git-ignored
    `.dev`) belongs to this checkout alone.
    """

    cache: Path
    checkout: Path = CHECKOUT
    port: int = 8069
    sandbox_port: int = 8169
    odoo_source: Path | None = None
    postgres_host: str = ""

    @property
    def state(self) -> Path:
        return self.checkout / ".dev"

    @property
    def logs(self) -> Path:
        return self.state / "log"

    @property
    def checkout_id(self) -> str:
        """A short name that differs between two checkouts of one machine."""
        return hashlib.sha256(bytes(self.checkout)).hexdigest()[:8]


def read_settings(environ: Mapping[str, str] = os.environ) -> Settings:
    """Settings from the variables named in `./dev --help`."""
    home_cache = environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    cache = environ.get("MASSMAILING_CACHE") or Path(home_cache) / ADDON
    source = environ.get("ODOO_SOURCE")
    return Settings(
        cache=Path(cache).expanduser().absolute(),
        port=_port(environ, "MASSMAILING_PORT", Settings.port),
        sandbox_port=_port(environ, "MASSMAILING_SANDBOX_PORT", Settings.sandbox_port),
        odoo_source=Path(source).expanduser().absolute() if source else None,
        postgres_host=environ.get("PGHOST", ""),
    )


def _port(environ: Mapping[str, str], variable: str, default: int) -> int:
    text = environ.get(variable) or str(default)
    if not text.isdecimal() or not 0 < int(text) < 65536:
        raise DevError(f"{variable} must be a port number, not {text!r}.")
    return int(text)
