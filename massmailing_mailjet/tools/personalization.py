"""An email with its variables in Mailjet's syntax.

A variable becomes ``[[data:odoo_contacts_firstname:"fallback"]]``, which names the
contact property with its values (:mod:`.variables`).
https://dev.mailjet.com/email/guides/send-campaigns/
"""

import re
from html import unescape

from .html_attributes import ADDRESS_ATTRIBUTES, replace_places
from .property_values import ADDRESS, HTML, TEXT, clean_value, get_default
from .text_edits import rewrite
from .urls import replace_urls
from .variable_repair import repair_tokens
from .variables import TOKEN, PropertyNames, Use, Variable

# In HTML, a tag ends a variable.
HTML_TOKEN = re.compile(
    r"\$(?P<object>[a-z]+)-(?P<code>[a-z][a-z0-9_]*)(?:\|(?P<fallback>[^$|<>]*))?\$"
)
# How many tokens are remembered while a text is read.
MAX_KNOWN = 1000
# What a campaign contains in place of a value.
PROPERTY = re.compile(r'\[\[data:(?P<name>[\w-]+)(?::"(?P<fallback>[^"\n]*)")?\]\]')


def to_mailjet(text, fallbacks, names=None):
    """Return a plain text with every known variable in Mailjet's syntax.

    :param dict fallbacks: default text of each known :class:`Variable`; a fallback
        written in the token wins over it. Tokens that name no known variable stay.
    :param PropertyNames names: chooses the contact properties
    """
    names = names or PropertyNames()
    text = replace_urls(
        text or "", lambda url: _substitute(url, fallbacks, names, ADDRESS)
    )
    return _substitute(text, fallbacks, names, TEXT)


def html_to_mailjet(html, fallbacks, names=None):
    """Return the HTML with every known variable in Mailjet's syntax, fit for its
    place: as text or an attribute of HTML, or percent-encoded within an address.

    The parameters are those of :func:`to_mailjet`.
    """
    names = names or PropertyNames()

    def replace(name, value):
        if name not in ADDRESS_ATTRIBUTES:
            return _substitute(value, fallbacks, names, HTML)
        # A value that is the address itself is not encoded for one.
        match = TOKEN.match(value)
        end = match.end() if match else 0
        return _substitute(value[:end], fallbacks, names, HTML) + _substitute(
            value[end:], fallbacks, names, ADDRESS, is_html=True
        )

    def replace_text(text):
        return _substitute(text, fallbacks, names, HTML, HTML_TOKEN)

    return replace_places(repair_tokens(html), replace_text, replace, ("$",))


def _substitute(text, fallbacks, names, place, pattern=TOKEN, is_html=False):
    known = {}  # token -> what it becomes

    def replace(match):
        token = match[0]
        if token not in known:
            if len(known) >= MAX_KNOWN:
                known.clear()
            known[token] = make(match)
        return known[token]

    def make(match):
        variable = Variable(match["object"], match["code"])
        if variable not in fallbacks:
            return match[0]
        fallback = match["fallback"]
        if fallback is None:
            fallback = fallbacks[variable]
        elif is_html or place == HTML:
            fallback = unescape(fallback)
        return refer(Use(variable, place, clean_value(fallback)), names)

    # Not `sub`, which keeps all pieces of a long text until it joins them.
    found = pattern.finditer(text)
    return rewrite(text, ((*match.span(), replace(match)) for match in found))


def refer(use, names):
    """Return what stands for a value in Mailjet's syntax.

    :param PropertyNames names: chooses the contact property
    """
    default = get_default(use.fallback, use.place)
    return f'[[data:{names.choose(use)}:"{default}"]]'


def render(text, values):
    """Return what a recipient sees of a text for Mailjet.

    :param dict values: of the contact properties, by their names; where one is empty
        or missing, its fallback is taken
    """
    return PROPERTY.sub(
        lambda match: values.get(match["name"]) or match["fallback"] or "", text
    )
