"""What all REST resources share: fields, filters, sorting, paging, create and update.

A resource is described by a :class:`Resource`; its module registers its routes.
"""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field

from . import envelope, errors, store
from .routing import no_content, route

DEFAULT_LIMIT = 10
MAX_LIMIT = 1000
# ASCII only: it is unknown whether Mailjet accepts letters of other scripts.
ATOM = r"[a-z0-9!#$%&'*+/=?^_`{|}~-]+"
LABEL = r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?"
EMAIL = re.compile(
    rf"(?P<name>{ATOM}(\.{ATOM})*)@({LABEL}\.)+[a-z]([a-z0-9-]{{0,61}}[a-z0-9])", re.I
)


def is_email(text):
    """A plain address, without a display name, within the lengths of RFC 5321."""
    if not isinstance(text, str) or len(text) > 254 or not text.isascii():
        return False
    match = EMAIL.fullmatch(text)
    return match is not None and len(match["name"]) <= 64


# --- values ---------------------------------------------------------------------------


def to_bool(value):
    """True and False, also written as the strings "true" and "false"."""
    if isinstance(value, bool):
        return int(value)
    if str(value).lower() in ("true", "1"):
        return 1
    if str(value).lower() in ("false", "0"):
        return 0
    raise ValueError(value)


def to_int(value):
    if isinstance(value, bool) or not isinstance(value, int):
        raise ValueError(value)
    return value


def to_text(value):
    if not isinstance(value, str):
        raise ValueError(value)
    return value


def to_json(value):
    return json.dumps(value)


PARSERS = {
    "int": to_int,
    "str": to_text,
    "bool": to_bool,
    "date": to_text,
    "unix": to_int,
    "json": to_json,
}
FORMATTERS = {
    "int": int,
    "str": lambda value: value or "",
    "bool": bool,
    "date": envelope.rfc3339,
    "unix": lambda value: int(value or 0),
    "json": json.loads,
    "pairs": lambda text: [
        {"Name": name, "Value": value}
        for name, value in sorted(json.loads(text).items())
        if value is not None
    ],
}


@dataclass(frozen=True)
class Field:
    """A property of a resource.

    `access` is "rw", "create" (settable once) or "ro".  `column` may be any SQL
    expression if nothing writes it.
    """

    name: str
    column: str
    kind: str = "str"
    access: str = "ro"
    required: bool = False

    def parse(self, value):
        try:
            parsed = PARSERS[self.kind](value)
        except ValueError:
            raise errors.invalid_property(
                self.name, "MJ03 Value type does not match definition"
            ) from None
        if self.required and parsed == "":
            raise errors.too_short(self.name)
        return parsed


@dataclass(frozen=True)
class Filter:
    """A WHERE condition with one `?`, and the parser of the query parameter."""

    condition: str
    parse: Callable = str


