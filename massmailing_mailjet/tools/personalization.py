"""Personalisation variables: ``$contacts-firstname$``, with an optional fallback as
in ``$contacts-firstname|Madam, Sir$``, and what they become at Mailjet.

A variable is named by its object (``contacts``, ``accounts`` or ``leads``) and its
code. At Mailjet it is a contact property called ``odoo_<object>_<code>``, read in a
campaign by ``[[data:odoo_contacts_firstname:"fallback"]]``. Each place in which values
are written differently (:mod:`.property_values`), and each text for empty values, has a
property of its own: a property always holds all of what a recipient reads.
https://dev.mailjet.com/email/guides/send-campaigns/
"""

import re
from bisect import bisect_right
from html import unescape
from itertools import accumulate, count, pairwise
from typing import NamedTuple
from urllib.parse import unquote

from .html_attributes import (
    ADDRESS_ATTRIBUTES,
    replace_attributes,
    replace_places,
)
from .html_elements import BLOCKS, RAW_ELEMENTS, TABLE_PARTS
from .html_tokenizer import OUTLOOK_END, OUTLOOK_START, RAW, tokenize
from .html_tokenizer import TEXT as TEXT_TOKEN
from .property_values import ADDRESS, HTML, PREFIXES, TEXT, clean_value, get_default
from .text_edits import rewrite
from .urls import replace_urls

# The object word of a token for each kind of recipient.
OBJECTS = {"contact": "contacts", "account": "accounts", "lead": "leads"}

TOKEN = re.compile(
    r"\$(?P<object>[a-z]+)-(?P<code>[a-z][a-z0-9_]*)"
    # A text for empty values may be wrapped over lines, not over paragraphs.
    r"(?:\|(?P<fallback>[^$|\n]*(?:\n(?![ \t\r]*\n)[^$|<>\n]*)*))?\$"
)

# In HTML, a tag ends it.
HTML_TOKEN = re.compile(
    r"\$(?P<object>[a-z]+)-(?P<code>[a-z][a-z0-9_]*)(?:\|(?P<fallback>[^$|<>]*))?\$"
)

# A token into which an editor has put something: a sign that is not seen between its
# letters, entities or look-alikes in place of its signs. The numbers of repetitions are
# limited so that no text takes long.
UNSEEN = "[\u00ad\u200b-\u200d\u2060\ufeff]|&shy;|&zwn?j;|&\\#(?:173|8203|8204|8205);"
GAP = rf"(?:{UNSEEN}){{0,9}}"
DOLLAR = r"(?:\$|&\#0{0,9}36;|&\#x0{0,9}24;|&dollar;)"
HYPHEN = "(?:[-\u2010\u2011]|&hyphen;|&\\#(?:0{0,9}45|x0{0,9}2d|8208|8209);)"
BAR = r"(?:\||&\#0{0,9}124;|&\#x0{0,9}7c;|&verbar;|&vert;)"
LETTER = r"(?:[a-z0-9_]|&lowbar;|&\#0{0,9}95;|&\#x0{0,9}5f;)"
SPLIT_TOKEN = re.compile(
    rf"{DOLLAR}(?P<name>{GAP}(?:[a-z]{GAP}){{1,40}}{HYPHEN}{GAP}(?:{LETTER}{GAP}){{1,80}})"
    rf"(?:{BAR}(?P<fallback>[^<>$|]{{0,1000}}?))?{DOLLAR}",
    re.IGNORECASE,
)
# Signs of dollar as they may be written in HTML.
DOLLARS = ("$", "&#", "&dollar;")
# Tokens that are remembered while a text is read.
MAX_KNOWN = 1000
# Texts that a token may be spread over.
MOST_PIECES = 200
# Tags that no token goes over.
ENDING = BLOCKS | TABLE_PARTS | RAW_ELEMENTS | {"html", "head", "body"}
LOOK_ALIKES = str.maketrans("\u2010\u2011", "--")
# A token in an address that a browser has encoded, as a whole or but for its signs.
ENCODED_TOKEN = re.compile(
    r"(?:%24|\$)(?P<name>[a-z]+-[a-z][a-z0-9_]*)"
    r"(?:(?:%7C|\|)(?P<fallback>[^$|\s\"'<>&]*?))?(?:%24|\$)",
    re.IGNORECASE,
)

# Characters that would end Mailjet's syntax or start markup.
UNSAFE = re.compile(r'[<>"\[\]{}$|]+')

