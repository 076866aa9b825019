"""Puts the variables of an email back into one piece, where an editor has put tags or
invisible signs into them, or a browser has encoded them."""

import re
from bisect import bisect_right
from html import unescape
from itertools import accumulate, pairwise
from urllib.parse import unquote

from .html_attributes import ADDRESS_ATTRIBUTES, replace_attributes
from .html_elements import BLOCKS, RAW_ELEMENTS, TABLE_PARTS
from .html_tokenizer import OUTLOOK_END, OUTLOOK_START, RAW, TEXT, tokenize
from .text_edits import rewrite
from .variables import TOKEN

# A token into which an editor has put something: invisible signs between its letters,
# entities or look-alikes in place of its signs. The numbers of repetitions are limited
# so that no text takes long.
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
# How a dollar sign may be written in HTML.
DOLLARS = ("$", "&#", "&dollar;")
# How many texts a token may be spread over.
MOST_PIECES = 200
# Tags that a token cannot span.
ENDING = BLOCKS | TABLE_PARTS | RAW_ELEMENTS | {"html", "head", "body"}
LOOK_ALIKES = str.maketrans("\u2010\u2011", "--")
# A token in an address that a browser has encoded, as a whole or except for its signs.
ENCODED_TOKEN = re.compile(
    r"(?:%24|\$)(?P<name>[a-z]+-[a-z][a-z0-9_]*)"
    r"(?:(?:%7C|\|)(?P<fallback>[^$|\s\"'<>&]*?))?(?:%24|\$)",
    re.IGNORECASE,
)


def repair_tokens(html):
    """Return the HTML with every token in one piece, as it was meant: ``<b>$contacts-
    </b>firstname$`` and ``href="?n=%24contacts-firstname%24"`` name a variable too.
    Tags from within a token follow it; all else stays to the byte."""
    html = html or ""
    if any(sign in html for sign in DOLLARS):
        html = rewrite(html, _join_tokens(html))
    return replace_attributes(html, _decode_address, containing=("%24", "$"))


def _join_tokens(html):
    """Yield the edits that put tokens in one piece."""
    for pieces in _read_lines(html):
        text = "".join(html[start:end] for start, end in pieces)
        # Where each piece begins in the text that they form.
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
    """Return the place of a character in the HTML, and the number of its piece."""
    number = bisect_right(offsets, offset) - 1
    return pieces[number][0] + offset - offsets[number], number


def _read_lines(html):
    """Yield every line and paragraph that may contain a token, as a list of the places
    of its texts."""
    pieces = []
    for token in tokenize(html):
        if token.kind in (TEXT, RAW):
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