@dataclass(frozen=True)
class Resource:
    """`unique` is the column that may identify a row in the path instead of its id.

    `sorts` holds the lower-case names that `Sort` accepts; `ascending` those that
    reject DESC.
    """

    name: str
    table: str
    fields: tuple
    filters: dict = field(default_factory=dict)
    sorts: tuple = ("id",)
    ascending: tuple = ()
    unique: str | None = None
    scope: str = "key_id = ?"

    @property
    def type_name(self):
        return f"T{self.name.capitalize()}"

    @property
    def select(self):
        columns = ", ".join(f'{item.column} AS "{item.name}"' for item in self.fields)
        return f"SELECT {columns} FROM {self.table}"

    def by_name(self):
        return {item.name.lower(): item for item in self.fields}

    # --- reading ----------------------------------------------------------------------

    def format(self, row):
        return {
            item.name: FORMATTERS[item.kind](row[item.name]) for item in self.fields
        }

    def find(self, call, ident):
        """The stored row (all columns) named by a path segment, or 404."""
        column, value = "id", ident
        if ident.isdigit():
            value = int(ident)
        elif self.unique:
            column = self.unique
            value = ident.lower() if "@" in ident else ident
        else:
            raise errors.not_found()
        sql = f"SELECT * FROM {self.table} WHERE {column} = ? AND {self.scope}"
        try:
            row = store.fetch(call.db, sql, value, call.key_id)
        except OverflowError:
            row = None
        if row is None:
            raise errors.not_found()
        return row

    def one(self, call, row_id):
        """The answer rows for one id."""
        row = store.fetch(call.db, f"{self.select} WHERE id = ?", row_id)
        return [self.shape(call, self.format(row))]

    def shape(self, call, row):
        """Hook for answers that depend on the request."""
        return row

    def list(self, call, *conditions):
        """Answer a GET on the collection; `conditions` are (sql, value) pairs."""
        where, values = self._where(call, conditions)
        count_only = call.args.get("countonly") == "1"
        total = None
        if count_only or call.args.get("countrecords") == "1":
            sql = f"SELECT count(*) FROM {self.table} WHERE {where}"
            total = store.fetch(call.db, sql, *values)[0]
        if count_only:
            return call.rows([], total=total)
        order = self._order(call.args["sort"]) if "sort" in call.args else "id"
        limit, offset = page(call.args)
        sql = f"{self.select} WHERE {where} ORDER BY {order} LIMIT ? OFFSET ?"
        rows = call.db.execute(sql, (*values, limit, offset))
        rows = [self.shape(call, self.format(row)) for row in rows]
        return call.rows(rows, total=total)

    def _where(self, call, conditions):
        # The plus keeps SQLite from using an index on the key, which would require a
        # sort.
        where, values = [f"+{self.scope}"], [call.key_id]
        for sql, value in conditions:
            where.append(sql)
            values.append(value)
        for name, known in self.filters.items():
            if name in call.args:
                where.append(known.condition)
                values.append(filter_value(name, known, call.args[name]))
        return " AND ".join(f"({part})" for part in where), values

    def _order(self, sort):
        name, _space, direction = sort.strip().partition(" ")
        descending = direction.strip().upper() == "DESC"
        refused = descending and name.lower() in self.ascending
        if name.lower() not in self.sorts or refused:
            raise errors.legacy(400, f"Cannot sort on field {name.lower()}")
        column = self.by_name()[name.lower()].column
        return f"{column} {'DESC' if descending else 'ASC'}"

    # --- writing ----------------------------------------------------------------------

    def parse(self, call, creating):
        """Column values of a request body, checked as Mailjet checks them."""
        known = self.by_name()
        values = {}
        for name, value in call.json().items():
            item = known.get(name.lower())
            if item is None:
                raise errors.unknown_property(self.type_name, name)
            if item.access == "ro" or (item.access == "create" and not creating):
                raise errors.read_only(item.name)
            values[item.column] = item.parse(value)
        if creating:
            for item in self.fields:
                if item.required and item.column not in values:
                    raise errors.too_short(item.name)
        return values

    def update(self, call, row, values):
        """Write what differs; 304 if nothing does."""
        changes = {name: value for name, value in values.items() if row[name] != value}
        if not changes:
            raise errors.not_modified()
        store.update(call.db, self.table, row["id"], **changes)

    # --- the plain routes -------------------------------------------------------------

    def register_reads(self):
        route("GET", f"v3/REST/{self.name}")(self.list)
        route("GET", f"v3/REST/{self.name}/*")(self.get)

    def get(self, call):
        return call.rows(self.one(call, self.find(call, call.ids[0])["id"]))

    def register_update(self):
        route("PUT", f"v3/REST/{self.name}/*")(self.put)

    def put(self, call):
        row = self.find(call, call.ids[0])
        self.update(call, row, self.parse(call, creating=False))
        return call.rows(self.one(call, row["id"]))

    def register_delete(self):
        route("DELETE", f"v3/REST/{self.name}/*")(self.delete)

    def delete(self, call):
        row = self.find(call, call.ids[0])
        call.db.execute(f"DELETE FROM {self.table} WHERE id = ?", (row["id"],))
        return no_content()


def filter_value(name, known, text):
    try:
        value = known.parse(text)
        if isinstance(value, int) and not -(2**63) <= value < 2**63:
            raise ValueError(text)
        return value
    except ValueError:
        raise errors.legacy(400, f'Invalid value "{text}" for filter {name}') from None


def page(args):
    """(limit, offset): 10 by default, at most 1000, and 0 means 1000."""
    try:
        limit = int(args.get("limit", DEFAULT_LIMIT))
        offset = int(args.get("offset", 0))
    except ValueError:
        raise errors.legacy(400, "Invalid Limit or Offset") from None
    if not 0 < limit <= MAX_LIMIT:
        limit = MAX_LIMIT
    return limit, max(offset, 0)
