"""Where a benchmark takes place: a real Odoo on a database of its own; and how much
memory it takes."""

import os
from contextlib import closing, contextmanager
from pathlib import Path

import psycopg2
from servers import OdooServer


def scratch() -> Path:
    """Return the folder for what the processes write."""
    return Path(os.environ["MASSMAILING_SCRATCH"])


@contextmanager
def odoo_and_cursor():
    """Yield a new Odoo with one worker thread, and a cursor of its database that
    commits every statement; afterwards both are gone."""
    database = f"{os.environ['MASSMAILING_TEST_DB_PREFIX']}bench"
    server = OdooServer(scratch(), database)
    try:
        with closing(psycopg2.connect(dbname=database)) as connection:
            connection.autocommit = True
            with connection.cursor() as cursor:
                yield server, cursor
    finally:
        server.drop()


def peak_megabytes(pid: int) -> float:
    """Return the most memory that a process has taken so far."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    (peak,) = (line for line in lines if line.startswith("VmHWM"))
    return int(peak.split()[1]) / 1024


class Peak:
    """The most memory that a process takes while something is done, in megabytes."""

    def __init__(self, pid):
        self.pid = pid

    def __enter__(self):
        # Forget the peak so far. https://man7.org/linux/man-pages/man5/proc.5.html
        Path(f"/proc/{self.pid}/clear_refs").write_text("5")
        return self

    def __exit__(self, *_exc_info):
        self.megabytes = peak_megabytes(self.pid)
