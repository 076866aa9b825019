"""Contact properties: their types, and valid values.

Values are stored and returned as strings; `None` clears one.
"""

import re
from datetime import datetime

DATATYPES = ("str", "int", "float", "bool", "datetime")
UNDEFINED = "Property not defined"
MISMATCH = "Property type does not match definition"


def definitions(db, key_id):
    """The datatype of each property of a key, by name."""
    sql = "SELECT name, datatype FROM property WHERE key_id = ?"
    return dict(db.execute(sql, (key_id,)).fetchall())


def problems(values, types):
    """What is wrong with property values: a list of {name: text}, empty if valid."""
    found = []
    for name, value in values.items():
        if name not in types:
            found.append({name: UNDEFINED})
        elif not fits(types[name], value):
            found.append({name: MISMATCH})
    return found


def fits(datatype, value):
    """Whether a value, or its text, is valid for a datatype."""
    if value is None:
        return True
    if isinstance(value, (dict, list)):
        return False
    return _CHECKS[datatype](value)


def to_text(value):
    """The stored form of a value."""
    if value is None or isinstance(value, str):
        return value
    return str(value).lower() if isinstance(value, bool) else str(value)


def _is_int(value):
    return not isinstance(value, bool) and bool(re.fullmatch(r"-?\d+", str(value)))


def _is_float(value):
    number = r"-?\d+(\.\d+)?([eE][-+]?\d+)?"
    return not isinstance(value, bool) and bool(re.fullmatch(number, str(value)))


def _is_bool(value):
    return str(value).lower() in ("true", "false", "1", "0")


def _is_datetime(value):
    try:
        datetime.fromisoformat(str(value).replace("Z", "+00:00"))
    except ValueError:
        return False
    return True


_CHECKS = {
    "str": lambda value: isinstance(value, str),
    "int": _is_int,
    "float": _is_float,
    "bool": _is_bool,
    "datetime": _is_datetime,
}
