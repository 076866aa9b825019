"""campaigndraft: what a campaign will be, until it is sent."""

from .. import errors
from ..jobs import cancel_campaign
from ..rest import Field, Filter, Resource, is_email, to_bool
from ..routing import route
from ..store import fetch, insert
from . import details

DRAFT, PROGRAMMED, SENT, ARCHIVED, DELETED = 0, 1, 2, -1, -2
EDIT_MODES = ("tool2", "html2", "mjml")


def _statuses(text):
    return ",".join(str(int(part)) for part in text.split(","))


CAMPAIGNDRAFT = Resource(
    name="campaigndraft",
    table="draft",
    fields=(
        Field("CampaignID", "campaign_id", "int"),
        Field("ContactsListID", "list_id", "int", "rw"),
        Field("CreatedAt", "created_at", "date"),
        Field("DeliveredAt", "delivered_at", "date"),
        Field("EditMode", "edit_mode", "str", "rw"),
        Field("ID", "id", "int"),
        Field("IsStarred", "is_starred", "bool", "rw"),
        Field("IsTextPartIncluded", "is_text_part_included", "bool", "rw"),
        Field("Locale", "locale", "str", "rw", required=True),
        Field("ModifiedAt", "modified_at", "date"),
        Field("Preset", "''"),
        Field("ReplyEmail", "reply_email", "str", "rw"),
        Field("SegmentationID", "segmentation_id", "int", "rw"),
        Field("Sender", "sender", "str", "rw", required=True),
        Field("SenderEmail", "sender_email", "str", "rw", required=True),
        Field("SenderName", "sender_name", "str", "rw"),
        Field("Status", "status", "int", "rw"),
        Field("Subject", "subject", "str", "rw", required=True),
        Field("TemplateID", "template_id", "int", "rw"),
        Field("Title", "title", "str", "rw"),
        Field("Url", "''"),
        Field("Used", "used", "bool"),
    ),
    filters={
        "campaign": Filter("campaign_id = ?", int),
        "contactslist": Filter("list_id = ?", int),
        "editmode": Filter("edit_mode = ?"),
        "isarchived": Filter("(status = -1) = ?", to_bool),
        "iscampaign": Filter("(campaign_id != 0) = ?", to_bool),
        "isdeleted": Filter("(status = -2) = ?", to_bool),
        "isstarred": Filter("is_starred = ?", to_bool),
        "segmentation": Filter("segmentation_id = ?", int),
        "status": Filter("',' || ? || ',' LIKE '%,' || status || ',%'", _statuses),
        "subject": Filter("subject = ?"),
        "template": Filter("template_id = ?", int),
    },
)
CAMPAIGNDRAFT.register_reads()


@route("POST", "v3/REST/campaigndraft")
def create(call):
    given = CAMPAIGNDRAFT.parse(call, creating=True)
    _check(call, given)
    if given.pop("status", DRAFT) != DRAFT:
        raise errors.read_only("Status")
    if not given.get("list_id"):
        raise errors.invalid_property("ContactsListID", "a value is required")
    draft_id = insert(
        call.db, "draft", key_id=call.key_id, created_at=call.now, **given
    )
    return call.rows(CAMPAIGNDRAFT.one(call, draft_id), 201)


@route("PUT", "v3/REST/campaigndraft/*")
def put(call):
    """Change a draft that was not sent.

    Documented as partial, but observed to reset the list and the title if they are left
    out: the less convenient is done.
    """
    row = CAMPAIGNDRAFT.find(call, call.ids[0])
    given = CAMPAIGNDRAFT.parse(call, creating=False)
    _check(call, given)
    status = given.get("status", row["status"])
    if status != row["status"]:
        _check_withdrawal(row, status)
        cancel_campaign(call.db, row["id"])
    else:
        require_editable(row)
        given = {"list_id": 0, "title": ""} | given
    CAMPAIGNDRAFT.update(call, row, given)
    return call.rows(CAMPAIGNDRAFT.one(call, row["id"]))


def _check_withdrawal(row, status):
    """PUT only changes the status to archived or deleted, and only before the send."""
    if status not in (ARCHIVED, DELETED):
        raise errors.read_only("Status")
    if row["status"] not in (DRAFT, PROGRAMMED, ARCHIVED):
        raise errors.legacy(400, "Newsletter has to be in status draft or programmed")


def require_editable(row):
    """Edits of anything but a draft are undocumented: rejected."""
    if row["status"] != DRAFT:
        raise errors.legacy(400, "Newsletter has to be in status draft")


def _check(call, given):
    if not is_email(given.get("sender_email", "any@example.com")):
        raise errors.invalid_property("SenderEmail", "MJ01 Invalid email address")
    if given.get("reply_email") and not is_email(given["reply_email"]):
        raise errors.invalid_property("ReplyEmail", "MJ01 Invalid email address")
    if given.get("edit_mode", "html2") not in EDIT_MODES:
        raise errors.invalid_property("EditMode", "MJ06 Invalid value")
    list_id = given.get("list_id")
    known = "SELECT 1 FROM contactslist WHERE id = ? AND key_id = ?"
    if list_id and not fetch(call.db, known, list_id, call.key_id):
        raise errors.invalid_property("ContactsListID", "unknown list")


@route("GET", "v3/REST/campaigndraft/*/detailcontent", gateway=True)
def get_content(call):
    return details.answer(call, CAMPAIGNDRAFT.find(call, call.ids[0]))


@route("POST", "v3/REST/campaigndraft/*/detailcontent", gateway=True)
def post_content(call):
    row = CAMPAIGNDRAFT.find(call, call.ids[0])
    require_editable(row)
    details.overwrite(call, "draft", row)
    return details.answer(call, CAMPAIGNDRAFT.find(call, call.ids[0]), 201)
