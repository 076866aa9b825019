"""Images that an email carries in its own HTML, which most mailboxes do not show."""

import base64
import binascii
import re

from .html_tokenizer import RAW, START, rewrite, tokenize

# An image of more bytes is none that an email shows.
MAX_IMAGE = 25 * 1024 * 1024

MARK = ";base64,"
DATA_URI = re.compile(
    r"data:(?P<type>image/(?:png|jpe?g|gif|webp|bmp));base64,"
    r"(?P<data>[A-Za-z0-9+/=\s%]+)",
    re.IGNORECASE,
)
SPACES = b" \t\n\r\f\v"
ENCODED = ((b"%2B", b"+"), (b"%2F", b"/"), (b"%3D", b"="))


def replace_inline_images(html, host):
    """Return the HTML with every inline image replaced by the address that ``host``
    makes of it; all else stays to the byte.

    :param host: function of the image's type, such as ``image/png``, and its bytes;
        called once for each different image
    :raise ValueError: when an image is larger than ``MAX_IMAGE``
    """
    return rewrite(html, _find_edits(html, host)) if MARK in html.lower() else html


def _find_edits(html, host):
    hosted = {}
    for start, end in _find_places(html):
        for match in DATA_URI.finditer(html, start, end):
            image = _decode(match)
            if image is None:
                continue
            key = match["type"].lower(), image
            if key not in hosted:
                hosted[key] = host(*key)
            yield match.start(), match.end(), hosted[key]


def _find_places(html):
    """Yield where images may stand: values of attributes, and style sheets."""
    for token in tokenize(html):
        if token.kind == RAW and token.name == "style":
            yield token.start, token.end
        elif token.kind == START and token.end - token.start > len(MARK):
            for found in token.attributes:
                if found.value:
                    yield found.value_start, found.end - len(found.quote)


def _decode(match):
    """Return the bytes of an image, None when they are none."""
    size = match.end("data") - match.start("data")
    if size > MAX_IMAGE * 3:
        raise ValueError(MAX_IMAGE)
    data = match["data"].encode().translate(None, SPACES)
    for written, sign in ENCODED if b"%" in data else ():
        data = data.replace(written, sign).replace(written.lower(), sign)
    try:
        image = base64.b64decode(data, validate=True)
    except binascii.Error:
        return None
    if len(image) > MAX_IMAGE:
        raise ValueError(MAX_IMAGE)
    return image
