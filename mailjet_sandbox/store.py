"""The sandbox's storage: one SQLite file, pooled connections, one writer at a time."""

import secrets
import sqlite3
import threading
from contextlib import contextmanager
from pathlib import Path

SCHEMA = Path(__file__).with_name("schema.sql")

# First ids.  Each table has its own range, so that mixing up two kinds of id never
# works by accident; all are above 2^31, messages above 2^53.
ID_BASES = {
    "apikey": 3_000_000_000,
    "dns": 3_250_000_000,
    "sender": 3_500_000_000,
    "contactslist": 4_000_000_000,
    "property": 4_500_000_000,
    "contact": 5_754_145_803,
    "campaign": 7_657_476_082,
    "draft": 8_200_000_000,
    "template": 8_900_000_000,
    "eventcallbackurl": 9_300_000_000,
    "job": 12_000_000_000,
    "signup": 13_000_000_000,
    "member": 225_690_164_000,
    "upload": 4_611_686_018_000_000_000,
    "message": 95_420_017_985_181_303,
}
KEPT_BY_RESET = ("meta",)
# Columns that a file of an earlier version does not have yet, by table.
ADDED_COLUMNS = {
    table: ("open_tracked", "click_tracked") for table in ("apikey", "campaign")
}
# Imports need large indexes in the cache; there may be any number of readers.
WRITER_CACHE_KIB = 65_536
READER_CACHE_KIB = 4_096


class Store:
    """SQLite with a pool of readers and one writer; see :meth:`read`, :meth:`write`.

    Locks order the writers: SQLite allows one at a time anyway, and waiting for a lock
    is fairer than polling a busy database. A job that writes slice after slice has to
    pass the entrance like everyone else, so that a request waits for one slice only.
    """

    def __init__(self, folder, functions=()):
        """`functions`: (name, number of arguments, callable), registered in SQL."""
        self.folder = Path(folder)
        self._functions = tuple(functions)
        self.uploads = self.folder / "uploads"
        self.uploads.mkdir(parents=True, exist_ok=True)
        self._idle = []
        self._entrance = threading.Lock()
        self._writing = threading.Lock()
        self._writer = self._open(WRITER_CACHE_KIB)
        self._writer.executescript(SCHEMA.read_text("utf-8"))
        with self.write() as db:
            self._found(db)

    def _found(self, db):
        """What a file needs besides its tables."""
        for table, columns in ADDED_COLUMNS.items():
            present = {row["name"] for row in db.execute(f"PRAGMA table_info({table})")}
            for column in set(columns) - present:
                kind = "INTEGER NOT NULL DEFAULT 1"
                db.execute(f"ALTER TABLE {table} ADD COLUMN {column} {kind}")
        known = {row[0] for row in db.execute("SELECT name FROM sqlite_sequence")}
        db.executemany(
            "INSERT INTO sqlite_sequence (name, seq) VALUES (?, ?)",
            [item for item in ID_BASES.items() if item[0] not in known],
        )
        db.execute(
            "INSERT OR IGNORE INTO meta VALUES ('token_secret', ?)",
            (secrets.token_hex(32),),
        )

    def _open(self, cache_kib):
        db = sqlite3.connect(
            self.folder / "sandbox.sqlite3",
            isolation_level=None,
            check_same_thread=False,
            timeout=60,
        )
        db.row_factory = sqlite3.Row
        for name, arity, function in self._functions:
            db.create_function(name, arity, function)
        db.execute("PRAGMA journal_mode = WAL")
        db.execute("PRAGMA synchronous = OFF")
        db.execute(f"PRAGMA cache_size = -{cache_kib}")
        db.execute("PRAGMA wal_autocheckpoint = 10000")
        return db

    @contextmanager
    def read(self):
        """A connection for reading; returned to the pool afterwards."""
        try:
            db = self._idle.pop()
        except IndexError:
            db = self._open(READER_CACHE_KIB)
        try:
            yield db
        finally:
            self._idle.append(db)

    @contextmanager
    def write(self):
        """The writing connection in a transaction; an error rolls it back."""
        with self._entrance:
            self._writing.acquire()
        try:
            db = self._writer
            db.execute("BEGIN IMMEDIATE")
            try:
                yield db
            except BaseException:
                db.execute("ROLLBACK")
                raise
            db.execute("COMMIT")
        finally:
            self._writing.release()

    def meta(self, name):
        with self.read() as db:
            row = db.execute("SELECT value FROM meta WHERE name = ?", (name,))
            return (row.fetchone() or [None])[0]

    def set_meta(self, name, value):
        with self.write() as db:
            db.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (name, value))

    def clear(self):
        """Delete all rows and uploads.  Ids keep counting: none is ever reused."""
        with self.write() as db:
            tables = db.execute(
                "SELECT name FROM sqlite_master WHERE type = 'table'"
                " AND name NOT LIKE 'sqlite_%'"
            )
            for (table,) in tables.fetchall():
                if table not in KEPT_BY_RESET:
                    db.execute(f"DELETE FROM {table}")
        for path in self.uploads.iterdir():
            path.unlink()

    def close(self):
        self._writer.close()
        while self._idle:
            self._idle.pop().close()


def insert(db, table, **values):
    """Insert one row and return its id."""
    columns = ", ".join(values)
    marks = ", ".join("?" * len(values))
    sql = f"INSERT INTO {table} ({columns}) VALUES ({marks})"
    return db.execute(sql, tuple(values.values())).lastrowid


def update(db, table, row_id, **values):
    """Set columns of one row."""
    pairs = ", ".join(f"{column} = ?" for column in values)
    db.execute(f"UPDATE {table} SET {pairs} WHERE id = ?", (*values.values(), row_id))


def fetch(db, sql, *parameters):
    """The first row of a query, or None."""
    return db.execute(sql, parameters).fetchone()
