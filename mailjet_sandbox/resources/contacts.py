"""contact: the people of a key, and the lists they are in."""

import json
import secrets

from .. import envelope, errors, membership
from ..rest import Field, Filter, Resource, is_email, to_bool
from ..routing import Answer, route
from ..store import fetch, insert, update
from ..values import to_text
from .manycontacts import check_lists

IN_LIST = "EXISTS (SELECT 1 FROM member WHERE list_id = ? AND contact_id = contact.id)"

CONTACT = Resource(
    name="contact",
    table="contact",
    unique="email",
    sorts=("id", "email", "deliveredcount", "createdat"),
    ascending=("id",),
    fields=(
        Field("CreatedAt", "created_at", "date"),
        Field(
            "DeliveredCount",
            "(SELECT count(*) FROM message WHERE contact_id = contact.id)",
            "int",
        ),
        Field("Email", "email", "str", "create", required=True),
        Field("ExclusionFromCampaignsUpdatedAt", "excluded_at", "date"),
        Field("ID", "id", "int"),
        Field("IsExcludedFromCampaigns", "is_excluded", "bool", "rw"),
        Field("IsOptInPending", "0", "bool"),
        Field("IsSpamComplaining", "0", "bool"),
        Field("LastActivityAt", "last_activity_at", "date"),
        Field("LastUpdateAt", "last_update_at", "date"),
        Field("Name", "name", "str", "rw"),
        Field("UnsubscribedAt", "unsubscribed_at", "date"),
        Field("UnsubscribedBy", "''"),
    ),
    filters={
        "campaign": Filter(
            "id IN (SELECT contact_id FROM message WHERE campaign_id = ?)", int
        ),
        "contactslist": Filter(IN_LIST, int),
        "isexcludedfromcampaigns": Filter("is_excluded = ?", to_bool),
        # Reported to return nothing; so it does here.
        "isunsubscribed": Filter("? AND unsubscribed_at IS NOT NULL", to_bool),
    },
)
CONTACT.register_reads()


def ensure_contact(call, email, name=""):
    """The id of the contact with an address, which is created if it is new."""
    email = email.lower()
    sql = "SELECT id FROM contact WHERE key_id = ? AND email = ?"
    row = fetch(call.db, sql, call.key_id, email)
    if row:
        return row["id"]
    return insert(
        call.db,
        "contact",
        key_id=call.key_id,
        email=email,
        name=name,
        created_at=call.now,
    )


def merge_properties(call, contact_id, properties):
    """Merge property values into a contact; None clears one."""
    texts = {name: to_text(value) for name, value in properties.items()}
    call.db.execute(
        "UPDATE contact SET properties = json_patch(properties, ?), last_update_at = ?"
        " WHERE id = ?",
        (json.dumps(texts, ensure_ascii=False), call.now, contact_id),
    )


@route("POST", "v3/REST/contact")
def create(call):
    given = CONTACT.parse(call, creating=True)
    email = given.pop("email").lower()
    if not is_email(email):
        raise errors.invalid_property("Email", "MJ01 Invalid email address")
    sql = "SELECT 1 FROM contact WHERE key_id = ? AND email = ?"
    if fetch(call.db, sql, call.key_id, email):
        raise errors.duplicate("Contact", email, "Email")
    contact_id = insert(
        call.db,
        "contact",
        key_id=call.key_id,
        email=email,
        created_at=call.now,
        excluded_at=call.now if given.get("is_excluded") else None,
        **given,
    )
    return call.rows(CONTACT.one(call, contact_id), 201)


@route("PUT", "v3/REST/contact/*")
def put(call):
    row = CONTACT.find(call, call.ids[0])
    given = CONTACT.parse(call, creating=False)
    if given.get("is_excluded", row["is_excluded"]) != row["is_excluded"]:
        given["excluded_at"] = call.now
    CONTACT.update(call, row, given)
    return call.rows(CONTACT.one(call, row["id"]))


@route("DELETE", "v3/REST/contact/*")
def delete(call):
    """Contacts cannot be deleted through v3; the answer is that for a wrong key."""
    raise errors.unauthorized()


@route("DELETE", "v4/contacts/*", gateway=True)
def delete_personal_data(call):
    """The row stays, without anything about the person; the answer is the same for an
    unknown id."""
    row = fetch(
        call.db,
        "SELECT * FROM contact WHERE key_id = ? AND id = ?",
        call.key_id,
        call.ids[0],
    )
    if row:
        update(
            call.db,
            "contact",
            row["id"],
            email=f"{secrets.token_hex(16)}@deleted.invalid",
            name="",
            properties="{}",
        )
        call.db.execute("DELETE FROM member WHERE contact_id = ?", (row["id"],))
    return Answer()


@route("GET", "v3/REST/contact/*/getcontactslists")
def getcontactslists(call):
    contact = CONTACT.find(call, call.ids[0])
    sql = "SELECT * FROM member WHERE contact_id = ? ORDER BY id"
    rows = [
        {
            "IsActive": bool(row["is_active"]),
            "IsUnsub": bool(row["is_unsubscribed"]),
            "ListID": row["list_id"],
            "SubscribedAt": envelope.rfc3339(row["subscribed_at"]),
        }
        for row in call.db.execute(sql, (contact["id"],))
    ]
    return call.rows(rows)


@route("POST", "v3/REST/contact/*/managecontactslists")
def managecontactslists(call):
    contact = CONTACT.find(call, call.ids[0])
    targets = call.fields("TManageContactsLists", "ContactsLists").get("ContactsLists")
    check_lists(call, targets)
    for target in targets:
        membership.apply_to_contact(
            call.db, target["Action"], target["ListID"], call.now, contact["id"]
        )
    return call.rows([{"ContactsLists": targets}], 201)
