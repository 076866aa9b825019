"""openinformation and clickstatistics: every opening and click, one row each, for
clients without a webhook.

They refer to messages and contacts by their ids, never by their address, and without a
start date they only return those of today.
"""

from ..envelope import parse_time
from ..rest import Field, Filter, Resource

DAY = 86_400


def _of_message(column):
    return f"(SELECT {column} FROM message WHERE message.id = message_id)"


class _Reactions(Resource):
    """Rows of one type of event."""

    def list(self, call, *conditions):
        if "eventfromts" not in call.args:
            conditions += (("created_at >= ?", call.now - call.now % DAY),)
        return super().list(call, *conditions)


FILTERS = {
    "campaignid": Filter(f"{_of_message('campaign_id')} = ?", int),
    "messageid": Filter("message_id = ?", int),
    "eventfromts": Filter("created_at >= ?", parse_time),
    "eventtots": Filter("created_at <= ?", parse_time),
}
OPENINFORMATION = _Reactions(
    name="openinformation",
    table="event",
    scope="key_id = ? AND type = 'open'",
    filters=FILTERS,
    fields=(
        Field("ArrivedAt", _of_message("arrived_at"), "date"),
        Field("CampaignID", _of_message("campaign_id"), "int"),
        Field("ContactID", _of_message("contact_id"), "int"),
        Field("MessageID", "message_id", "int"),
        Field("OpenedAt", "created_at", "date"),
        Field("UserAgentFull", "json_extract(fields, '$.agent')"),
        Field("UserAgentID", "0", "int"),
    ),
)
CLICKSTATISTICS = _Reactions(
    name="clickstatistics",
    table="event",
    scope="key_id = ? AND type = 'click'",
    filters=FILTERS,
    fields=(
        Field("ClickedAt", "created_at", "date"),
        Field("ClickedDelay", f"created_at - {_of_message('arrived_at')}", "int"),
        Field("ContactID", _of_message("contact_id"), "int"),
        Field("ID", "id", "int"),
        Field("MessageID", "message_id", "int"),
        Field("Url", "json_extract(fields, '$.url')"),
        Field("UserAgentID", "0", "int"),
    ),
)
OPENINFORMATION.register_reads()
CLICKSTATISTICS.register_reads()
