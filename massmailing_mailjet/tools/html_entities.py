"""Character references such as ``&eacute;`` and ``&#233;``, read as browsers read
them.

https://html.spec.whatwg.org/multipage/parsing.html#character-reference-state
"""

import re
from html import unescape
from html.entities import html5
from io import StringIO

# A longer text is decoded in parts of this length, to save memory.
PART = 16_384

# No character has a number of eight digits; Python reads none of many thousands.
LONG_NUMBER = re.compile(r"&#(?:0*([0-9]+)|[xX]0*([0-9a-fA-F]+));?")
REFERENCE = re.compile(
    r"&(?:#(?:[0-9]+|[xX][0-9a-fA-F]+);?|(?P<name>[a-zA-Z][a-zA-Z0-9]*)(?P<end>[;=]?))"
)


def decode_attribute(value):
    """Return the value of an attribute as browsers understand it: as text, except that
    ``?a=1&copy=2`` has no copyright sign."""
    return _in_parts(_decode_attribute, value) if "&" in value else value


def decode_text(text):
    """Return a text between tags as browsers understand it."""
    return _in_parts(_decode_text, text) if "&" in text else text


def _in_parts(function, text):
    """Return what a function makes of a text, given a part of a long one at a time:
    replacing takes much memory."""
    if len(text) <= PART:
        return function(text)
    output, start = StringIO(newline=""), 0
    while start < len(text):
        end = text.find("&", start + PART)
        end = len(text) if end < 0 else end
        output.write(function(text[start:end]))
        start = end
    return output.getvalue()


def _decode_attribute(value):
    return REFERENCE.sub(_decode, value)


def _decode_text(text):
    return unescape(LONG_NUMBER.sub(_shorten, text) if "&#" in text else text)


def _shorten(match):
    """Return a reference by number that Python can read, however long it is."""
    digits = match[1] or match[2]
    return match[0] if len(digits) < 8 else "\ufffd"


def _decode(match):
    name, end = match["name"], match["end"]
    if name is None:
        return _decode_text(match[0])
    known = f"{name};" if end == ";" else name
    return html5[known] if known in html5 and end != "=" else match[0]
