"""Images that an e-mail carries in its own HTML, which most mailboxes do not show."""

import base64
import binascii
import re
from urllib.parse import unquote

DATA_URI = re.compile(
    r"data:(?P<type>image/(?:png|jpe?g|gif|webp|bmp));base64,"
    r"(?P<data>(?:[A-Za-z0-9+/=\s]|%2B|%2F|%3D)+)",
    re.IGNORECASE,
)


def replace_inline_images(html, host):
    """Return the HTML with every inline image replaced by the address that ``host``
    makes of it; all else stays to the byte.

    :param host: function of the image's type, such as ``image/png``, and its bytes;
        called once for each different image
    """
    hosted = {}

    def replace(match):
        try:
            image = match["type"].lower(), _decode(match["data"])
        except binascii.Error:
            return match[0]
        if image not in hosted:
            hosted[image] = host(*image)
        return hosted[image]

    return DATA_URI.sub(replace, html)


def _decode(data):
    return base64.b64decode("".join(unquote(data).split()), validate=True)
