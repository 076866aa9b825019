"""template and its content."""

from .. import errors
from ..rest import Field, Filter, Resource, to_bool
from ..routing import route
from ..store import fetch, insert, update
from . import details

TEMPLATE = Resource(
    name="template",
    table="template",
    unique="owner_type || '|' || name",
    fields=(
        Field("Author", "author", "str", "rw"),
        Field("Categories", "categories", "json", "rw"),
        Field("Copyright", "copyright", "str", "rw"),
        Field("CreatedAt", "created_at", "date"),
        Field("Description", "description", "str", "rw"),
        Field("EditMode", "edit_mode", "int", "rw"),
        Field("ID", "id", "int"),
        Field("IsStarred", "is_starred", "bool", "rw"),
        Field(
            "IsTextPartGenerationEnabled",
            "is_text_part_generation_enabled",
            "bool",
            "rw",
        ),
        Field("LastUpdatedAt", "last_updated_at", "date"),
        Field("Locale", "locale", "str", "rw"),
        Field("Name", "name", "str", "rw", required=True),
        Field("OwnerId", "key_id", "int"),
        Field("OwnerType", "owner_type", "str", "create"),
        Field("Presets", "presets", "str", "rw"),
        Field("Previews", "'[]'", "json"),
        Field("Purposes", "purposes", "json", "rw"),
    ),
    filters={
        "editmode": Filter("edit_mode = ?", int),
        "isstarred": Filter("is_starred = ?", to_bool),
        "locale": Filter("locale = ?"),
        "name": Filter("name = ?"),
        "ownertype": Filter("owner_type = ?"),
        "purposes": Filter(
            "EXISTS (SELECT 1 FROM json_each(purposes)"
            " WHERE instr(',' || ? || ',', ',' || value || ','))",
            str.lower,
        ),
    },
)
TEMPLATE.register_reads()
TEMPLATE.register_delete()


@route("POST", "v3/REST/template")
def create(call):
    given = TEMPLATE.parse(call, creating=True)
    owner = given.get("owner_type", "apikey")
    if owner not in ("apikey", "user"):
        raise errors.invalid_property("OwnerType", "MJ06 Invalid value")
    _check_name(call, owner, given["name"], 0)
    row_id = insert(
        call.db, "template", key_id=call.key_id, created_at=call.now, **given
    )
    return call.rows(TEMPLATE.one(call, row_id), 201)


@route("PUT", "v3/REST/template/*")
def put(call):
    row = TEMPLATE.find(call, call.ids[0])
    given = TEMPLATE.parse(call, creating=False)
    _check_name(call, row["owner_type"], given.get("name"), row["id"])
    TEMPLATE.update(call, row, given)
    update(call.db, "template", row["id"], last_updated_at=call.now)
    return call.rows(TEMPLATE.one(call, row["id"]))


def _check_name(call, owner, name, own_id):
    sql = "SELECT id FROM template WHERE key_id = ? AND owner_type = ? AND name = ?"
    taken = fetch(call.db, sql, call.key_id, owner, name)
    if taken and taken["id"] != own_id:
        raise errors.duplicate("Template", f"{owner}|{name}", "OwnerType|Name")


@route("GET", "v3/REST/template/*/detailcontent", gateway=True)
def get_content(call):
    return details.answer(call, TEMPLATE.find(call, call.ids[0]))


@route("POST", "v3/REST/template/*/detailcontent", gateway=True)
def post_content(call):
    row = TEMPLATE.find(call, call.ids[0])
    details.overwrite(call, "template", row)
    return details.answer(call, TEMPLATE.find(call, call.ids[0]), 201)


@route("PUT", "v3/REST/template/*/detailcontent", gateway=True)
def put_content(call):
    row = TEMPLATE.find(call, call.ids[0])
    TEMPLATE.update(call, row, details.given_parts(call))
    return details.answer(call, TEMPLATE.find(call, call.ids[0]))
