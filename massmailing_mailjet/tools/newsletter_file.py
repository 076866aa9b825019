"""Newsletters made elsewhere: an HTML file, or a zip with an HTML file, its images and
its style sheets.

Nothing of a zip is written to a disk, and no more of it is unpacked than what is
allowed, whatever it says of its own sizes.
"""

import io
import re
import stat
import struct
import zipfile
import zlib
from html import escape, unescape
from pathlib import PurePosixPath
from posixpath import normpath
from typing import NamedTuple
from unicodedata import normalize
from urllib.parse import unquote

from ..exceptions import NewsletterFileError
from .charsets import decode_css, decode_html
from .css_urls import replace_css_urls
from .html_limits import MAX_BYTES as MAX_HTML
from .html_limits import find_excess
from .html_tokenizer import RAW, tokenize
from .style_sheets import take_in_styles
from .text_edits import rewrite

MEGABYTE = 1024 * 1024
MAX_FILE = 25 * MEGABYTE
MAX_UNPACKED = 60 * MEGABYTE
MAX_ENTRIES = 1000

HTML_SUFFIXES = (".html", ".htm", ".xhtml")
# Images that mailboxes show, by how they begin: a name proves nothing.
IMAGE_SIGNATURES = (
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
)
# What all programs pack with. Other ways need memory that a zip may lie about.
COMPRESSIONS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
# What Python raises for zips that are cut off or damaged.
UNREADABLE = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    OSError,
    RuntimeError,  # its children too
    ValueError,
    struct.error,
)
# What operating systems put into zips beside what a user chose.
LITTER = re.compile(r"(^|/)(__MACOSX/|\._|\.DS_Store$|Thumbs\.db$|desktop\.ini$)", re.I)
DRIVE = re.compile(r"[a-z]:", re.IGNORECASE)

# Attributes that name an image.
IMAGE_ATTRIBUTES = ("src", "background", "poster")
ALTERNATIVE = re.compile(r"(?P<before>(?:^|,)\s*)(?P<url>[^\s,]+)")
ABSOLUTE = re.compile(r"[a-z][a-z0-9+.-]*:|//|#|\?|\[\[|\$|\{\{", re.IGNORECASE)


class Newsletter(NamedTuple):
    """What was in the file.

    :param str html: the text as it was written, with its style sheets taken in
    :param str folder: where the HTML lies in its zip, without a slash at the end
    :param dict images: of the zip, ``path -> (mimetype, bytes)``
    """

    html: str
    folder: str = ""
    images: dict = {}


def read_newsletter(name, content):
    """Return the :class:`Newsletter` of a file.

    :param str name: of the file
    :param bytes content: what is in it
    :raise NewsletterFileError: saying what is wrong with it
    """
    if len(content) > MAX_FILE:
        raise NewsletterFileError("file_too_large", MAX_FILE)
    if content.startswith(b"PK\x03\x04") or name.lower().endswith(".zip"):
        return _read_zip(content)
    if not name.lower().endswith((*HTML_SUFFIXES, ".txt")):
        raise NewsletterFileError("wrong_type", name)
    return Newsletter(_decode(content, name))


def _decode(content, name):
    if len(content) > MAX_HTML:
        raise NewsletterFileError("html_too_large", MAX_HTML)
    try:
        html = decode_html(content)
    except ValueError as error:
        raise NewsletterFileError("unreadable_text", name) from error
    if excess := find_excess(html):
        raise NewsletterFileError(*excess)
    if not html.strip():
        raise NewsletterFileError("empty", name)
    return html


def _read_zip(content):
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            entries = _list_entries(archive)
            path = _choose_html(entries)
            folder = path.rpartition("/")[0]
            html = _decode(_read_entry(archive, entries[path], MAX_HTML), path)
            html = _take_in_styles(archive, entries, html, folder)
            images = _read_images(archive, entries)
    except UNREADABLE as error:
        raise NewsletterFileError("broken_zip") from error
    return Newsletter(html, folder, images)


def _list_entries(archive):
    """Return the zip's files as ``path -> ZipInfo``, without litter and links.

    :raise NewsletterFileError: when they are too many or too large, locked, or lie
        outside
    """
    infos = [info for info in archive.infolist() if not info.is_dir()]
    if len(infos) > MAX_ENTRIES:
        raise NewsletterFileError("too_many_files", MAX_ENTRIES)
    if sum(info.file_size for info in infos) > MAX_UNPACKED:
        raise NewsletterFileError("zip_too_large", MAX_UNPACKED)
    entries = {}
    for info in infos:
        path = info.filename.replace("\\", "/")
        if path.startswith("/") or DRIVE.match(path) or ".." in path.split("/"):
            raise NewsletterFileError("path_outside", info.filename)
        if info.flag_bits & 1:
            raise NewsletterFileError("locked")
        if info.compress_type not in COMPRESSIONS:
            raise NewsletterFileError("compression")
        if not LITTER.search(path) and not stat.S_ISLNK(info.external_attr >> 16):
            entries[normpath(path)] = info
    return entries


