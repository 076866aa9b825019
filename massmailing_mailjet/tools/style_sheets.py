"""Style sheets that a newsletter keeps in files of their own: mailboxes fetch none, so
that they are taken into its HTML, in place of their links."""

import re
from posixpath import dirname

from .css_urls import replace_css_urls
from .html_tokenizer import RAW, START, tokenize
from .newsletter_paths import ABSOLUTE
from .text_edits import rewrite

# A sheet at the beginning of another one. What may be long is limited, so
# that no text takes long.
IMPORT = re.compile(
    r"""@import\s{1,20}(?:url\(\s{0,20})?["']?(?P<url>[^"'()\s;]{1,1000})["']?"""
    r"""(?:\s{0,20}\))?(?P<media>[^;{}@"']{0,500});""",
    re.IGNORECASE,
)
# Sheets within sheets, at most.
MAX_DEPTH = 5


def take_in_styles(html, read, limit):
    """Return the HTML with the style sheets that it links to in place of the links.

    :param read: function of a sheet's relative address, which returns its text, or None
        when there is none
    :param int limit: of the letters that are taken in
    :raise ValueError: when they are more
    """
    return rewrite(html, _find_edits(html, _Reader(read, limit)))


def find_missing_styles(html):
    """Return the relative addresses of style sheets that the HTML still links to."""
    missing = []
    for token in tokenize(html):
        missing.append(_get_address(token))
        if token.kind == RAW and token.name == "style":
            missing += (match["url"] for match in IMPORT.finditer(token.source))
    return [url for url in dict.fromkeys(missing) if url and not ABSOLUTE.match(url)]


def _find_edits(html, reader):
    for token in tokenize(html):
        url = _get_address(token)
        style = url and reader.get(url)
        if style is not None and url:
            yield token.start, token.end, f"<style{_get_media(token)}>{style}</style>"


def _get_address(token):
    """Return the relative address of the style sheet that a tag links to, or nothing.
    One that is a choice for readers of web pages is none."""
    if token.kind != START or token.name != "link" or token.in_outlook:
        return ""
    rel, href = token.get("rel"), token.get("href")
    kinds = set(rel.decoded.lower().split()) if rel else set()
    if not href or "stylesheet" not in kinds or "alternate" in kinds:
        return ""
    url = href.decoded.strip()
    return "" if ABSOLUTE.match(url) else url


def _get_media(token):
    media = token.get("media")
    if not media or not media.value or media.decoded.lower().strip() == "all":
        return ""
    return f" {token.html[media.start : media.end]}"


class _Reader:
    """Reads sheets and the sheets within them."""

    def __init__(self, read, limit):
        self._read = read
        self._left = limit

    def get(self, url, depth=0):
        """Return the text of a sheet with its addresses seen from the HTML, or None."""
        css = self._read(url) if depth < MAX_DEPTH else None
        if css is None:
            return None
        self._left -= len(css)
        if self._left < 0:
            raise ValueError("too large")
        parts, position = [], 0
        for match in IMPORT.finditer(css):
            parts.append(_move(css[position : match.start()], dirname(url)))
            parts.append(self._take_in(match, dirname(url), depth))
            position = match.end()
        parts.append(_move(css[position:], dirname(url)))
        # A style ends at the first sign that could end its element.
        return "".join(parts).replace("</", "<\\/")

    def _take_in(self, match, folder, depth):
        """Return what a sheet within a sheet becomes."""
        url = _join(folder, match["url"])
        css = None if ABSOLUTE.match(url) else self.get(url, depth + 1)
        media = match["media"].strip()
        if css is None:
            return f'@import "{url}" {media};' if media else f'@import "{url}";'
        return f"@media {media}{{{css}}}" if media else css


def _move(css, folder):
    """Return a piece of a sheet with its addresses seen from another folder."""
    return replace_css_urls(css, lambda url: _join(folder, url))


def _join(folder, reference):
    is_elsewhere = ABSOLUTE.match(reference) or not folder
    return reference if is_elsewhere else f"{folder}/{reference}"
