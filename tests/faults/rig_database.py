"""The database of a rig, as the tests read it and change it."""

from contextlib import contextmanager

import psycopg2


class RigDatabase:
    """Connections to a database, which commit each statement at once."""

    def __init__(self, name):
        self.name = name
        self.connect()

    def connect(self):
        """Open the connections, for the first time or again."""
        self._connection = psycopg2.connect(dbname=self.name)
        self._bell = psycopg2.connect(dbname="postgres")
        for connection in (self._connection, self._bell):
            connection.autocommit = True

    def close(self):
        """Close the connections."""
        for connection in (self._connection, self._bell):
            connection.close()

    def sql(self, query, *values):
        """Return the rows of a statement."""
        with self._connection.cursor() as cursor:
            cursor.execute(query, values or None)
            return cursor.fetchall() if cursor.description else []

    @contextmanager
    def transaction(self):
        """A cursor whose changes are committed together."""
        with psycopg2.connect(dbname=self.name) as connection:
            with connection.cursor() as cursor:
                yield cursor
        connection.close()

    def wake_workers(self):
        """Tell the Odoo servers that scheduled work may be due."""
        with self._bell.cursor() as cursor:
            cursor.execute(f"NOTIFY cron_trigger, '{self.name}'")

    def cut_connections(self):
        """Let the database server end every connection of Odoo's, as its restart
        would."""
        self.sql(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = %s AND pid <> pg_backend_pid()",
            self.name,
        )
