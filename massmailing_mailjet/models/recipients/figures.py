"""What the figures of a mailing count among its recipients: data only."""

from ...const import DEPARTED_STATUSES, EXCLUSION_FIGURES, KIND_FIGURES

# Whom the counts of a mailing count, as domains on its recipients. A delivery outweighs
# a soft bounce, and a hard bounce outweighs a delivery: no row is in both.
PEOPLE = {
    "recipient_count": [],
    "planned_count": [("verdict", "=", "send")],
    "excluded_count": [("verdict", "=", "excluded")],
    **{
        figure: [("exclusion_reason", "in", reasons)]
        for figure, reasons in EXCLUSION_FIGURES.items()
    },
    **{figure: [("kind", "=", kind)] for kind, figure in KIND_FIGURES.items()},
    "sent_count": [("status", "in", DEPARTED_STATUSES)],
    "failed_count": [("status", "=", "failed")],
    "delivered_count": [("delivered_date", "!=", False), ("bounce_type", "!=", "hard")],
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

# The counts that change with what Mailjet reports, and that reports add up.
RESULT_COUNTS = (
    "sent_count",
    "failed_count",
    "delivered_count",
    "opened_count",
    "machine_opened_count",
    "clicked_count",
    "bounced_count",
    "blocked_count",
    "complaint_count",
    "optout_count",
)
