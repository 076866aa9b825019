"""contactslist: lists, and adding contacts to them."""

import json
import secrets
import string

from .. import errors, membership, values
from ..jobs import enqueue
from ..rest import Field, Filter, Resource, is_email, to_bool
from ..routing import no_content, route
from ..store import insert, update
from .contacts import ensure_contact, merge_properties
from .manycontacts import answer_job, check_contacts

LIST = Resource(
    name="contactslist",
    table="contactslist",
    unique="address",
    sorts=("id", "isdeleted", "name", "createdat"),
    fields=(
        Field("Address", "address"),
        Field("CreatedAt", "created_at", "date"),
        Field("ID", "id", "int"),
        Field("IsDeleted", "is_deleted", "bool", "rw"),
        Field("Name", "name", "str", "rw", required=True),
        Field(
            "SubscriberCount",
            "(SELECT count(*) FROM member WHERE list_id = contactslist.id)",
            "int",
        ),
    ),
    filters={
        "address": Filter("address = ?"),
        "excludeid": Filter("id != ?", int),
        "isdeleted": Filter("is_deleted = ?", to_bool),
        "name": Filter("name = ?"),
    },
)
LIST.register_reads()
LIST.register_update()


def live_list(call, ident):
    """The list named by a path segment; 404 if it is unknown or deleted."""
    row = LIST.find(call, ident)
    if row["is_deleted"]:
        raise errors.not_found()
    return row


@route("POST", "v3/REST/contactslist")
def create(call):
    given = LIST.parse(call, creating=True)
    address = "".join(secrets.choice(string.ascii_lowercase) for _ in range(9))
    list_id = insert(
        call.db,
        "contactslist",
        key_id=call.key_id,
        address=address,
        created_at=call.now,
        **given,
    )
    return call.rows(LIST.one(call, list_id), 201)


@route("DELETE", "v3/REST/contactslist/*")
def delete(call):
    """The list remains readable, marked as deleted; its contacts remain too."""
    update(call.db, "contactslist", LIST.find(call, call.ids[0])["id"], is_deleted=1)
    return no_content()


@route("POST", "v3/REST/contactslist/*/managecontact")
def managecontact(call):
    if not call.raw:
        raise errors.server_failure()
    row = live_list(call, call.ids[0])
    given = call.fields("TManageContact", "Email", "Action", "Name", "Properties")
    if not is_email(given.get("Email")):
        raise errors.invalid_property("Email", "MJ01 Invalid email address")
    if given.get("Action") not in membership.ACTIONS:
        raise errors.invalid_property("Action", "MJ06 Invalid value")
    properties = given.get("Properties") or {}
    problems = values.problems(properties, values.definitions(call.db, call.key_id))
    if problems:
        raise errors.invalid({"Properties": problems})
    contact_id = ensure_contact(call, given["Email"], given.get("Name") or "")
    merge_properties(call, contact_id, properties)
    membership.apply_to_contact(
        call.db, given["Action"], row["id"], call.now, contact_id
    )
    answer = {
        "ContactID": contact_id,
        "Email": given["Email"],
        "Action": given["Action"],
        "Name": given.get("Name") or "",
        "Properties": properties,
    }
    return call.rows([answer], 201)


@route("POST", "v3/REST/contactslist/*/managemanycontacts")
def managemanycontacts(call):
    row = live_list(call, call.ids[0])
    given = call.fields("TManageManyContacts", "Action", "Contacts")
    if given.get("Action") not in membership.ACTIONS:
        raise errors.invalid_property("Action", "MJ06 Invalid value")
    check_contacts(given.get("Contacts"))
    target = {"ListID": row["id"], "Action": given["Action"]}
    payload = {"Contacts": given["Contacts"], "ContactsLists": [target]}
    job_id = enqueue(
        call, "json", list_id=row["id"], payload=json.dumps(payload, ensure_ascii=False)
    )
    return call.rows([{"JobID": job_id}], 201)


@route("GET", "v3/REST/contactslist/*/managemanycontacts/*")
def managemanycontacts_job(call):
    row = LIST.find(call, call.ids[0])
    return answer_job(call, call.ids[1], row["id"])
