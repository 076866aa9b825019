"""Images that an email carries in its own HTML, which most mailboxes do not show."""

import base64
import binascii
import re
from urllib.parse import unquote_to_bytes

from ..exceptions import InlineImageError
from .html_tokenizer import RAW, START, tokenize
from .text_edits import rewrite

# An image of more bytes is none that an email shows.
MAX_IMAGE = 25 * 1024 * 1024
# Bytes of what is no image but is used in place of one: it stays where it is, and a
# check mentions it.
PLACEHOLDER = 1024
# Of a longer attribute libxml2 drops the value, and whatever follows in the HTML.
MAX_ATTRIBUTE = 10_000_000

MARK = ";base64,"
START_OF_IMAGE = r"data:(?P<type>image/(?:png|jpe?g|gif|webp|bmp));base64,"
DATA_URI = re.compile(rf"{START_OF_IMAGE}(?P<data>[A-Za-z0-9+/=\s%]+)", re.I)
# In a list of images, what follows a blank is about the screen.
DATA_URI_IN_LIST = re.compile(rf"{START_OF_IMAGE}(?P<data>[A-Za-z0-9+/=%]+)", re.I)
# What lxml takes for scripts. https://lxml.de/lxmlhtml.html
LOST = re.compile(r"\s*data:(?!image/(?!svg))", re.I)
SPACES = b" \t\n\r\f\v"
# What may follow an image: another sign makes it one that no browser reads.
ENDS = frozenset(" \t\n\r\"'),;&<>\\")


def replace_inline_images(html, host):
    """Return the HTML with every inline image replaced by the address that ``host``
    makes of it; all else stays to the byte.

    :param host: function of the image's type, such as ``image/png``, and its bytes;
        called once for each different image
    :raise InlineImageError: when an image is larger than ``MAX_IMAGE``, or cannot be
        decoded and is more than a placeholder
    """
    return rewrite(html, _find_edits(html, host)) if MARK in html.lower() else html


def has_long_attribute(html):
    """Return whether Odoo's HTML fields would lose an attribute and what follows."""
    return len(html) > MAX_ATTRIBUTE // 4 and any(
        len(found.value.encode()) >= MAX_ATTRIBUTE
        for token in tokenize(html)
        if token.kind == START and token.end - token.start > MAX_ATTRIBUTE // 4
        for found in token.attributes
        if found.value
    )


def has_lost_image(html):
    """Return whether Odoo's HTML fields would take the address off an image: that of a
    drawing (SVG), which may contain scripts, or of no image at all."""
    return "data" in html.lower() and any(
        found.name == "src" and LOST.match(found.decoded or "")
        for token in tokenize(html)
        if token.kind == START and token.name == "img"
        for found in token.attributes
    )


def _find_edits(html, host):
    hosted = {}
    for start, end, pattern in _find_places(html):
        for match in pattern.finditer(html, start, end):
            image = _read(match, end)
            if image is None:
                continue
            key = match["type"].lower(), image
            if key not in hosted:
                hosted[key] = host(*key)
            yield match.start(), match.end(), hosted[key]


def _find_places(html):
    """Yield where images may stand: values of attributes, and style sheets; each with
    the pattern of images there."""
    for token in tokenize(html):
        if token.kind == RAW and token.name == "style":
            yield token.start, token.end, DATA_URI
        elif token.kind == START and token.end - token.start > len(MARK):
            for found in token.attributes:
                if found.value:
                    pattern = DATA_URI_IN_LIST if found.name == "srcset" else DATA_URI
                    yield found.value_start, found.end - len(found.quote), pattern


def _read(match, end):
    """Return the bytes of an image, None when they are only used in place of one.

    :param int end: of its place
    """
    size = match.end("data") - match.start("data")
    if size > MAX_IMAGE * 3:
        raise InlineImageError("too_large", MAX_IMAGE)
    is_whole = match.end() == end or match.string[match.end()] in ENDS
    image = _decode(match["data"]) if is_whole else None
    if image is None and size > PLACEHOLDER * 4 // 3:
        raise InlineImageError("damaged")
    if image and len(image) > MAX_IMAGE:
        raise InlineImageError("too_large", MAX_IMAGE)
    return image


def _decode(text):
    """Return the bytes of base64 as browsers read it, None when it is none."""
    data = text.encode()
    data = unquote_to_bytes(data) if b"%" in data else data
    data = data.translate(None, SPACES).rstrip(b"=")
    try:
        padded = data + b"=" * (-len(data) % 4)
        return base64.b64decode(padded, validate=True) or None
    except binascii.Error:
        return None
