"""Vocabulary of the add-on: data only."""

MAILJET_API_URL = "https://api.mailjet.com"

# One kind of recipient is one way to look at a record: res.partner is both the
# contact (a person) and the account (a company).
KINDS = [
    ("contact", "Contact"),
    ("account", "Account"),
    ("lead", "Lead"),
]

KIND_MODEL = {
    "contact": "res.partner",
    "account": "res.partner",
    "lead": "crm.lead",
}

# The models that recipients come from: how a row names the record, and where the
# record has its address.
RECORD_SOURCES = {
    "res.partner": {"link": "partner_id", "email": "email"},
    "crm.lead": {"link": "lead_id", "email": "email_from"},
}

# What a record must be, beside matching the filter, to be loaded as that kind.
KIND_DOMAIN = {
    "contact": [("is_company", "=", False)],
    "account": [("is_company", "=", True)],
    "lead": [],
}

# Kinds of records whose values the recipients of each type have, the nearest first: a
# contact has an account, a lead has both.
VALUE_KINDS = {
    "contact": ("contact", "account"),
    "account": ("account",),
    "lead": ("lead", "contact", "account"),
    "target": ("contact", "account", "lead"),
}

RECIPIENT_TYPES = [
    ("contact", "Contacts"),
    ("account", "Accounts"),
    ("lead", "Leads"),
    ("target", "Targets"),
]

COMPOSITIONS = [
    ("template", "Template"),
    ("blank", "Blank page"),
    ("html", "HTML code"),
]

STEPS = [
    ("details", "Details"),
    ("content", "Composition"),
    ("recipients", "Recipients"),
    ("sending", "Send"),
]
STEP_NAMES = [name for name, _label in STEPS]

STATES = [
    ("draft", "Draft"),
    ("in_queue", "In queue"),
    ("preparing", "Preparing"),
    ("sending", "Sending"),
    ("done", "Sent"),
    ("cancelled", "Canceled"),
    ("failed", "Failed"),
]

# States in which the content, the recipients and the schedule may still change.
EDITABLE_STATES = ("draft", "cancelled")

# States in which a mailing moves, and does not only wait for its turn.
MOVING_STATES = ("preparing", "sending")

# States in which the cron has something to do.
ACTIVE_STATES = ("in_queue", *MOVING_STATES)

# Why a row is not mailed. The order is the order of precedence: a row carries the
# first reason that applies to it (models/recipients/mailjet_verdict.py computes them).
EXCLUSION_REASONS = [
    ("unticked", "Not selected"),
    ("complained", "Marked our email as spam"),
    ("unsubscribed", "Unsubscribed from mass mailing"),
    ("bounced", "Address bounced"),
    ("blacklisted", "Blacklisted"),
    ("deleted", "Record deleted"),
    ("archived", "Record archived"),
    ("no_email", "No address"),
    ("invalid_email", "Invalid address"),
    ("left_out", "In an excluded target"),
    ("recent", "Mailed recently"),
    ("answered", "Opened the first mailing since"),
    ("duplicate", "Duplicate of another recipient"),
]

# Of these, what is wrong with a row's record itself: kept on the row, since telling it
# anew for each verdict would read a million records and match as many patterns.
RECORD_ISSUES = [
    reason
    for reason in EXCLUSION_REASONS
    if reason[0] in ("deleted", "archived", "no_email", "invalid_email")
]

# The figures of a mailing, and the reasons that each of them counts.
EXCLUSION_FIGURES = {
    "unticked_count": ("unticked",),
    "past_bounce_count": ("bounced",),
    "past_complaint_count": ("complained",),
    "unsubscribed_count": ("unsubscribed",),
    "blacklisted_count": ("blacklisted",),
    "archived_count": ("deleted", "archived"),
    "invalid_count": ("no_email", "invalid_email"),
    "left_out_count": ("left_out",),
    "recent_count": ("recent",),
    "answered_count": ("answered",),
    "duplicate_count": ("duplicate",),
}
KIND_FIGURES = {
    "contact": "contact_count",
    "account": "account_count",
    "lead": "lead_count",
}

# Why an address gets no mass mailing.
UNSUBSCRIBE_CAUSES = [
    ("complained", "Marked our email as spam"),
    ("unsubscribed", "Unsubscribed"),
    ("bounced", "Address bounced"),
    ("blacklisted", "Blacklisted"),
]
# How much each cause weighs. An address may have several causes in force, and is
# excluded for the heaviest; each of them ends for itself.
CAUSE_RANKS = {"complained": 4, "unsubscribed": 3, "bounced": 2, "blacklisted": 1}
# What a person has decided, rather than what is true of the mailbox alone: it goes on
# to hold when the person's records are merged into one with another address.
PERSONAL_CAUSES = ("complained", "unsubscribed")
# Causes that only a manager of mass mailings can lift.
MANAGER_CAUSES = ("complained", "bounced")

