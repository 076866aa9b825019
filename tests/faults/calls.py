"""The calls of a sending, each a step boundary: before it the last step is committed,
after it its effect is at Mailjet and not yet in the database."""

import re

# Method and path, in the order in which a mailing makes them.
CALLS = [
    ("GET", "contactslist$"),
    ("POST", "contactslist$"),
    ("GET", "contactmetadata$"),
    ("POST", "contactmetadata$"),
    ("POST", "CSVData"),
    ("GET", "batchjob$"),
    ("POST", "csvimport$"),
    ("GET", "csvimport/"),
    ("GET", "listrecipient$"),
    ("GET", "campaigndraft$"),
    ("POST", "campaigndraft$"),
    ("POST", "detailcontent$"),
    ("GET", "detailcontent$"),
    ("POST", "campaigndraft/.*/send$"),
    ("GET", "campaign/mj"),
]
EFFECTS = [call for call in CALLS if call[0] == "POST"]
SEND_CALL = CALLS[-2]


def name_of(value):
    """Return a readable name of a parameter of a test."""
    if isinstance(value, tuple):
        return "-".join(re.sub(r"[^\w.-]+", "", str(part)) for part in value)
    return None
