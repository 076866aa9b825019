"""Vocabulary of the add-on: data only."""

MAILJET_API_URL = "https://api.mailjet.com"

# A kind of recipient is a way to look at a record: a res.partner is either a contact (a
# person) or an account (a company).
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

# The models that recipients come from: the row's field that links to the record, and
# the record's email field.
RECORD_SOURCES = {
    "res.partner": {"link": "partner_id", "email": "email"},
    "crm.lead": {"link": "lead_id", "email": "email_from"},
}

# What a record must match, besides the filter, to be loaded as that kind.
KIND_DOMAIN = {
    "contact": [("is_company", "=", False)],
    "account": [("is_company", "=", True)],
    "lead": [],
}

# What variables take their values from: a recipient's records, and the person who looks
# after the recipient.
VARIABLE_KINDS = [*KINDS, ("salesperson", "Salesperson")]
VARIABLE_MODEL = {**KIND_MODEL, "salesperson": "res.partner"}

# For each kind of recipient, the kinds of records whose values it can use, nearest
# first: a contact has an account, a lead has both.
VALUE_KINDS = {
    "contact": ("contact", "account", "salesperson"),
    "account": ("account", "salesperson"),
    "lead": ("lead", "contact", "account", "salesperson"),
    "target": ("contact", "account", "lead", "salesperson"),
}

RECIPIENT_TYPES = [
    ("contact", "Contacts"),
    ("account", "Accounts"),
    ("lead", "Leads"),
    ("target", "Targets"),
]

COMPOSITIONS = [
    ("template", "Template"),
    ("blank", "Visual editor"),
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

# States in which a mailing is being worked on, not just waiting for its turn.
MOVING_STATES = ("preparing", "sending")

# States in which the cron has work to do.
ACTIVE_STATES = ("in_queue", *MOVING_STATES)

# Why an address gets no mass mailing.
UNSUBSCRIBE_CAUSES = [
    ("complained", "Marked our email as spam"),
    ("unsubscribed", "Unsubscribed"),
    ("bounced", "Address bounced"),
    ("blacklisted", "Blacklisted"),
]
# A pause is no opt-out: it ends by itself.
CONSENT_CAUSES = [*UNSUBSCRIBE_CAUSES, ("paused", "Paused")]
# The weight of each cause. An address may have several active causes: it is excluded
# for the heaviest, and each one ends independently.
CAUSE_RANKS = {"complained": 4, "unsubscribed": 3, "bounced": 2, "blacklisted": 1}
# Decisions of the person, rather than facts about the mailbox: they still apply when
# the person's records are merged into one with another address.
PERSONAL_CAUSES = ("complained", "unsubscribed")
# Causes that only a manager of mass mailings can lift.
MANAGER_CAUSES = ("complained", "bounced")
# What recipients take back themselves, as they entered it.
RECIPIENT_CAUSES = ("unsubscribed", "paused")

# How Odoo learned that an address opted out of mass mailings.
CONSENT_SOURCES = [
    ("user", "Set by a user"),
    ("recipient", "Preference page"),
    ("program", "Set by a program"),
    ("import", "Import"),
    ("webhook", "Reported by Mailjet"),
    ("sync", "Found by polling Mailjet"),
    ("list", "Read from a mailing's list at Mailjet"),
    ("suppression", "Excluded from all campaigns at Mailjet"),
    ("report", "Taken over from the exclusion mismatches"),
    ("blacklist", "Odoo's blacklist"),
    ("merge", "Merged records"),
    ("migration", "Known before the upgrade"),
]
# How an opt-out was lifted.
LIFT_SOURCES = [("user", "A user"), ("recipient", "Preference page")]

# Why a company may write to people: article 13 of Directive 2002/58/EC, and what
# countries have made of it. https://eur-lex.europa.eu/eli/dir/2002/58/oj
LEGAL_BASES = [
    ("consent", "Consent"),
    ("customer", "Customer (similar products)"),
    ("business", "Business (related to the profession)"),
    ("none", "None"),
]

# Fields of a mailing that are frozen once it is being sent: what recipients see of it.
# The name, the responsible and the UTM campaign may still change, for reports and
# notifications; the email keeps their previous values (`mailjet_campaign_frozen`).
CONTENT_FIELDS = {
    "subject",
    "preview",
    "topic_id",
    "lang",
    "account_id",
    "company_id",
    "sender_id",
    "sender_email",
    "sender_name",
    "reply_to",
    "from_salesperson",
    "online_version_text",
    "unsubscribe_text",
    "preferences_text",
    "has_company_details",
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

# Statuses of a row whose email was sent with its campaign.
SENT_STATUSES = tuple(
    status
    for status, _label in RECIPIENT_STATUSES
    if status not in ("pending", "outgoing", "failed")
)

# Kinds of follow-up mailings.
FOLLOW_UPS = [
    ("remaining", "To those not reached"),
    ("reminder", "To non-openers"),
]

EVENT_STATES = [
    ("pending", "To apply"),
    ("done", "Applied"),
    ("unmatched", "Not applied"),
]
# Why an event is not applied, except for what it says about the address itself.
UNMATCHED_REASONS = [
    ("malformed", "Unreadable"),
    ("too_large", "Too large"),
    ("unknown_type", "Unknown type of event"),
    ("no_email", "Without an address"),
    ("unknown_mailing", "Unknown mailing"),
    ("unknown_recipient", "Unknown recipient"),
    ("failed", "Could not be applied"),
]

# The status of a row whose email was sent: the first fact that holds. Facts are only
# ever added, so that a status only moves up this table, in whatever order the events
# arrive. An opening outweighs any bounce: the email has arrived. A hard bounce
# outweighs a delivery, which servers report too early; a delivery cancels out a soft
# bounce.
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

# Steps of a send, in the order in which the delivery engine takes them.
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
    ("send", "Starting the sending"),
    ("scheduled", "Scheduled at Mailjet"),
    ("follow", "Confirming the sending"),
]
DELIVERY_STEP_NAMES = [name for name, _label in DELIVERY_STEPS]
# The steps that a mailing takes instead when it is stopped or rescheduled: first
# Mailjet drops it, then its recipients are made ready for another send.
WITHDRAWAL_STEP = ("unschedule", "Withdrawing from Mailjet")
RELEASE_STEP = ("release", "Stopping")
STOPPING_STEPS = (WITHDRAWAL_STEP[0], RELEASE_STEP[0])

# Maximum length of a personalization variable, in characters.
VARIABLE_LENGTH = 255

# How many days raw events are kept by default.
RETENTION_DAYS = 90
