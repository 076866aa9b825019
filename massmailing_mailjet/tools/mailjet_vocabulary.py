"""Mailjet's words and numbers, and ours for them: data only."""

# Mailjet's number of the tool that a template was made with, and our word for it; what
# it saves for parts of templates (3) is no template.
# https://dev.mailjet.com/email/reference/templates/
TEMPLATE_EDIT_MODES = {
    1: ("drag_and_drop", "Drag and drop"),
    2: ("html", "HTML"),
    4: ("mjml", "MJML"),
}

# Languages in which Mailjet translates its unsubscribe page.
# https://documentation.mailjet.com/hc/en-us/articles/360042707434
UNSUBSCRIBE_LANGUAGES = ("EN", "FR", "DE", "ES", "NL", "IT")

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

# Mailjet's words for what it reports of an email, and ours. "sent" is its word for
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

BOUNCE_TYPES = [
    ("hard", "Hard"),
    ("soft", "Soft"),
]

# A bounce that is only a delay: Mailjet tries again.
EVENT_BOUNCES = [
    *BOUNCE_TYPES,
    ("deferred", "Deferred"),
]

# Mailjet's words for why an email did not arrive, and ours. Words that are not here
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

# Mailjet's own words for a job that will not change any more; every other word,
# known or not, means that it is still running.
# https://dev.mailjet.com/email/reference/contacts/bulk-contact-management/
FINAL_IMPORT_STATUSES = ("Completed", "Error", "Abort")
# Of these, those of a job that was given up.
GIVEN_UP_STATUSES = ("Error", "Abort")

# Draft states at Mailjet: from "programmed" on, the sending was accepted; below a
# draft, it was archived or deleted there.
# https://dev.mailjet.com/email/reference/campaigns/drafts/
DRAFT = 0
DRAFT_PROGRAMMED = 1
DRAFT_SENT = 2
