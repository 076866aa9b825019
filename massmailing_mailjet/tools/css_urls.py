"""Addresses within style sheets and attributes of style."""

import re

from .text_edits import rewrite

OPEN = re.compile(r"\burl\(", re.IGNORECASE)
# What may precede an address; within an attribute, quotation marks are entities.
QUOTE = re.compile(
    r"[ \t\r\n\f]*(?:[\"']|&quot;|&apos;|&\#0{0,9}3[49];)?", re.IGNORECASE
)
END = re.compile(r"[()\"'<>]|&(?:quot|apos|\#0{0,9}3[49]);", re.IGNORECASE)


def replace_css_urls(css, function):
    """Return the style with the addresses in ``url(…)`` replaced; all else stays.

    :param function: of an address as it is written; None keeps the address
    """
    return rewrite(css, _find_edits(css, function))


def _find_edits(css, function):
    for mark in OPEN.finditer(css):
        start = QUOTE.match(css, mark.end()).end()
        end = END.search(css, start)
        url = css[start : end.start()].rstrip() if end else ""
        new = function(url) if url else None
        if new and new != url:
            yield start, start + len(url), new
