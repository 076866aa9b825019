"""Web addresses within plain text."""

import re

from .text_edits import rewrite

START = re.compile(r"https?://", re.IGNORECASE)
# An address ends at white space, except within a variable's own text for empty values.
PIECE = re.compile(
    r"[^\s<>\"$]+|\$(?:[a-z]+-[a-z][a-z0-9_]*(?:\|[^$|\n<>\"]*)?\$)?", re.IGNORECASE
)
# Signs that end a sentence rather than an address.
PUNCTUATION = ".,;:!?)'’”»"


def replace_urls(text, function):
    """Return the text with every web address replaced by what the function makes of
    it."""
    return rewrite(text, _find_edits(text, function))


def _find_edits(text, function):
    position = 0
    while match := START.search(text, position):
        position = match.end()
        while piece := PIECE.match(text, position):
            position = piece.end()
        url = text[match.start() : position].rstrip(PUNCTUATION)
        if len(url) > len(match[0]):
            yield match.start(), match.start() + len(url), function(url)
