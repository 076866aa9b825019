"""The images of a newsletter from a zip, and the references to them in its HTML."""

import re
from html import escape, unescape

from .css_urls import replace_css_urls
from .html_tokenizer import RAW, tokenize
from .newsletter_paths import ABSOLUTE, find_path, index_paths
from .text_edits import rewrite

# How images that mailboxes show begin: a name proves nothing.
IMAGE_SIGNATURES = (
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
)
# Attributes that name an image.
IMAGE_ATTRIBUTES = ("src", "background", "poster")
ALTERNATIVE = re.compile(r"(?P<before>(?:^|,)\s*)(?P<url>[^\s,]+)")


def image_type(start):
    """Return the type of an image that mailboxes show by its first bytes, or None."""
    if start[:4] == b"RIFF" and start[8:12] == b"WEBP":
        return "image/webp"
    return next(
        (kind for sign, kind in IMAGE_SIGNATURES if start.startswith(sign)), None
    )


def host_images(newsletter, host):
    """Return ``(html, missing)``: the HTML with its images at the addresses that
    ``host`` makes of them, otherwise unchanged to the byte; and the paths of those that
    it names but that are not there.

    :param Newsletter newsletter: with its HTML, its folder and its images
    :param host: function of an image's path, type and bytes; called once for each image
        that the HTML names. Where it returns None, the image stays where it is.
    """
    index = index_paths(newsletter.images)
    hosted, missing = {}, {}

    def find(reference, is_image):
        """Return the new address of a reference, None where it stays."""
        if not reference or ABSOLUTE.match(reference):
            return None
        path = find_path(reference, newsletter.folder, index)
        if path and path not in hosted:
            hosted[path] = host(path, *newsletter.images[path])
        if not path and is_image:
            missing[reference] = True
        return hosted.get(path)

    html = newsletter.html
    return rewrite(html, _find_edits(html, find)), list(missing)


def _find_edits(html, find):
    """Yield the edits of all references to images."""
    for token in tokenize(html):
        if token.kind == RAW and token.name == "style":
            new = _replace_in_style(token.source, find)
            if new != token.source:
                yield token.start, token.end, new
        for found in token.attributes:
            new = _replace_in(found, find) if found.value else None
            if new and new != found.value:
                yield found.edit(new)


def _replace_in(found, find):
    """Return an attribute's value with its references replaced, None without any."""
    if found.name == "style":
        return _replace_in_style(found.value, find)
    if found.name == "srcset":
        return _replace_alternatives(found.value, find)
    if found.name == "href" or found.name in IMAGE_ATTRIBUTES:
        new = find(found.decoded.strip(), found.name != "href")
        return new and escape(new)
    return None


def _replace_in_style(style, find):
    return replace_css_urls(style, lambda url: find(unescape(url), True))


def _replace_alternatives(value, find):
    """Return a list of images for screens of several kinds, as in
    ``a.png 1x, b.png 2x``, or None when nothing in it changes."""

    def replace(match):
        new = find(unescape(match["url"]), True)
        return match["before"] + escape(new) if new else match[0]

    # An image that is contained in the list has commas of its own.
    new = value if "data:" in value else ALTERNATIVE.sub(replace, value)
    return None if new == value else new
