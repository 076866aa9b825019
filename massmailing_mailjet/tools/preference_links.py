"""The link to the page on which recipients choose what they receive: as it is written
in an email, as it is uploaded to Mailjet, and as Mailjet reports it.

It ends in a token: the id of a recipient's row, and a signature. Anyone who knows it
can change what that person receives, so it is stored nowhere.
"""

import re

from .html_attributes import replace_places
from .personalization import refer
from .property_values import ADDRESS
from .variables import Use, Variable

# What stands in an email in place of the link.
PREFERENCES = "[[PREFERENCES_LINK]]"
PATH = "/mailjet/preferences"
TOKEN = re.compile(r"(?P<row>[1-9][0-9]{0,9})-[0-9a-f]{32}")

# Its token as a variable, which only the add-on itself uses. Without a value, the page
# says that the link is not valid.
VARIABLE = Variable("recipient", "preferences")
KIND = "preferences"
DEFINITION = {"kind": KIND, "path": "", "lead_path": "", "part": "all"}
USE = Use(VARIABLE, ADDRESS, "-")

# The link within a text of any kind: a URL, JSON, or one within the query of another.
REPORTED = re.compile(
    rf"(mailjet(/|\\/|%2F)preferences\2){TOKEN.pattern}", re.IGNORECASE
)


def get_link(base_url, names):
    """Return the link of an email in Mailjet's syntax.

    :param str base_url: of this site
    :param PropertyNames names: chooses the contact property
    """
    return f"{base_url}{PATH}/{refer(USE, names)}"


def fill_in_html(html, link):
    """Return the HTML with the link where it belongs."""

    def replace(text):
        return text.replace(PREFERENCES, link)

    return replace_places(html, replace, lambda _name, value: replace(value), ["[["])


def hide_tokens(text):
    """Return a text without the tokens that are in links of the page."""
    return REPORTED.sub(r"\1", text) if "preferences" in text else text
