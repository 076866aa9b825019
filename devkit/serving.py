"""`./dev run` and `./dev stop`: the sandbox and Odoo, left running."""

import socket
import urllib.request

from . import postgres
from .console import DevError, Step
from .files import fingerprint, locked
from .processes import Daemon, tail, wait_until
from .settings import Settings
from .workplace import Workplace, set_up

SANDBOX = "mailjet_sandbox"
# What is on this machine is not to be asked of a proxy.
DIRECT = urllib.request.build_opener(urllib.request.ProxyHandler({}))
WELCOME = """
  Odoo      http://127.0.0.1:{port}/odoo        admin / admin, demo / demo
  Sandbox   http://127.0.0.1:{sandbox_port}/            what Mailjet would have sent

  Logs in .dev/log. `./dev stop` ends everything; `rm -r .dev` after it starts afresh.
"""


def run(settings: Settings) -> int:
    """Set up what is missing, start what is not running, and say where it is."""
    with locked(settings.state / "lock"):
        odoo, sandbox = odoo_server(settings), sandbox_server(settings)
        _need_port(odoo, settings.port, "MASSMAILING_PORT")
        _need_port(sandbox, settings.sandbox_port, "MASSMAILING_SANDBOX_PORT")
        place = set_up(settings)
        _ensure_sandbox(place, sandbox)
        _ensure_odoo(place, odoo)
    print(WELCOME.format(port=settings.port, sandbox_port=settings.sandbox_port))
    return 0


def stop(settings: Settings) -> int:
    """End what `./dev` started in this checkout, and nothing else."""
    with locked(settings.state / "lock"):
        servers = odoo_server(settings), sandbox_server(settings)
        stopped = [daemon.stop() for daemon in (*servers, postgres.daemon(settings))]
    if not any(stopped):
        print("Nothing was running.")
    return 0


def odoo_server(settings: Settings) -> Daemon:
    return Daemon("Odoo", settings.state / "run/odoo.json", settings.logs / "odoo.log")


def sandbox_server(settings: Settings) -> Daemon:
    record = settings.state / "run/sandbox.json"
    return Daemon("the sandbox", record, settings.logs / "sandbox.log")


def _need_port(daemon: Daemon, port: int, variable: str):
    """Find out before the long work that somebody else has the port."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            if not daemon.running():
                raise DevError(
                    f"Port {port}, which {daemon.name} needs, is taken ({error}). End "
                    f"what uses it, or let {variable} name another port."
                ) from error


def _ensure_sandbox(place: Workplace, daemon: Daemon):
    settings = place.settings
    port, data = str(settings.sandbox_port), settings.state / "sandbox"
    key = f"{port} {place.python} {fingerprint(settings.checkout / SANDBOX)}"
    health = f"http://127.0.0.1:{port}/_sandbox/health"
    if not _is_current(daemon, key, health):
        command = [place.python, "-m", SANDBOX, "--port", port, "--data", data]
        _start(daemon, command, key, health, place)


def _ensure_odoo(place: Workplace, daemon: Daemon):
    settings, databases = place.settings, place.databases
    ports = f"{settings.port} {settings.sandbox_port}"
    key = f"{ports} {place.python} {place.odoo.path} {databases.addon_key}"
    health = f"http://127.0.0.1:{settings.port}/web/health"
    if _is_current(daemon, key, health):
        return
    name = databases.ensure_run()
    _point_to_ports(place, name)
    options = ["-d", name, f"--db-filter=^{name}$", "--max-cron-threads=2"]
    command = place.odoo.command(settings, place.python)
    _start(
        daemon,
        [*command, *options, f"--http-port={settings.port}"],
        key,
        health,
        place,
    )


def _is_current(daemon: Daemon, key: str, health: str) -> bool:
    """True if the daemon runs well what would be started now; else it is stopped."""
    running = daemon.running()
    if running and running["key"] == key and _answers(health):
        return True
    daemon.stop()
    return False


def _start(daemon: Daemon, command: list, key: str, health: str, place: Workplace):
    with Step(f"Starting {daemon.name}") as step:
        process = daemon.start(command, key, env=place.environment)
        wait_until(lambda: _answers(health) or process.poll() is not None, step, 90)
    if not _answers(health):
        daemon.stop()
        raise DevError(f"{daemon.name} did not start.\n{tail(daemon.log)}")


def _answers(url: str) -> bool:
    try:
        with DIRECT.open(url, timeout=10) as answer:
            return answer.status == 200
    except OSError:
        return False


def _point_to_ports(place: Workplace, name: str):
    """Make the demo account call our sandbox, and Odoo know its own address."""
    settings = place.settings
    place.server.sql(
        "UPDATE mailjet_account "
        f"SET api_url = 'http://127.0.0.1:{settings.sandbox_port}' "
        "WHERE api_key = 'sandbox-public-key'; "
        "UPDATE ir_config_parameter "
        f"SET value = 'http://127.0.0.1:{settings.port}' WHERE key = 'web.base.url'",
        name,
    )
