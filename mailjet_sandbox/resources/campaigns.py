"""campaign: what has been sent."""

from ..envelope import parse_time
from ..rest import Field, Filter, Resource, to_bool
from ..routing import route
from ..store import fetch, insert

DAY = 86_400
PERIODS = {"day": 1, "week": 7, "month": 31, "year": 366}
# A list call with none of these only returns the campaigns of today (UTC).
REACHING_BACK = {"campaignid", "customcampaign", "fromts", "period"}


def _period(text):
    """Seconds of a period's name."""
    if text.lower() not in PERIODS:
        raise ValueError(text)
    return PERIODS[text.lower()] * DAY


def _has(part):
    condition = f"{part} IS NOT NULL AND {part} != ''"
    return f"(SELECT {condition} FROM content WHERE id = content_id)"


CAMPAIGN = Resource(
    name="campaign",
    table="campaign",
    unique="custom_value",
    fields=(
        Field("CampaignType", "campaign_type", "int"),
        Field("ClickTracked", "click_tracked", "int"),
        Field("CreatedAt", "created_at", "date"),
        Field("CustomValue", "custom_value"),
        Field(
            "FirstMessageID",
            "coalesce((SELECT min(id) FROM message WHERE campaign_id = campaign.id),0)",
            "int",
        ),
        Field("FromEmail", "from_email"),
        Field("FromID", "sender_id", "int"),
        Field("FromName", "from_name"),
        Field("HasHtmlCount", _has("html"), "int"),
        Field("HasTxtCount", _has("text"), "int"),
        Field("ID", "id", "int"),
        Field("IsDeleted", "is_deleted", "bool", "rw"),
        Field("IsStarred", "is_starred", "bool", "rw"),
        Field("ListID", "list_id", "int"),
        Field("NewsLetterID", "draft_id", "int"),
        Field("OpenTracked", "open_tracked", "int"),
        Field("SendEndAt", "send_end_at", "date"),
        Field("SendStartAt", "send_start_at", "date"),
        Field("SpamassScore", "0", "int"),
        Field("Status", "0", "int"),
        Field("Subject", "subject"),
        Field("UnsubscribeTrackedCount", "0", "int"),
    ),
    filters={
        "campaignid": Filter("id = ?", int),
        "contactslist": Filter("list_id = ?", int),
        "contactslistid": Filter("list_id = ?", int),
        "customcampaign": Filter("custom_value = ?"),
        "from": Filter("from_email = lower(?)"),
        "fromid": Filter("sender_id = ?", int),
        "fromts": Filter("created_at > ?", parse_time),
        "fromtype": Filter("campaign_type = ?", int),
        "isdeleted": Filter("is_deleted = ?", to_bool),
        "isnewslettertool": Filter("(draft_id != 0) = ?", to_bool),
        "isstarred": Filter("is_starred = ?", to_bool),
        "period": Filter("created_at > now() - ?", _period),
        "tots": Filter("created_at <= ?", parse_time),
    },
)
CAMPAIGN.register_update()
route("GET", "v3/REST/campaign/*")(CAMPAIGN.get)


@route("GET", "v3/REST/campaign")
def list_campaigns(call):
    if REACHING_BACK & set(call.args):
        return CAMPAIGN.list(call)
    return CAMPAIGN.list(call, ("created_at >= ?", call.now // DAY * DAY))


def campaign_named(call, custom_value, **first):
    """The id of a campaign of v3.1 messages, created with the first one's columns."""
    sql = "SELECT id FROM campaign WHERE key_id = ? AND custom_value = ?"
    row = fetch(call.db, sql, call.key_id, custom_value)
    if row:
        return row["id"]
    return insert(
        call.db,
        "campaign",
        key_id=call.key_id,
        custom_value=custom_value,
        campaign_type=1,
        created_at=call.now,
        send_start_at=call.now,
        **first,
    )
