"""A PostgreSQL server of a test's own, which it may stop and start again."""

import os
import subprocess
import sys
from pathlib import Path

from devkit.postgres import daemon, ensure_postgres
from devkit.settings import Settings


class Cluster:
    """A server with a copy of the template database, reached by the variables
    ``PGHOST``, ``PGPORT`` and ``PGUSER``."""

    def __init__(self, folder):
        folder.mkdir()
        self.settings = Settings(cache=folder, checkout=folder)
        self.start()
        self._copy(os.environ["MASSMAILING_TEMPLATE_DB"])

    def start(self):
        server = ensure_postgres(self.settings, Path(sys.executable))
        self.variables = server.variables
        self.programs = server.programs

    def stop(self):
        """Stop it as an administrator does: all connections are closed."""
        daemon(self.settings).stop()

    def _copy(self, database):
        """Bring a database of the other server over."""
        there = {**os.environ, **self.variables}
        subprocess.run([self.programs / "createdb", database], env=there, check=True)
        command = [self.programs / "pg_dump", database]
        with subprocess.Popen(command, stdout=subprocess.PIPE) as dump:
            subprocess.run(
                [
                    self.programs / "psql",
                    "-Xq",
                    "-o",
                    os.devnull,
                    "-v",
                    "ON_ERROR_STOP=1",
                    database,
                ],
                env=there,
                stdin=dump.stdout,
                check=True,
            )
        assert dump.returncode == 0
