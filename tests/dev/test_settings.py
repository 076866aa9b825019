"""What the environment can ask of `./dev`."""

from pathlib import Path

import pytest

from devkit.console import DevError
from devkit.settings import Settings, read_settings


def test_defaults():
    settings = read_settings({})
    assert settings.cache == Path.home() / ".cache/massmailing_mailjet"
    assert (settings.port, settings.sandbox_port) == (8069, 8169)
    assert settings.odoo_source is None


@pytest.mark.parametrize(
    ("variable", "value", "field", "expected"),
    [
        ("MASSMAILING_CACHE", "/a/cache", "cache", Path("/a/cache")),
        ("XDG_CACHE_HOME", "/xdg", "cache", Path("/xdg/massmailing_mailjet")),
        ("MASSMAILING_PORT", "9000", "port", 9000),
        ("MASSMAILING_SANDBOX_PORT", "9001", "sandbox_port", 9001),
        ("ODOO_SOURCE", "/opt/odoo", "odoo_source", Path("/opt/odoo")),
        ("PGHOST", "db.example.com", "postgres_host", "db.example.com"),
    ],
)
def test_variables(variable, value, field, expected):
    assert getattr(read_settings({variable: value}), field) == expected


@pytest.mark.parametrize("port", ["no", "0", "65536", "-1", "80.5"])
def test_a_wrong_port_is_named(port):
    with pytest.raises(DevError, match="MASSMAILING_PORT .*" + port):
        read_settings({"MASSMAILING_PORT": port})


def test_checkouts_differ():
    ids = [
        Settings(Path("/c"), checkout=Path(path)).checkout_id for path in ("/a", "/b")
    ]
    assert ids[0] != ids[1]
