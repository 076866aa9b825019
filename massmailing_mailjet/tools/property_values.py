"""How the value of a variable is written in each place.

Mailjet inserts values as they are, and nothing says that it does not look for its own
syntax in what it has inserted. A value is text in every place, so each place has an
encoding of its own, after which nothing in the value starts markup, ends an attribute
or opens a variable of Mailjet's.

The same encodings exist as SQL in ``models/composition/variable_encoding.py``.
https://dev.mailjet.com/email/guides/send-campaigns/
"""

import re
from urllib.parse import quote

# Where a value may stand, and how the names of the contact properties for it begin:
# plain text, such as the subject; text and attributes of HTML, including addresses that
# are a value as a whole; a part of an address.
TEXT, HTML, ADDRESS = "text", "html", "address"
PREFIXES = {TEXT: "odoo", HTML: "odoohtml", ADDRESS: "odoourl"}

# White space except for no-break spaces, which belong to numbers and names, and control
# characters. Spelled so that Python and PostgreSQL read it alike.
SPACES = r"[\x01-\x20\x7f-\x9f\u2028\u2029]+"

# What has a meaning in HTML or for Mailjet, and how HTML writes it.
ENTITIES = {
    "&": "&amp;",
    "<": "&lt;",
    ">": "&gt;",
    '"': "&quot;",
    "'": "&#39;",
    "[": "&#91;",
    "]": "&#93;",
    "{": "&#123;",
    "}": "&#125;",
}
_ENTITIES = str.maketrans(ENTITIES)

# Plain text has no entities: a sign that nobody sees keeps brackets apart, at either
# end from those that may be beside the value.
UNSEEN = "\u200b"
OPENING = r"([[{])(?=[[{%]|$)"
FIRST_OPENING = r"^(?=[[{%])"

# What is written in place of an unknown value. Mailjet may keep an earlier
# value where a cell is empty, and may take a blank for nothing.
BLANKS = {TEXT: UNSEEN, HTML: "&#32;", ADDRESS: "%20"}


def clean_value(value):
    """Return the value as plain text on one line."""
    value = (value or "").replace("\x00", " ")
    return re.sub(SPACES, " ", value).strip(" ")


def encode(value, place):
    """Return a clean value as it is written in a place: one of ``TEXT``, ``HTML`` and
    ``ADDRESS``."""
    if place == HTML:
        return value.translate(_ENTITIES)
    if place == ADDRESS:
        return quote(value, safe="")
    value = re.sub(OPENING.replace("[[{", r"[\[{"), rf"\1{UNSEEN}", value)
    return re.sub(FIRST_OPENING.replace("[[{", r"[\[{"), UNSEEN, value)


def get_cell(value, place):
    """Return what a contact property contains for a value: never nothing."""
    return encode(value, place) or BLANKS[place]


def get_default(value, place):
    """Return the value as the text for empty values within Mailjet's syntax, which
    wants one that is neither empty nor ends it."""
    if place == TEXT:
        return clean_value(re.sub(r'["\[\]{}]+', " ", value)) or " "
    return get_cell(value, place)
