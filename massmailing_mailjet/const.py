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

# Mailjet's number of the tool that a template was made with, and our word for it; what
# it saves for parts of templates (3) is no template.
# https://dev.mailjet.com/email/reference/templates/
TEMPLATE_EDIT_MODES = {
    1: ("drag_and_drop", "Drag and drop"),
    2: ("html", "HTML"),
    4: ("mjml", "MJML"),
}

STEPS = [
    ("details", "Details"),
    ("content", "Composition"),
    ("recipients", "Recipients"),
    ("sending", "Send"),
]

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
# first reason that applies to it (models/recipients/mailjet_ledger.py computes them).
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

# Mailjet's words for what it reports of an e-mail, and ours. "sent" is its word for
# "the recipient's server took it". https://dev.mailjet.com/email/guides/webhooks/
EVENT_TYPES = [
    ("sent", "Delivered"),
    ("open", "Opened"),
    ("click", "Clicked"),
    ("bounce", "Bounced"),
    ("blocked", "Blocked"),
    ("spam", "Marked as spam"),
    ("unsub", "Unsubscribed"),
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
BOUNCE_TYPES = [
    ("hard", "Hard"),
    ("soft", "Soft"),
]
# A bounce that is only a delay: Mailjet tries again.
EVENT_BOUNCES = [
    *BOUNCE_TYPES,
    ("deferred", "Deferred"),
]
# Mailjet's words for why an e-mail did not arrive, and ours. Words that are not here
# are shown as they come. https://dev.mailjet.com/email/guides/webhooks/
DELIVERY_ERRORS = [
    ("user unknown", "The address does not exist."),
    ("mailbox inactive", "The mailbox is no longer in use."),
    ("quota exceeded", "The mailbox is full."),
    ("blacklisted", "Mailjet has blacklisted the address."),
    ("spam reporter", "The recipient has marked emails as spam before."),
    ("invalid domain", "The domain of the address does not exist."),
    ("no mail host", "The domain of the address has no mail server."),
    ("relay/access denied", "The recipient's server refuses emails from outside."),
    ("greylisted", "The recipient's server asks to try again later."),
    ("typofix", "The domain of the address looks mistyped."),
    ("sender blocked", "The recipient's server blocks the sender."),
    ("content blocked", "The recipient's server considers the content to be spam."),
    ("policy issue", "The recipient's server refuses the email by its own rules."),
    ("system issue", "The recipient's server had an error."),
    ("protocol issue", "The recipient's server did not understand Mailjet's."),
    ("connection issue", "The recipient's server could not be reached."),
    ("preblocked", "Mailjet knows that the address does not work."),
    ("duplicate in campaign", "The address was already mailed in this campaign."),
    ("spam preblocked", "Mailjet considers the content to be spam."),
    ("bad or empty template", "Mailjet could not read the email."),
    ("error in template language", "Mailjet could not fill in the email."),
]
# The numbers of these words where Mailjet is asked (``StateID``), and of two more.
# https://dev.mailjet.com/email/reference/messages/#v3_get_message
DELIVERY_ERROR_IDS = {
    1: "user unknown",
    2: "mailbox inactive",
    3: "quota exceeded",
    4: "invalid domain",
    5: "no mail host",
    6: "relay/access denied",
    7: "sender blocked",
    8: "content blocked",
    9: "policy issue",
    10: "system issue",
    11: "protocol issue",
    12: "connection issue",
    13: "greylisted",
    14: "preblocked",
    15: "duplicate in campaign",
    16: "spam preblocked",
    17: "bad or empty template",
    18: "error in template language",
    19: "typofix",
    20: "blacklisted",
    21: "spam reporter",
}

# What a message's current status at Mailjet says of it: names of the facts it proves.
# Every other status, known or not, says nothing yet.
# https://dev.mailjet.com/email/reference/messages/#v3_get_message
MESSAGE_FACTS = {
    "sent": "delivered",
    "opened": "opened",
    "clicked": "clicked",
    "unsub": "unsubscribed",
    "spam": "complained",
    "blocked": "blocked",
    "softbounced": "soft",
    "hardbounced": "hard",
    "bounce": "soft",
}

# Who opens and clicks without being a person, as regular expressions on what programs
# say of themselves, and why. Google's image proxy ("GoogleImageProxy") is not here: it
# fetches when somebody looks.
MACHINE_AGENTS = [
    (
        r"^Mozilla/5\.0$",
        "Apple's Mail Privacy Protection loads every email it receives",
    ),
    (r"Edge/12\.246 Mozilla/5\.0$", "Gmail fetches ahead while its page is open"),
    (r"BarracudaCentral|Barracuda Sentinel", "security scanner"),
    (r"Mimecast", "security scanner"),
    (r"Proofpoint|URLDefense", "security scanner"),
    (r"Cisco ?(IronPort|Talos)|IronPort", "security scanner"),
    (r"Symantec|MessageLabs", "security scanner"),
    (r"Forcepoint|Websense", "security scanner"),
    (r"Sophos|TrendMicro|Trend Micro|FortiMail|FortiGuard", "security scanner"),
    (r"BingPreview|SkypeUriPreview|SafeLinks", "Microsoft checks links for safety"),
    (r"Googlebot|bingbot|YandexBot|Applebot|DuckDuckBot", "crawler of a search engine"),
    (r"Slackbot|facebookexternalhit|Twitterbot|LinkedInBot|WhatsApp/", "link preview"),
    (r"^(curl|Wget|python-requests|Go-http-client|okhttp|Java)/", "program, no person"),
]

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

# The rates of a mailing: the figure of whom, as a part of the figure of whom.
RATES = {
    "delivered_ratio": ("delivered_count", "sent_count"),
    "opened_ratio": ("opened_count", "delivered_count"),
    "clicked_ratio": ("clicked_count", "delivered_count"),
    "bounced_ratio": ("bounced_count", "sent_count"),
    "optout_ratio": ("optout_count", "delivered_count"),
}

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

# A chunk of recipients handed to Mailjet in one CSV. Mailjet documents no limit;
# field reports split their files at a few megabytes.
UPLOAD_ROWS = 50_000
UPLOAD_BYTES = 4_000_000

# Longest value of a personalisation variable, in characters.
VARIABLE_LENGTH = 255

# Mailjet's own words for a job that will not change any more; every other word,
# known or not, means that it is still running.
# https://dev.mailjet.com/email/reference/contacts/bulk-contact-management/
FINAL_IMPORT_STATUSES = ("Completed", "Error", "Abort")
# Of these, those of a job that was given up.
GIVEN_UP_STATUSES = ("Error", "Abort")

# Draft states at Mailjet: from "programmed" on, the departure was accepted; below a
# draft, it was archived or deleted there.
# https://dev.mailjet.com/email/reference/campaigns/drafts/
DRAFT = 0
DRAFT_PROGRAMMED = 1
DRAFT_SENT = 2

# Mailjet's words for a domain's SPF and DKIM records, and ours; a word that is not
# here means that the record is not known to be right.
# https://dev.mailjet.com/email/reference/sender-addresses-and-domains/dns/
DNS_STATUSES = {
    "OK": "ok",
    "Error": "error",
    "Not found": "missing",
    "Not checked": "unchecked",
}
DNS_STATES = [
    ("ok", "Valid"),
    ("error", "Incorrect"),
    ("missing", "Not found"),
    ("unchecked", "Not checked"),
]

# Languages in which Mailjet translates its unsubscribe page.
# https://documentation.mailjet.com/hc/en-us/articles/360042707434
UNSUBSCRIBE_LANGUAGES = ("EN", "FR", "DE", "ES", "NL", "IT")
