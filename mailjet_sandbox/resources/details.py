"""detailcontent: the parts of a draft or a template, answered by the gateway."""

import json

from .. import errors
from ..store import update

PARTS = {"Html-part": "html", "Text-part": "text", "MJMLContent": "mjml"}


def answer(call, row, status=200):
    content = {
        "MJMLContent": _mjml(row["mjml"]),
        "Html-part": row["html"],
        "Text-part": row["text"],
        "Headers": json.loads(row["headers"]),
    }
    return call.rows([content], status)


def _mjml(text):
    """MJML as text; as a structure if the drag-and-drop editor saved it."""
    return json.loads(text) if (text or "").startswith("{") else text


def given_parts(call):
    """Column values of the parts in the body; None for a part set to null."""
    given = call.fields("TDetailContent", *PARTS, "Headers")
    values = {}
    for name, column in PARTS.items():
        if name in given:
            if not isinstance(given[name], (str, type(None))):
                raise errors.invalid_property(name, "MJ03 Value type does not match")
            values[column] = given[name]
    if "Headers" in given:
        if not isinstance(given["Headers"], dict):
            raise errors.invalid_property("Headers", "MJ03 Value type does not match")
        values["headers"] = json.dumps(given["Headers"], ensure_ascii=False)
    return values


def overwrite(call, table, row):
    """Replace all parts: any that is not given becomes empty."""
    empty = dict.fromkeys(PARTS.values()) | {"headers": "{}"}
    update(call.db, table, row["id"], **(empty | given_parts(call)))