# How it became known that an address refuses mass mailings.
CONSENT_SOURCES = [
    ("user", "Set by a user"),
    ("program", "Set by a program"),
    ("import", "Import"),
    ("webhook", "Reported by Mailjet"),
    ("pull", "Found by polling Mailjet"),
    ("list", "Read from a mailing's list at Mailjet"),
    ("suppression", "Excluded from all campaigns at Mailjet"),
    ("report", "Taken over from the exclusion mismatches"),
    ("blacklist", "Odoo's blacklist"),
    ("merge", "Merged records"),
    ("migration", "Known before the upgrade"),
]

# Fields of a mailing that stay as they were once it is on its way: what recipients see
# of it. The name, the responsible and the UTM campaign may still change, for reports
# and for whom to tell; the email keeps what they were (`mailjet_mailing_frozen`).
CONTENT_FIELDS = {
    "subject",
    "preview",
    "account_id",
    "company_id",
    "sender_id",
    "sender_email",
    "sender_name",
    "reply_to",
    "online_version_text",
    "unsubscribe_text",
    "composition",
    "body_arch",
    "body_html",
    "body_code",
    "body_text",
}

VERDICTS = [
    ("send", "To send"),
    ("excluded", "Excluded"),
]

RECIPIENT_STATUSES = [
    ("pending", "Pending"),
    ("outgoing", "Outgoing"),
    ("sent", "Sent"),
    ("opened", "Opened"),
    ("clicked", "Clicked"),
    ("bounced", "Bounced"),
    ("blocked", "Blocked"),
    ("complained", "Complained"),
    ("unsubscribed", "Unsubscribed"),
    ("failed", "Failed"),
]

# Statuses of a row whose e-mail has left with its campaign.
DEPARTED_STATUSES = tuple(
    status
    for status, _label in RECIPIENT_STATUSES
    if status not in ("pending", "outgoing", "failed")
)

# Mailings that follow another.
FOLLOW_UPS = [
    ("rest", "To those not reached"),
    ("reminder", "To non-openers"),
]

EVENT_STATES = [
    ("pending", "To apply"),
    ("done", "Applied"),
    ("parked", "Not applied"),
]
# Why an event changes nothing but what it says of the address itself.
PARK_REASONS = [
    ("malformed", "Unreadable"),
    ("too_large", "Too large"),
    ("unknown_type", "Unknown type of event"),
    ("no_email", "Without an address"),
    ("unknown_mailing", "Unknown mailing"),
    ("unknown_recipient", "Unknown recipient"),
    ("failed", "Could not be applied"),
]

# The status of a row whose e-mail has left is that of the first fact that holds. Facts
# are only ever added, so that a status only moves forward, up this table, whatever the
# order in which the news comes. A person who opens outweighs any bounce: the e-mail has
# arrived. A hard bounce outweighs a delivery, which servers report too early; a soft
# one is made good by it.
STATUS_FACTS = [
    ("complained", "complained_date IS NOT NULL"),
    ("unsubscribed", "unsubscribed_date IS NOT NULL"),
    ("clicked", "clicked_date IS NOT NULL"),
    ("opened", "opened_date IS NOT NULL"),
    ("bounced", "bounce_type = 'hard'"),
    ("sent", "delivered_date IS NOT NULL"),
    ("bounced", "bounced_date IS NOT NULL"),
    ("blocked", "blocked_date IS NOT NULL"),
]

# Remote steps of a sending, in the order in which the delivery engine takes them.
DELIVERY_STEPS = [
    ("freeze", "Finalizing recipients"),
    ("list", "Creating the list"),
    ("properties", "Preparing variables"),
    ("upload", "Uploading recipients"),
    ("import", "Waiting for the import"),
    ("draft", "Creating the campaign"),
    ("content", "Uploading content"),
    ("schedule", "Waiting for the scheduled time"),
    ("recheck", "Rechecking exclusions"),
    ("departure", "Starting the sending"),
    ("hold", "Scheduled at Mailjet"),
    ("follow", "Confirming the sending"),
]
# The steps that a mailing takes instead when it is stopped, or moved to another hour:
# while Mailjet holds it, then while its recipients are made ready for a new sending.
WITHDRAWAL_STEP = ("unschedule", "Withdrawing from Mailjet")
RELEASE_STEP = ("release", "Stopping")

# Longest value of a personalisation variable, in characters.
VARIABLE_LENGTH = 255

# How many days raw events are kept, unless the settings say otherwise.
RETENTION_DAYS = 90
