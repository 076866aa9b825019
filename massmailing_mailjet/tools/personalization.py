"""Personalisation variables: ``$contacts-firstname$``, with an optional fallback as
in ``$contacts-firstname|Madam, Sir$``, and what they become at Mailjet.

A variable is named by its object (``contacts``, ``accounts`` or ``leads``) and its
code. At Mailjet it is a contact property called ``odoo_<object>_<code>``, read in a
campaign by ``[[data:odoo_contacts_firstname:"fallback"]]``.
https://dev.mailjet.com/email/guides/send-campaigns/
"""

import re
from typing import NamedTuple

# The object word of a token for each kind of recipient.
OBJECTS = {"contact": "contacts", "account": "accounts", "lead": "leads"}

TOKEN = re.compile(
    r"\$(?P<object>[a-z]+)-(?P<code>[a-z][a-z0-9_]*)(?:\|(?P<fallback>[^$|\n]*))?\$"
)

# Characters that would end Mailjet's syntax or start markup.
UNSAFE = re.compile(r'[<>"\[\]{}\x00-\x1f\x7f]+')


class Variable(NamedTuple):
    """The name of a variable: ``Variable("contacts", "firstname")``."""

    object: str
    code: str

    @property
    def token(self):
        """How a user writes it."""
        return f"${self.object}-{self.code}$"

    @property
    def property_name(self):
        """The contact property that carries its values at Mailjet."""
        return f"odoo_{self.object}_{self.code}"


def find_variables(*texts):
    """Return the set of :class:`Variable` named anywhere in the texts."""
    return {
        Variable(match["object"], match["code"])
        for text in texts
        for match in TOKEN.finditer(text or "")
    }


def clean_value(value):
    """Return the value as plain text on one line that breaks neither Mailjet's
    syntax nor HTML."""
    return " ".join(UNSAFE.sub(" ", value or "").split())


def to_mailjet(text, fallbacks):
    """Return the text with every known variable in Mailjet's syntax.

    :param dict fallbacks: default text of each known :class:`Variable`; a fallback
        written in the token wins over it. Tokens that name no known variable stay.
    """

    def replace(match):
        variable = Variable(match["object"], match["code"])
        if variable not in fallbacks:
            return match[0]
        fallback = match["fallback"]
        if fallback is None:
            fallback = fallbacks[variable]
        return f'[[data:{variable.property_name}:"{clean_value(fallback)}"]]'

    return TOKEN.sub(replace, text or "")
