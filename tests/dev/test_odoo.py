"""Which Odoo is used, and where PostgreSQL's socket goes."""

import configparser
import subprocess
import sys
from pathlib import Path

import pytest

from devkit.apt import PrivateApt
from devkit.console import DevError
from devkit.odoo import PACKAGES, ensure_odoo
from devkit.postgres import SOCKET_LIMIT, _socket_folder
from devkit.settings import Settings


def settings_for(tmp_path, **changes):
    return Settings(tmp_path / "cache", checkout=tmp_path / "checkout", **changes)


def existing_odoo(path, version, *addons):
    for addon in ("odoo", *addons):
        (path / addon).mkdir(parents=True)
    text = f"FINAL = 'final'\nversion_info = ({version}, FINAL, 0, '')\n"
    (path / "odoo/release.py").write_text(text)
    return path


@pytest.mark.parametrize(
    ("web", "more"), [("odoo/addons/web", []), ("addons/web", ["addons"])]
)
def test_an_existing_odoo_is_used(tmp_path, web, more):
    source = existing_odoo(tmp_path / "odoo19", "19, 0, 0", web)
    settings = settings_for(tmp_path, odoo_source=source)
    settings.checkout.mkdir()
    odoo = ensure_odoo(settings)
    assert odoo.path == source
    written = configparser.ConfigParser()
    written.read(odoo.configuration(settings))
    expected = [settings.checkout, *(source / name for name in more)]
    assert written["options"]["addons_path"].split(",") == [str(p) for p in expected]


def test_what_is_compiled_once_is_kept_apart_from_the_sources(tmp_path, monkeypatch):
    source = existing_odoo(tmp_path / "odoo19", "19, 0, 0")
    settings = settings_for(tmp_path, odoo_source=source)
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
    environment = ensure_odoo(settings).environment()
    script = "import odoo.release"
    subprocess.run([sys.executable, "-c", script], env=environment, check=True)
    assert list((settings.state / "bytecode").rglob("release.*.pyc"))
    assert not list(source.rglob("*.pyc"))


@pytest.mark.parametrize("version", ["18, 0, 0", "19, 1, 0", "190, 0"])
def test_another_odoo_is_refused(tmp_path, version):
    source = existing_odoo(tmp_path, version)
    with pytest.raises(DevError, match="does not hold Odoo 19.0"):
        ensure_odoo(settings_for(tmp_path, odoo_source=source))


def test_an_empty_folder_is_refused(tmp_path):
    with pytest.raises(DevError, match="release.py is missing"):
        ensure_odoo(settings_for(tmp_path, odoo_source=tmp_path))


@pytest.mark.parametrize(
    ("package", "version", "fits"),
    [
        ("odoo-19", "19.0.0+dfsg-1", True),
        ("odoo-19", "19.0.20260101+dfsg-2", True),
        ("odoo-19", "19.1.0+dfsg-1", False),
        ("fonts-font-awesome", "5.0.10+really4.7.0~dfsg-4.1", True),
        ("fonts-font-awesome", "7.3.0+dfsg-1", False),
        ("libjs-jquery", "3.7.1", True),
    ],
)
def test_versions_that_fit(package, version, fits):
    assert PACKAGES[package](version) == fits


def test_without_apt_the_way_out_is_named(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(DevError, match="ODOO_SOURCE"):
        PrivateApt(tmp_path / "apt", tmp_path)


def test_the_machines_sources_are_copied_and_left_alone(tmp_path, monkeypatch):
    machine = tmp_path / "etc/sources.list.d"
    machine.mkdir(parents=True)
    (machine / "own.list").write_text("deb http://mirror.example.com/debian main\n")
    answer = f"one='{tmp_path / 'absent'}'\nmany='{machine}'\n"
    monkeypatch.setattr("devkit.apt.output_of", lambda command: answer)
    apt = PrivateApt(tmp_path / "apt", tmp_path)
    assert [path.name for path in apt.sources.iterdir()] == ["own.list"]
    apt.remove()
    assert (machine / "own.list").exists() and not apt.folder.exists()


@pytest.mark.parametrize("length", [SOCKET_LIMIT, SOCKET_LIMIT + 1])
def test_a_socket_path_is_never_too_long(tmp_path, monkeypatch, length):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    folder = Path("/" + "x" * (length - 1))
    socket = _socket_folder(folder, settings_for(tmp_path))
    assert (socket == folder) == (length <= SOCKET_LIMIT)


def test_the_launcher_refuses_an_old_python(tmp_path):
    """Its first lines must be understood by the Python they refuse."""
    launcher = Path(__file__).parents[2] / "dev"
    start, _, _ = launcher.read_text().partition("from devkit")
    old = "import sys; sys.version_info = (3, 9, 2)\n"
    done = subprocess.run(
        ["python3", "-c", old + start], capture_output=True, text=True
    )
    assert done.returncode == 1
    assert "needs Python 3.10 or newer, and this is Python 3.9" in done.stderr
