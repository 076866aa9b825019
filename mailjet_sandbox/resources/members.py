"""listrecipient: who is in which list.  Its rows hold no email address."""

from .. import errors
from ..rest import Field, Filter, Resource, to_bool, to_int
from ..routing import route
from ..store import fetch, insert
from .contacts import CONTACT
from .lists import LIST

MEMBER = Resource(
    name="listrecipient",
    table="member",
    scope="list_id IN (SELECT id FROM contactslist WHERE key_id = ?)",
    ascending=("id",),
    fields=(
        Field("ContactID", "contact_id", "int"),
        Field("ID", "id", "int"),
        Field("IsActive", "is_active", "bool"),
        Field("IsUnsubscribed", "is_unsubscribed", "bool", "rw"),
        Field("ListID", "list_id", "int"),
        Field("ListName", "(SELECT name FROM contactslist WHERE id = list_id)"),
        Field("SubscribedAt", "subscribed_at", "date"),
        Field("UnsubscribedAt", "unsubscribed_at", "date"),
    ),
    filters={
        "active": Filter("is_active = ?", to_bool),
        "contact": Filter("contact_id = ?", int),
        "contactemail": Filter(
            "contact_id IN (SELECT id FROM contact WHERE email = lower(?))"
        ),
        "contactslist": Filter("list_id = ?", int),
        "ignoredeleted": Filter(
            "NOT ? OR list_id IN (SELECT id FROM contactslist WHERE NOT is_deleted)",
            to_bool,
        ),
        "isexcludedfromcampaigns": Filter(
            "(SELECT is_excluded FROM contact WHERE id = contact_id) = ?", to_bool
        ),
        "listname": Filter("list_id IN (SELECT id FROM contactslist WHERE name = ?)"),
        "unsub": Filter("is_unsubscribed = ?", to_bool),
    },
)
MEMBER.register_reads()
MEMBER.register_delete()


@route("POST", "v3/REST/listrecipient")
def create(call):
    given = call.fields(
        "TListRecipient", "ContactAlt", "ContactID", "ListID", "IsUnsubscribed"
    )
    contact_id = _contact_id(call, given)
    list_id = _list_id(call, given)
    if fetch(
        call.db,
        "SELECT 1 FROM member WHERE contact_id = ? AND list_id = ?",
        contact_id,
        list_id,
    ):
        raise errors.legacy(400, "A duplicate ListRecipient already exists.")
    unsubscribed = to_bool(given.get("IsUnsubscribed", False))
    member_id = insert(
        call.db,
        "member",
        list_id=list_id,
        contact_id=contact_id,
        is_unsubscribed=unsubscribed,
        subscribed_at=call.now,
        unsubscribed_at=call.now if unsubscribed else None,
    )
    return call.rows(MEMBER.one(call, member_id), 201)


def _contact_id(call, given):
    email = given.get("ContactAlt")
    try:
        return CONTACT.find(call, str(email or given.get("ContactID")))["id"]
    except errors.ApiError:
        if not email:
            raise errors.invalid_property("ContactID", "unknown contact") from None
        text = f'Property "Contact", alternate key value "{email}" could not be'
        raise errors.legacy(400, f"{text} resolved to an ID") from None


def _list_id(call, given):
    try:
        row = LIST.find(call, str(to_int(given.get("ListID"))))
    except (ValueError, errors.ApiError):
        raise errors.invalid_property("ListID", "unknown list") from None
    return row["id"]


@route("PUT", "v3/REST/listrecipient/*")
def put(call):
    row = MEMBER.find(call, call.ids[0])
    given = MEMBER.parse(call, creating=False)
    unsubscribed = given.get("is_unsubscribed", row["is_unsubscribed"])
    if unsubscribed != row["is_unsubscribed"]:
        given["unsubscribed_at"] = call.now if unsubscribed else None
    MEMBER.update(call, row, given)
    return call.rows(MEMBER.one(call, row["id"]))
