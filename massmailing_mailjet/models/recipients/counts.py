"""How the counts of a mailing are defined on its recipients: data only."""

from ...const import SENT_STATUSES
from .const import EXCLUSION_COUNTS, KIND_COUNTS

# The rows that each count includes, as domains on the mailing's recipients. A delivery
# outweighs a soft bounce, and a hard bounce outweighs a delivery: no row is in both.
COUNT_DOMAINS = {
    "recipient_count": [],
    "planned_count": [("verdict", "=", "send")],
    "excluded_count": [("verdict", "=", "excluded")],
    **{
        name: [("exclusion_reason", "in", reasons)]
        for name, reasons in EXCLUSION_COUNTS.items()
    },
    **{name: [("kind", "=", kind)] for kind, name in KIND_COUNTS.items()},
    "sent_count": [("status", "in", SENT_STATUSES)],
    "failed_count": [("status", "=", "failed")],
    "delivered_count": [("delivered_date", "!=", False), ("bounce_type", "!=", "hard")],
    "unmeasured_count": [
        ("delivered_date", "!=", False),
        ("bounce_type", "!=", "hard"),
        ("is_unmeasured", "=", True),
    ],
    "opened_count": [("opened_date", "!=", False)],
    "machine_opened_count": [
        ("machine_open_count", ">", 0),
        ("opened_date", "=", False),
    ],
    "clicked_count": [("clicked_date", "!=", False)],
    "bounced_count": [
        ("bounced_date", "!=", False),
        "|",
        ("bounce_type", "=", "hard"),
        ("delivered_date", "=", False),
    ],
    "blocked_count": [("blocked_date", "!=", False), ("delivered_date", "=", False)],
    "complaint_count": [("complained_date", "!=", False)],
    "optout_count": [("unsubscribed_date", "!=", False)],
}

# The counts that change with Mailjet's events, and that reports sum up.
RESULT_COUNTS = (
    "sent_count",
    "failed_count",
    "delivered_count",
    "unmeasured_count",
    "opened_count",
    "machine_opened_count",
    "clicked_count",
    "bounced_count",
    "blocked_count",
    "complaint_count",
    "optout_count",
)

# Those that each campaign of a divided mailing has as well: of its own rows.
CAMPAIGN_COUNTS = (
    "delivered_count",
    "unmeasured_count",
    "opened_count",
    "clicked_count",
    "bounced_count",
    "optout_count",
)