# What a campaign says in place of a value.
PROPERTY = re.compile(r'\[\[data:(?P<name>[\w-]+)(?::"(?P<fallback>[^"\n]*)")?\]\]')


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
    """One way in which an e-mail uses a variable.

    :param str place: how its values are written there: ``TEXT``, ``HTML``, ``ADDRESS``
    :param str fallback: what stands there instead of an empty value, as clean text
    """

    variable: Variable
    place: str
    fallback: str


class PropertyNames:
    """Chooses the contact properties of one e-mail and remembers them as ``uses``: a
    dict of each :class:`Use` by the name of its property.

    :param str owner: of whom the properties are: small letters and digits
    :param int slot: of the owner's e-mails that are on their way, which one; from 1
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


def with_fallback(token, fallback):
    """Return the token of a variable with a text for empty values, if there is one."""
    fallback = clean_value(UNSAFE.sub(" ", fallback or ""))
    return f"{token[:-1]}|{fallback}$" if fallback else token


def repair_tokens(html):
    """Return the HTML with every token in one piece, as it was meant: ``<b>$contacts-
    </b>firstname$`` and ``href="?n=%24contacts-firstname%24"`` name a variable too.
    Tags that stood within a token follow it; all else stays to the byte."""
    html = html or ""
    if any(sign in html for sign in DOLLARS):
        html = rewrite(html, _join_tokens(html))
    return replace_attributes(html, _decode_address, containing=("%24", "$"))


def _join_tokens(html):
    """Yield the edits that put tokens in one piece."""
    for pieces in _read_lines(html):
        text = "".join(html[start:end] for start, end in pieces)
        # Where each piece begins in the text that they are.
        lengths = accumulate((end - start for start, end in pieces), initial=0)
        offsets = list(lengths)[:-1]
        for match in SPLIT_TOKEN.finditer(text):
            start, first = _locate(match.start(), offsets, pieces)
            end, last = _locate(match.end() - 1, offsets, pieces)
            if first == last and TOKEN.fullmatch(text, *match.span()):
                continue
            between = pairwise(pieces[first : last + 1])
            marks = "".join(html[one[1] : other[0]] for one, other in between)
            joined = _join(match) + marks
            if joined != html[start : end + 1]:
                yield start, end + 1, joined


def _locate(offset, offsets, pieces):
    """Return the place of a sign in the HTML, and the number of its piece."""
    number = bisect_right(offsets, offset) - 1
    return pieces[number][0] + offset - offsets[number], number


def _read_lines(html):
    """Yield the texts of every line and paragraph in which a token may be: lists of
    the places of its pieces."""
    pieces = []
    for token in tokenize(html):
        if token.kind in (TEXT_TOKEN, RAW):
            source = token.source
            if pieces or any(sign in source for sign in DOLLARS):
                pieces.append((token.start, token.end))
            is_end = token.kind == RAW or len(pieces) >= MOST_PIECES
        else:
            is_end = token.name in ENDING or token.kind in (OUTLOOK_START, OUTLOOK_END)
        if is_end and pieces:
            yield pieces
            pieces = []
    if pieces:
        yield pieces


def _join(match):
    name = re.sub(UNSEEN, "", match["name"])
    joined = f"${unescape(name).translate(LOOK_ALIKES)}"
    if match["fallback"] is not None:
        joined += "|" + match["fallback"]
    joined += "$"
    return joined if TOKEN.fullmatch(joined) else match[0]


def _decode_address(name, value):
    """Return an address with its tokens as they were before a browser encoded them."""
    if name not in ADDRESS_ATTRIBUTES:
        return value
    return ENCODED_TOKEN.sub(_decode, value)


def _decode(match):
    fallback = match["fallback"]
    fallback = "" if fallback is None else f"|{unquote(fallback)}"
    decoded = f"${match['name']}{fallback}$"
    return decoded if TOKEN.fullmatch(decoded) else match[0]


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
    """Return the HTML with every known variable in Mailjet's syntax, fit for where it
    stands: whole in one piece, in attributes, percent-encoded within addresses.

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
        use = Use(variable, place, clean_value(fallback))
        default = get_default(use.fallback, place)
        return f'[[data:{names.choose(use)}:"{default}"]]'

    # Not `sub`, which keeps all pieces of a long text until it joins them.
    found = pattern.finditer(text)
    return rewrite(text, ((*match.span(), replace(match)) for match in found))


def render(text, values):
    """Return what a recipient sees of a text for Mailjet.

    :param dict values: of the contact properties, by their names; where one is empty
        or not there, its fallback is taken
    """
    return PROPERTY.sub(
        lambda match: values.get(match["name"]) or match["fallback"] or "", text
    )
