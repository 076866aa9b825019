"""Whether an image can be shown, found out before anything else opens it."""

import io
import struct

from PIL import Image, ImageFile

# Odoo's own limit: `odoo.tools.image.IMAGE_MAX_RESOLUTION`.
MAX_PIXELS = 50_000_000

# What Pillow raises for images that are cut off or damaged.
UNREADABLE = (
    OSError,
    SyntaxError,
    ValueError,
    EOFError,
    IndexError,
    KeyError,
    TypeError,
    OverflowError,
    struct.error,
)


def find_image_fault(content):
    """Return what is wrong with an image, as ``damaged`` or ``pixels``; None when
    nothing is, or when it is of a kind that Odoo leaves as it is.

    :param bytes content: PNG, JPEG, GIF, BMP, or WebP
    """
    if content[:4] == b"RIFF":
        return None
    try:
        with Image.open(io.BytesIO(content)) as image:
            if image.width * image.height > MAX_PIXELS:
                return "pixels"
            image.load()
            return None if _is_whole(content, image.format) else "damaged"
    except Image.DecompressionBombError:
        return "pixels"
    except UNREADABLE:
        return "damaged"


def _is_whole(content, kind):
    """Return whether an image is not cut off: Odoo lets Pillow load those that are.

    :raise OSError: and others, when it is
    """
    if kind == "JPEG":
        # Behind the last scan; before it, a small picture may have an end of its own.
        return content.rfind(b"\xff\xd9") > content.rfind(b"\xff\xda")
    if kind == "PNG":
        with Image.open(io.BytesIO(content)) as image:
            image.verify()
        return True
    parser = ImageFile.Parser()
    parser.feed(content)
    parser.close()
    return True
