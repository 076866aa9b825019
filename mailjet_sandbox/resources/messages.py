"""message: one row per recipient of everything that was sent."""

from ..envelope import parse_time
from ..rest import FORMATTERS, Field, Filter, Resource

STATUSES = (
    "processed",
    "queued",
    "sent",
    "opened",
    "clicked",
    "bounce",
    "spam",
    "unsub",
    "blocked",
    "softbounced",
    "hardbounced",
    "deferred",
)


def _status(text):
    return STATUSES[int(text)] if int(text) < len(STATUSES) else ""


def format_uuid(blob):
    """16 random bytes as the UUID that the API shows."""
    text = bytes(blob).hex()
    return "-".join((text[:8], text[8:12], text[12:16], text[16:20], text[20:]))


FORMATTERS["uuid"] = format_uuid


def _of_campaign(column):
    """A column of the message's campaign; 1 without one."""
    campaign = f"(SELECT {column} FROM campaign WHERE campaign.id = campaign_id)"
    return f"coalesce({campaign}, 1)"


_SUBJECT = "(SELECT subject FROM content WHERE id = content_id)"

# Only returned on request: the query parameter that requests the property.
ON_REQUEST = {
    "ContactAlt": "showcontactalt",
    "CustomID": "showcustomid",
    "Subject": "showsubject",
}


class _Messages(Resource):
    """Rows as Mailjet shows them: the address only on request, the state only if
    set."""

    def shape(self, call, row):
        for name, parameter in ON_REQUEST.items():
            if call.args.get(parameter, "").lower() not in ("true", "1"):
                row[name] = ""
        if not row["StateID"]:
            del row["StateID"]
        return row


MESSAGE = _Messages(
    name="message",
    table="message",
    sorts=("id", "arrivedat"),
    fields=(
        Field("ArrivedAt", "arrived_at", "date"),
        Field("AttachmentCount", "0", "int"),
        Field("AttemptCount", "0", "int"),
        Field("CampaignID", "campaign_id", "int"),
        Field("ContactAlt", "email"),
        Field("ContactID", "contact_id", "int"),
        Field("CustomID", "custom_id"),
        Field("Delay", "0", "int"),
        Field("DestinationID", "0", "int"),
        Field("FilterTime", "0", "int"),
        Field("ID", "id", "int"),
        Field("IsClickTracked", _of_campaign("click_tracked"), "bool"),
        Field("IsHTMLPartIncluded", "0", "bool"),
        Field("IsOpenTracked", _of_campaign("open_tracked"), "bool"),
        Field("IsTextPartIncluded", "0", "bool"),
        Field("IsUnsubTracked", "0", "bool"),
        Field("MessageSize", "0", "int"),
        Field("SenderID", "sender_id", "int"),
        Field("SpamassassinScore", "0", "int"),
        Field("SpamassRules", "''"),
        Field("StateID", "state_id", "int"),
        Field("StatePermanent", "0", "bool"),
        Field("Status", "status"),
        Field("Subject", _SUBJECT),
        Field("UUID", "uuid", "uuid"),
    ),
    filters={
        "campaign": Filter("campaign_id = ?", int),
        "contact": Filter("contact_id = ?", int),
        "contactalt": Filter("email = lower(?)"),
        "customid": Filter("custom_id = ?"),
        "fromts": Filter("arrived_at > ?", parse_time),
        "messagestate": Filter("state_id = ?", int),
        "messagestatus": Filter("status = ?", _status),
        "senderid": Filter("sender_id = ?", int),
        "tots": Filter("arrived_at <= ?", parse_time),
    },
)
MESSAGE.register_reads()
