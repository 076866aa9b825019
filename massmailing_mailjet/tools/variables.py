"""The variables of an email, such as ``$contacts-firstname$``, with an optional text
for empty values as in ``$contacts-firstname|Madam, Sir$``.

A variable is named by its object (``contacts``, ``accounts``, ``leads`` or ``user``,
the salesperson) and its code. At Mailjet it is a contact property called
``odoo_<object>_<code>``. Each place in which values are written differently
(:mod:`.property_values`), and each text for empty values, has a property of its own: a
property always contains all of what a recipient reads.
"""

import re
from itertools import count
from typing import NamedTuple

from .property_values import PREFIXES, TEXT, clean_value

# The object word of a token for each kind of variable.
OBJECTS = {
    "contact": "contacts",
    "account": "accounts",
    "lead": "leads",
    "salesperson": "user",
}

TOKEN = re.compile(
    r"\$(?P<object>[a-z]+)-(?P<code>[a-z][a-z0-9_]*)"
    # A text for empty values may be wrapped over lines, not over paragraphs.
    r"(?:\|(?P<fallback>[^$|\n]*(?:\n(?![ \t\r]*\n)[^$|<>\n]*)*))?\$"
)

# Characters that would end Mailjet's syntax or start markup.
UNSAFE = re.compile(r'[<>"\[\]{}$|]+')


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
        """The contact property that carries its values in plain text."""
        return PropertyNames().choose(Use(self, TEXT, ""))


class Use(NamedTuple):
    """One way in which an email uses a variable.

    :param str place: how its values are written there: ``TEXT``, ``HTML``, ``ADDRESS``
    :param str fallback: what is shown there instead of an empty value, as clean text
    """

    variable: Variable
    place: str
    fallback: str


class PropertyNames:
    """Chooses the contact properties of one email and remembers them as ``uses``: a
    dict of each :class:`Use` by the name of its property.

    :param str owner: who the properties belong to: small letters and digits
    :param int slot: number of the email among those of the owner that are being sent,
        from 1
    """

    def __init__(self, owner="", slot=1):
        self.owner = owner
        self.slot = slot
        self.uses = {}

    def choose(self, use):
        """Return the name of the property for a use."""
        for number in count(1):
            name = self._get_name(use, number)
            if self.uses.setdefault(name, use) == use:
                return name

    def describe(self, definitions):
        """Return the properties as plain data: for each, by its name, the definition
        of its variable, its ``place`` and its ``fallback``.

        :param dict definitions: of each :class:`Variable`
        """
        return {
            name: {
                **definitions[use.variable],
                "place": use.place,
                "fallback": use.fallback,
            }
            for name, use in self.uses.items()
        }

    def _get_name(self, use, number):
        slot = self.slot if self.slot > 1 else ""
        parts = (
            f"{PREFIXES[use.place]}{slot}",
            self.owner,
            str(number) if number > 1 else "",
            *use.variable,
        )
        return "_".join(part for part in parts if part)


def find_variables(*texts):
    """Return the set of :class:`Variable` named anywhere in the texts."""
    return {
        Variable(match["object"], match["code"])
        for text in texts
        for match in TOKEN.finditer(text or "")
    }


def find_bare_variables(*texts):
    """Return the set of :class:`Variable` named anywhere in the texts without a text
    for empty values."""
    return {
        Variable(match["object"], match["code"])
        for text in texts
        for match in TOKEN.finditer(text or "")
        if not clean_value(match["fallback"])
    }


def replace_variables(text, describe):
    """Return a text with something else in place of each variable.

    :param describe: returns that for a :class:`Variable` and its cleaned text for empty
        values; None leaves the variable as it is written
    """

    def replace(match):
        variable = Variable(match["object"], match["code"])
        described = describe(variable, clean_value(match["fallback"]))
        return match[0] if described is None else described

    return TOKEN.sub(replace, text or "")


def with_fallback(token, fallback):
    """Return the token of a variable with a text for empty values, if there is one."""
    fallback = clean_value(UNSAFE.sub(" ", fallback or ""))
    return f"{token[:-1]}|{fallback}$" if fallback else token
