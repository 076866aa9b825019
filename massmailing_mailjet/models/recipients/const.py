"""Why recipients are not mailed, and the counts of them: data only."""

# Why a row is not mailed, in order of precedence: a row carries the first reason that
# applies to it (computed in mailjet_verdict.py).
EXCLUSION_REASONS = [
    ("unticked", "Not selected"),
    ("complained", "Marked our email as spam"),
    ("unsubscribed", "Unsubscribed from mass mailing"),
    ("left_topic", "Unsubscribed from this topic"),
    ("paused", "Paused"),
    ("bounced", "Address bounced"),
    ("blacklisted", "Blacklisted"),
    ("deleted", "Record deleted"),
    ("archived", "Record archived"),
    ("no_email", "No address"),
    ("invalid_email", "Invalid address"),
    ("excluded_target", "In an excluded target"),
    ("answered", "Already answered"),
    ("asked", "Asked less than six months ago"),
    ("recent", "Mailed recently"),
    ("not_asked", "Not to be asked"),
    ("engaged", "Opened the first mailing, or not measured"),
    ("duplicate", "Duplicate of another recipient"),
]

# The reasons that concern the row's record itself. They are stored on the row:
# computing them for each verdict would read a million records and match as many
# patterns.
RECORD_ISSUES = [
    reason
    for reason in EXCLUSION_REASONS
    if reason[0] in ("deleted", "archived", "no_email", "invalid_email")
]

# The counts of a mailing, and the reasons that each of them includes.
EXCLUSION_COUNTS = {
    "unticked_count": ("unticked",),
    "past_bounce_count": ("bounced",),
    "past_complaint_count": ("complained",),
    "unsubscribed_count": ("unsubscribed",),
    "left_topic_count": ("left_topic",),
    "paused_count": ("paused",),
    "blacklisted_count": ("blacklisted",),
    "archived_count": ("deleted", "archived"),
    "invalid_count": ("no_email", "invalid_email"),
    "excluded_target_count": ("excluded_target",),
    "answered_count": ("answered",),
    "asked_count": ("asked",),
    "recent_count": ("recent",),
    "not_asked_count": ("not_asked",),
    "engaged_count": ("engaged",),
    "duplicate_count": ("duplicate",),
}
KIND_COUNTS = {
    "contact": "contact_count",
    "account": "account_count",
    "lead": "lead_count",
}
