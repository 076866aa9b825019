"""Personalisation variables: ``$contacts-firstname$``, with an optional fallback as
in ``$contacts-firstname|Madam, Sir$``, and what they become at Mailjet.

A variable is named by its object (``contacts``, ``accounts`` or ``leads``) and its
code. At Mailjet it is a contact property called ``odoo_<object>_<code>``, read in a
campaign by ``[[data:odoo_contacts_firstname:"fallback"]]``. Within an address of a
link, where a space or an ampersand would break it, the property is
``odoourl_<object>_<code>``, whose values are percent-encoded.
https://dev.mailjet.com/email/guides/send-campaigns/
"""

import re
from html import unescape
from typing import NamedTuple
from urllib.parse import quote, unquote

from .urls import replace_urls

# The object word of a token for each kind of recipient.
OBJECTS = {"contact": "contacts", "account": "accounts", "lead": "leads"}

TOKEN = re.compile(
    r"\$(?P<object>[a-z]+)-(?P<code>[a-z][a-z0-9_]*)(?:\|(?P<fallback>[^$|\n]*))?\$"
)

# A token into which an editor has put markup: a tag between its letters, or entities
# in place of its signs.
TAG = r"<[^<>]*>"
TAGS = rf"(?:{TAG})*"
SPLIT_TOKEN = re.compile(
    rf"(?:\$|&#36;|&dollar;)"
    rf"(?P<name>{TAGS}(?:[a-z]{TAGS})+(?:-|&#45;|&hyphen;|&\#x2d;){TAGS}"
    rf"(?:[a-z0-9_]{TAGS})+)"
    rf"(?:(?:\||&#124;|&vert;)(?P<fallback>(?:{TAG}|[^<>$|\n])*))?"
    rf"(?:\$|&#36;|&dollar;)",
    re.IGNORECASE,
)
# A token in an address that a browser has encoded.
ENCODED_TOKEN = re.compile(
    r"(?:%24|\$)(?P<name>[a-z]+-[a-z][a-z0-9_]*)"
    r"(?:(?:%7C|\|)(?P<fallback>[^$|\s\"'<>&]*?))?(?:%24|\$)",
    re.IGNORECASE,
)

OPENING_TAG = re.compile(r"<[a-zA-Z][^<>]*>")
ATTRIBUTE = re.compile(
    r"""(?<![\w:-])(?P<name>[\w:-]+)(?P<equals>\s*=\s*)(?:"(?P<double>[^"]*)"|'(?P<single>[^']*)')"""
)
ADDRESS_ATTRIBUTES = {"href", "src", "background", "action", "xlink:href"}

# Characters that would end Mailjet's syntax or start markup.
UNSAFE = re.compile(r'[<>"\[\]{}\x00-\x1f\x7f]+')

# What a campaign says in place of a value.
PROPERTY = re.compile(r'\[\[data:(?P<name>[\w-]+)(?::"(?P<fallback>.*?)")?\]\]')


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

    @property
    def address_property_name(self):
        """The contact property that carries its values percent-encoded."""
        return f"odoourl_{self.object}_{self.code}"


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


def with_fallback(token, fallback):
    """Return the token of a variable with a text for empty values, if there is one."""
    fallback = clean_value((fallback or "").replace("$", " ").replace("|", " "))
    return f"{token[:-1]}|{fallback}$" if fallback else token


def repair_tokens(html):
    """Return the HTML with every token in one piece, as it was meant: ``<b>$contacts-
    </b>firstname$`` and ``href="?n=%24contacts-firstname%24"`` name a variable too.
    Tags that stood within a token follow it; all else stays to the byte."""
    html = SPLIT_TOKEN.sub(_join, html or "")
    return _in_tags_with("%24", ENCODED_TOKEN, _decode, html)


def _in_tags_with(sign, pattern, replace, html):
    """Return the HTML with replacements made in the tags that hold a sign."""
    return OPENING_TAG.sub(
        lambda tag: pattern.sub(replace, tag[0]) if sign in tag[0] else tag[0], html
    )


def _join(match):
    tags = "".join(re.findall(TAG, match[0]))
    name = unescape(re.sub(TAG, "", match["name"])).replace("‐", "-")
    fallback = match["fallback"]
    if fallback is not None:
        fallback = "|" + re.sub(TAG, "", fallback)
    joined = f"${name}{fallback or ''}$"
    return joined + tags if TOKEN.fullmatch(joined) else match[0]


def _decode(match):
    fallback = match["fallback"]
    fallback = "" if fallback is None else f"|{unquote(fallback)}"
    return f"${match['name']}{fallback}$"


def to_mailjet(text, fallbacks):
    """Return a plain text with every known variable in Mailjet's syntax.

    :param dict fallbacks: default text of each known :class:`Variable`; a fallback
        written in the token wins over it. Tokens that name no known variable stay.
    """
    text = replace_urls(text or "", lambda url: _substitute(url, fallbacks, True))
    return _substitute(text, fallbacks)


def html_to_mailjet(html, fallbacks):
    """Return the HTML with every known variable in Mailjet's syntax, fit for where it
    stands: whole in one piece, in attributes, percent-encoded within addresses."""
    html = repair_tokens(html)
    html = _in_tags_with(
        "$",
        ATTRIBUTE,
        lambda attribute: _substitute_attribute(attribute, fallbacks),
        html,
    )
    return _substitute(html, fallbacks)


def _substitute_attribute(match, fallbacks):
    """Return an attribute with its variables. Mailjet's syntax has quotation marks of
    its own, so the value stands between apostrophes."""
    value = match["double"] if match["double"] is not None else match["single"]
    is_address = match["name"].lower() in ADDRESS_ATTRIBUTES
    replaced = _substitute(value, fallbacks, is_address)
    if replaced == value:
        return match[0]
    replaced = replaced.replace("'", "&#39;")
    return f"{match['name']}{match['equals']}'{replaced}'"


def _substitute(text, fallbacks, is_address=False):
    def replace(match):
        variable = Variable(match["object"], match["code"])
        if variable not in fallbacks:
            return match[0]
        fallback = match["fallback"]
        fallback = clean_value(fallbacks[variable] if fallback is None else fallback)
        # A value that is the address itself is not encoded.
        if is_address and match.start():
            name, fallback = variable.address_property_name, quote(fallback, safe="")
        else:
            name = variable.property_name
        return f'[[data:{name}:"{fallback}"]]'

    return TOKEN.sub(replace, text)


def find_properties(*texts):
    """Return the names of the contact properties that texts for Mailjet read."""
    return {match["name"] for text in texts for match in PROPERTY.finditer(text)}


def render(text, values):
    """Return what a recipient sees of a text for Mailjet.

    :param dict values: of the contact properties, by their names; where one is empty
        or not there, its fallback is taken
    """
    return PROPERTY.sub(
        lambda match: values.get(match["name"]) or match["fallback"] or "", text
    )
