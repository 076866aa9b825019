"""Vocabulary of the retention of prospects."""

# Months without contact after which a prospect is asked: after the three years from the
# last contact that came from the person, one may ask whether it wants to be kept, and
# then erases or archives its data. CNIL, deliberation 2021-131 of 23 September 2021,
# the reference framework for commercial activities.
RETENTION_MONTHS = 36
# How long a prospect has to answer, in days.
ANSWER_DAYS = 30

# What a prospect did last. To the CNIL, a click is a contact, and an opening is none.
CONTACT_KINDS = [
    ("record", "Contact created"),
    ("lead", "Lead created"),
    ("message", "Message"),
    ("quotation", "Quotation"),
    ("signup", "Sign-up"),
    ("preferences", "Preference page"),
    ("click", "Link clicked"),
    ("kept", "Asked to be kept"),
]

RETENTION_STATES = [
    ("found", "To ask"),
    ("asked", "Asked"),
    ("kept", "In contact again"),
    ("expired", "To archive"),
    ("confirmed", "Being archived"),
    ("archived", "Archived"),
]
# States in which a contact keeps the prospect, and is remembered.
ENDED_BY_CONTACT = ("asked", "expired", "confirmed", "kept")