def _choose_html(entries):
    """Return the path of the only HTML file of the highest folder that has any, or of
    that folder's index.

    :raise NewsletterFileError: when there is none, or several could be meant
    """
    paths = [path for path in entries if path.lower().endswith(HTML_SUFFIXES)]
    if not paths:
        raise NewsletterFileError("no_html")
    depth = min(path.count("/") for path in paths)
    highest = [path for path in paths if path.count("/") == depth]
    index = [path for path in highest if PurePosixPath(path).stem.lower() == "index"]
    for chosen in (highest, index):
        if len(chosen) == 1:
            return chosen[0]
    raise NewsletterFileError("several_html", ", ".join(sorted(highest)[:5]))


def _take_in_styles(archive, entries, html, folder):
    """Return the HTML with the style sheets of the zip that it links to.

    :raise NewsletterFileError: when it would be too large with them
    """
    by_path = {_fold(path): info for path, info in entries.items()}
    sheets = {}

    def read(reference):
        for path in map(_fold, _paths(reference, folder)):
            if path in by_path and path not in sheets:
                sheets[path] = _decode_sheet(
                    _read_entry(archive, by_path[path], MAX_HTML)
                )
            if path in by_path:
                return sheets[path]
        return None

    try:
        return take_in_styles(html, read, MAX_HTML - len(html))
    except ValueError as error:
        raise NewsletterFileError("html_too_large", MAX_HTML) from error


def _decode_sheet(content):
    """Return the text of a style sheet, None when it is none."""
    try:
        return decode_css(content)
    except ValueError:
        return None


def _read_images(archive, entries):
    images = {}
    left = MAX_UNPACKED
    for path, info in entries.items():
        with archive.open(info) as file:
            mimetype = image_type(file.read(16))
        if mimetype:
            images[path] = mimetype, _read_entry(archive, info, left)
            left -= len(images[path][1])
    return images


def _read_entry(archive, info, limit):
    with archive.open(info) as file:
        content = file.read(limit + 1)
    if len(content) > limit:
        reason = "html_too_large" if limit == MAX_HTML else "zip_too_large"
        raise NewsletterFileError(reason, limit)
    return content


def image_type(start):
    """Return the type of an image that mailboxes show by its first bytes, or None."""
    if start[:4] == b"RIFF" and start[8:12] == b"WEBP":
        return "image/webp"
    return next(
        (kind for sign, kind in IMAGE_SIGNATURES if start.startswith(sign)), None
    )


def host_images(newsletter, host):
    """Return ``(html, missing)``: the HTML with its images at the addresses that
    ``host`` makes of them, to the byte but for these, and the paths of those that it
    names but that are not there.

    :param host: function of an image's path, type and bytes; called once for each image
        that the HTML names. None of it leaves the image where it is.
    """
    by_path = {_fold(path): path for path in newsletter.images}
    hosted, missing = {}, {}

    def find(reference, is_image):
        """Return the new address of a reference, None where it stays."""
        if not reference or ABSOLUTE.match(reference):
            return None
        for path in _paths(reference, newsletter.folder):
            path = by_path.get(_fold(path))
            if path:
                if path not in hosted:
                    hosted[path] = host(path, *newsletter.images[path])
                return hosted[path]
        if is_image:
            missing[reference] = True
        return None

    html = newsletter.html
    return rewrite(html, _find_edits(html, find)), list(missing)


def _fold(path):
    """Return a path as it compares between Windows, macOS and the web."""
    return normalize("NFC", path).casefold()


def _paths(reference, folder):
    """Return where in a zip a relative address may lead."""
    reference = re.split(r"[?#]", reference.replace("\\", "/"), maxsplit=1)[0]
    for text in dict.fromkeys((unquote(reference), reference)):
        yield normpath(f"{folder}/{text}").lstrip("/")
        yield normpath(text).lstrip("/")


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

    # An image that stands within the list has commas of its own.
    new = value if "data:" in value else ALTERNATIVE.sub(replace, value)
    return None if new == value else new
