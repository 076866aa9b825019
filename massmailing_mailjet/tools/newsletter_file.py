"""Newsletters made elsewhere: an HTML file, or a zip with an HTML file, its images and
its style sheets.

Nothing of a zip is written to a disk, and no more of it is unpacked than the limits
allow, whatever it says about its own sizes.
"""

import io
import re
import stat
import struct
import zipfile
import zlib
from pathlib import PurePosixPath
from posixpath import normpath
from typing import NamedTuple

from ..exceptions import NewsletterFileError
from .charsets import decode_css, decode_html
from .html_limits import MAX_BYTES as MAX_HTML
from .html_limits import find_excess
from .newsletter_images import image_type
from .newsletter_paths import find_path, index_paths
from .style_sheets import take_in_styles

MEGABYTE = 1024 * 1024
MAX_FILE = 25 * MEGABYTE
MAX_UNPACKED = 60 * MEGABYTE
MAX_ENTRIES = 1000

HTML_SUFFIXES = (".html", ".htm", ".xhtml")
# Compressions that all programs use. Others need memory that a zip may lie about.
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
# Files that operating systems add to a zip.
LITTER = re.compile(r"(^|/)(__MACOSX/|\._|\.DS_Store$|Thumbs\.db$|desktop\.ini$)", re.I)
DRIVE = re.compile(r"[a-z]:", re.IGNORECASE)


class Newsletter(NamedTuple):
    """The content of the file.

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
    :param bytes content: of the file
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
    index = index_paths(entries)
    sheets = {}

    def read(reference):
        path = find_path(reference, folder, index)
        if path and path not in sheets:
            sheets[path] = _decode_sheet(_read_entry(archive, entries[path], MAX_HTML))
        return sheets.get(path)

    try:
        return take_in_styles(html, read, MAX_HTML - len(html))
    except ValueError as error:
        raise NewsletterFileError("html_too_large", MAX_HTML) from error


def _decode_sheet(content):
    """Return the text of a style sheet, None when it is not one."""
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
