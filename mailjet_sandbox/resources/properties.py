"""contactmetadata and contactdata: which properties contacts have, and their values."""

import json

from .. import errors, values
from ..rest import Field, Filter, Resource, to_bool
from ..routing import no_content, route
from ..store import fetch, insert
from .contacts import IN_LIST, merge_properties

METADATA = Resource(
    name="contactmetadata",
    table="property",
    unique="namespace || '|' || name",
    sorts=("id", "name"),
    fields=(
        Field("Datatype", "datatype", "str", "rw", required=True),
        Field("ID", "id", "int"),
        Field("Name", "name", "str", "rw", required=True),
        Field("NameSpace", "namespace", "str", "create"),
    ),
    filters={
        "datatype": Filter("datatype = ?"),
        "namespace": Filter("namespace = ?"),
    },
)
METADATA.register_reads()

DATA = Resource(
    name="contactdata",
    table="contact",
    unique="email",
    fields=(
        Field("ContactID", "id", "int"),
        Field("Data", "properties", "pairs"),
        Field("ID", "id", "int"),
        Field("MethodCollection", "''"),
    ),
    filters={
        "contactemail": Filter("email = lower(?)"),
        "contactslist": Filter(IN_LIST, int),
        "isexcludedfromcampaigns": Filter("is_excluded = ?", to_bool),
    },
)
DATA.register_reads()


def _checked(call, row=None):
    given = METADATA.parse(call, creating=row is None)
    if given.get("datatype", "str") not in values.DATATYPES:
        raise errors.invalid_property("Datatype", "MJ06 Invalid value")
    if given.get("namespace", "static") not in ("static", "historic"):
        raise errors.invalid_property("NameSpace", "MJ06 Invalid value")
    space = row["namespace"] if row else given.get("namespace", "static")
    taken = fetch(
        call.db,
        "SELECT id FROM property WHERE key_id = ? AND namespace = ? AND name = ?",
        call.key_id,
        space,
        given.get("name"),
    )
    if taken and (row is None or taken["id"] != row["id"]):
        value = f"{space}|{given['name']}"
        raise errors.duplicate("ContactMetaData", value, "Namespace|Name")
    return given


@route("POST", "v3/REST/contactmetadata")
def create(call):
    row_id = insert(call.db, "property", key_id=call.key_id, **_checked(call))
    return call.rows(METADATA.one(call, row_id), 201)


@route("PUT", "v3/REST/contactmetadata/*")
def put(call):
    row = METADATA.find(call, call.ids[0])
    given = _checked(call, row)
    METADATA.update(call, row, given)
    if given.get("name", row["name"]) != row["name"]:
        _forget_values(call, row["name"])
    return call.rows(METADATA.one(call, row["id"]))


@route("DELETE", "v3/REST/contactmetadata/*")
def delete(call):
    row = METADATA.find(call, call.ids[0])
    call.db.execute("DELETE FROM property WHERE id = ?", (row["id"],))
    _forget_values(call, row["name"])
    return no_content()


def _forget_values(call, name):
    call.db.execute(
        "UPDATE contact SET properties = json_remove(properties, ?)"
        " WHERE key_id = ? AND json_type(properties, ?) IS NOT NULL",
        (f'$."{name}"', call.key_id, f'$."{name}"'),
    )


# --- values ---------------------------------------------------------------------------


@route("PUT", "v3/REST/contactdata/*")
def put_values(call):
    row = DATA.find(call, call.ids[0])
    given = _given_values(call)
    stored = json.loads(row["properties"])
    if all(stored.get(name) == value for name, value in given.items()):
        raise errors.not_modified()
    merge_properties(call, row["id"], given)
    return call.rows(DATA.one(call, row["id"]))


def _given_values(call):
    """{name: text} of the body; 400 for an undefined property or an invalid value."""
    pairs = call.fields("TContactData", "Data").get("Data")
    if not isinstance(pairs, list):
        raise errors.too_short("Data")
    given = {}
    for pair in pairs:
        if not isinstance(pair, dict) or set(pair) != {"Name", "Value"}:
            raise errors.invalid_property("Data", "MJ03 Value type does not match")
        given[pair["Name"]] = pair["Value"]
    types = values.definitions(call.db, call.key_id)
    for problem in values.problems(given, types):
        ((name, text),) = problem.items()
        if text == values.UNDEFINED:
            raise errors.legacy(400, f'Invalid key name: "{name}"')
        raise errors.invalid({"Properties": [problem]})
    return {name: values.to_text(value) for name, value in given.items()}
