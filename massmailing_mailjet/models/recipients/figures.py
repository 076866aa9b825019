"""What the figures of a mailing count among its recipients: data only."""

from ...const import DEPARTED_STATUSES, EXCLUSION_FIGURES, KIND_FIGURES

# What each figure of a mailing counts among its rows. A soft bounce is made good by a
# delivery, a delivery undone by a hard bounce: no row is in both.
STATISTIC_CONDITIONS = {
    "sent_count": f"status IN {DEPARTED_STATUSES}",
    "failed_count": "status = 'failed'",
    "delivered_count": (
        "delivered_date IS NOT NULL AND bounce_type IS DISTINCT FROM 'hard'"
    ),
    "opened_count": "opened_date IS NOT NULL",
    "machine_opened_count": "machine_open_count > 0 AND opened_date IS NULL",
    "clicked_count": "clicked_date IS NOT NULL",
    "bounced_count": (
        "bounced_date IS NOT NULL AND (bounce_type = 'hard' OR delivered_date IS NULL)"
    ),
    "blocked_count": "blocked_date IS NOT NULL AND delivered_date IS NULL",
    "complaint_count": "complained_date IS NOT NULL",
    "optout_count": "unsubscribed_date IS NOT NULL",
}

# Whom the figures of a mailing count, as domains on its recipients; those of what came
# back say the same as STATISTIC_CONDITIONS.
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
