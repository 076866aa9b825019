"""The processes of an end-to-end test: the sandbox and Odoo, each with its log."""

import os
import re
import shutil
import socket
import subprocess
import time
from contextlib import contextmanager
from pathlib import Path

import requests

from devkit.database import OWN_IDENTITY

START_SECONDS = 120
# The keys of the demo account, which the sandbox knows.
DEMO_KEYS = ("sandbox-public-key", "sandbox-secret-key")
LAUNCHER = Path(__file__).with_name("odoo_bin.py")
# OdooBot greets each user once, in a chat that opens over the first page; in a narrow
# window it covers all of it.
GREETED = "UPDATE res_users SET odoobot_state = 'disabled'"


def free_port():
    """Return a loopback port that nothing listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_until(condition, seconds, what):
    """Return the first true result of a condition, asked several times a second.

    :raise AssertionError: naming what did not happen in time
    """
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        result = condition()
        if result:
            return result
        time.sleep(0.2)
    raise AssertionError(f"not within {seconds} s: {what}")


class Process:
    """A process of ours with its log; ended by its own id."""

    def __init__(self, command, log, environment=None):
        self.log = Path(log)
        self.popen = self._start(command, environment or {})

    def _start(self, command, environment):
        with self.log.open("ab") as output:
            return subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                env={**os.environ, **environment},
            )

    def assert_alive(self):
        assert self.popen.poll() is None, self.log.read_text()[-4000:]

    def kill(self):
        """End it as a crash would, in the middle of whatever it does."""
        self.popen.kill()
        self.popen.wait()

    def stop(self):
        self.popen.terminate()
        try:
            self.popen.wait(20)
        except subprocess.TimeoutExpired:
            self.popen.kill()
            self.popen.wait()


class SandboxServer(Process):
    """The stand-in for Mailjet; ``url`` is its address, ``https_url`` the one under an
    authority whose certificate is in the file ``authority``."""

    def __init__(self, scratch, job_seconds=0.3):
        self.authority = scratch / "authority.pem"
        command = [os.environ["MASSMAILING_PYTHON"], "-m", "mailjet_sandbox"]
        command += ["--port", "0", "--https", str(self.authority)]
        command += ["--job-seconds", str(job_seconds)]
        super().__init__(command, scratch / "sandbox.log")
        self.url, self.https_url = wait_until(
            self._addresses, START_SECONDS, "the sandbox starts"
        )

    def _addresses(self):
        self.assert_alive()
        found = re.findall(r"https?://127\.0\.0\.1:\d+", self.log.read_text())
        return found if len(found) == 2 else None

    def control(self, method, path, **arguments):
        """Return the answer of the sandbox's own namespace."""
        answer = requests.request(
            method, f"{self.url}/_sandbox/{path}", timeout=30, **arguments
        )
        answer.raise_for_status()
        return answer.json()

    def read(self, resource, **filters):
        """Return the rows of one of Mailjet's resources, as its API answers them."""
        answer = requests.get(
            f"{self.url}/v3/REST/{resource}",
            params=filters,
            auth=DEMO_KEYS,
            timeout=30,
        )
        answer.raise_for_status()
        return answer.json()["Data"]

    def messages(self, **filters):
        """Return the delivered messages, rendered."""
        return self.control("GET", "messages", params={"limit": 1000, **filters})

    def requests(self, **filters):
        """Return the log of requests."""
        return self.control("GET", "log", params=filters)


def of_this_process(name):
    """Return a name for a folder or a database that no other test process uses."""
    return name + os.environ.get("PYTEST_XDIST_WORKER", "")


def clone_database(scratch, database):
    """Make a database with the add-on and demo data, whose users have all logged in
    before, and its filestore.

    Several of them write to one sandbox, each under its own identity.
    """
    for command in (
        ["createdb", "-T", os.environ["MASSMAILING_TEMPLATE_DB"], database],
        ["psql", "--quiet", "-d", database, "-c", OWN_IDENTITY, "-c", GREETED],
    ):
        subprocess.run(command, check=True)
    filestore = Path(os.environ["MASSMAILING_TEMPLATE_FILESTORE"])
    if filestore.exists():
        shutil.copytree(filestore, scratch / "data/filestore" / database)


class OdooServer(Process):
    """A real Odoo.

    :param clone: give it a database of its own, cloned from the one with demo data;
        False when it shares that of another server
    :param http: False for one that does nothing but scheduled work
    :param cron_threads: how many of its threads do that
    :param workers: processes that answer; 0 for threads of one process
    :param environment: more variables for its process
    :param launcher: the script that starts it
    """

    def __init__(
        self,
        scratch,
        database,
        clone=True,
        name="odoo",
        http=True,
        cron_threads=1,
        environment=None,
        workers=0,
        launcher=LAUNCHER,
    ):
        self.database = database
        self.launcher = launcher
        self.workers = workers
        self.url = f"http://127.0.0.1:{free_port()}"
        if clone:
            clone_database(scratch, database)
        super().__init__(
            self._command(scratch / "data", http, cron_threads),
            scratch / f"{name}.log",
            {"PYTHONPATH": os.environ["MASSMAILING_ODOO_PATH"], **(environment or {})},
        )
        if http:
            wait_until(self._answers, START_SECONDS, "Odoo starts")

    def _command(self, data, http, cron_threads):
        return [
            os.environ["MASSMAILING_PYTHON"],
            str(self.launcher),
            f"--addons-path={os.environ['MASSMAILING_ADDONS_PATH']}",
            f"--data-dir={data}",
            f"--database={self.database}",
            f"--db-filter=^{self.database}$",
            "--no-database-list",
            *([] if http else ["--no-http"]),
            "--http-interface=127.0.0.1",
            f"--http-port={self.url.rpartition(':')[2]}",
            f"--gevent-port={free_port()}",
            f"--workers={self.workers}",
            f"--max-cron-threads={cron_threads}",
        ]

    def _answers(self):
        self.assert_alive()
        try:
            return requests.get(f"{self.url}/web/health", timeout=5).ok
        except (requests.ConnectionError, requests.Timeout):
            return False

    def drop(self):
        """End the server and its database."""
        self.stop()
        subprocess.run(["dropdb", "--force", "--if-exists", self.database], check=True)


def find_account(admin):
    """Return the demo account."""
    return admin.find("mailjet.account", ("api_key", "=", DEMO_KEYS[0]))


def set_undo_minutes(admin, minutes):
    """Say how long a mailing waits after "Send now"."""
    companies = admin.call("res.company", "search", [])
    admin.call("res.company", "write", companies, {"mailjet_undo_minutes": minutes})


class Refusal(AssertionError):
    """The server refuses a call, with a sentence for its user."""


class Rpc:
    """A user's calls, as the web client makes them."""

    timeout = 60  # seconds for one call

    def __init__(self, odoo, login, password=None):
        self.url = odoo.url
        self.session = requests.Session()
        self._post(
            "/web/session/authenticate",
            {"db": odoo.database, "login": login, "password": password or login},
        )

    def call(self, model, method, *args, **kwargs):
        """Return the result of a public method.

        :raise Refusal: with the server's message, when it refuses
        :raise AssertionError: with that message, when it fails
        """
        return self._post(
            f"/web/dataset/call_kw/{model}/{method}",
            {"model": model, "method": method, "args": args, "kwargs": kwargs},
        )

    def read(self, model, record_id, *names):
        """Return the fields of one record as a dict."""
        return self.call(model, "read", [record_id], names)[0]

    def find(self, model, *domain):
        """Return the id of the only record that matches."""
        (record_id,) = self.call(model, "search", list(domain))
        return record_id

    def _post(self, path, params):
        answer = self.session.post(
            self.url + path,
            json={"jsonrpc": "2.0", "method": "call", "params": params},
            timeout=self.timeout,
        ).json()
        if error := answer.get("error"):
            is_refusal = error["data"]["name"].startswith("odoo.exceptions.")
            raise (Refusal if is_refusal else AssertionError)(error["data"]["message"])
        return answer.get("result")


@contextmanager
def demo_server(scratch, name, sandbox, **options):
    """Odoo with demo data, whose demo account points at a sandbox and whose mailings
    leave at once."""
    database = f"{os.environ['MASSMAILING_TEST_DB_PREFIX']}{name}"
    server = OdooServer(scratch, database, **options)
    try:
        admin = Rpc(server, "admin")
        url = {"api_url": sandbox.url}
        admin.call("mailjet.account", "write", [find_account(admin)], url)
        set_undo_minutes(admin, 0)
        yield server
    finally:
        server.drop()
