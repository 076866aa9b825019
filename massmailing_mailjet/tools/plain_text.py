"""The plain text of an email, for mailboxes and readers without HTML.

Odoo's own ``html2plaintext`` is for chatter messages: of a newsletter it would keep the
hidden preview text and style sheets, and write "None" where a link holds an image.
"""

import re
from io import StringIO

from .html_reader import Visitor, read
from .links import get_base, resolve

SKIPPED = {"style", "script", "title", "template", "noscript"}
SKIPPED |= {"iframe", "noembed", "noframes"}
PARAGRAPHS = {
    *("p", "h1", "h2", "h3", "h4", "h5", "h6"),
    *("blockquote", "figure", "ol", "pre", "table", "ul", "dl", "fieldset", "form"),
}
LINES = {"address", "article", "div", "dd", "dt", "footer", "header", "li", "section"}
LINES |= {"tr", "center", "nav", "main", "aside", "figcaption", "caption", "hgroup"}
LINES |= {"details", "summary", "dialog", "search", "menu", "dir", "option", "legend"}
CELLS = {"td", "th"}
HIDDEN = re.compile(r"display\s*:\s*none|mso-hide\s*:\s*all", re.IGNORECASE)
SPACES = re.compile(r"\s+")
INVISIBLE = dict.fromkeys(map(ord, "\u00ad\u034f\u200b\u200c\u200d\u2060\ufeff"))
BREAKS = {**dict.fromkeys(PARAGRAPHS, "\n\n"), **dict.fromkeys(LINES, "\n")}
STARTS = {**BREAKS, "br": "\n", "hr": "\n\n---\n\n", "li": "\n- "}
ENDS = {**BREAKS, **dict.fromkeys(CELLS, " ")}


def html_to_text(html):
    """Return the text of an email: paragraphs apart, list items with a dash, links
    with their addresses in angle brackets, images by their alternative text."""
    visitor = _Text()
    read(html, visitor)
    return _lay_out(visitor.output.getvalue())


class _Text(Visitor):
    """Writes down what is shown."""

    def __init__(self):
        self.output = StringIO()
        self.base = ""
        self.hidden = 0  # open elements from the hidden one on
        self.open_links = []  # [address, pieces of text] of each

    def open(self, name, values):
        if self.hidden or _is_hidden(name, values):
            self.hidden += 1
            return
        self.add(STARTS.get(name, ""))
        if name == "a":
            self.open_links.append([resolve(values.get("href", ""), self.base)])
        elif name == "base" and "href" in values:
            self.base = self.base or get_base(values)
        elif name == "img":
            self.text(values.get("alt", ""), "")

    def close(self, name):
        if self.hidden:
            self.hidden -= 1
            return
        if name == "a":
            url, *pieces = self.open_links.pop()
            text = "".join(pieces)
            if self.open_links:
                self.open_links[-1].append(text)
            text = text.strip()
            if url and not url.startswith("#") and url not in (text, f"mailto:{text}"):
                self.add(f" <{url}>")
        self.add(ENDS.get(name, ""))

    def text(self, text, name):
        if not self.hidden and name not in SKIPPED:
            self.add(_words(text))

    def add(self, text):
        self.output.write(text)
        if self.open_links and text:
            self.open_links[-1].append(text)


def _is_hidden(name, values):
    return name in SKIPPED or ("style" in values and HIDDEN.search(values["style"]))


def _words(text):
    """Return a text as a browser shows it: its line breaks are but spaces."""
    text = text if text.isascii() else text.translate(INVISIBLE)
    return SPACES.sub(" ", text)


def _lay_out(text):
    """Return the text without stray spaces and with one empty line between
    paragraphs."""
    text = re.sub(r" ?\n ?", "\n", re.sub(r" {2,}", " ", text))
    return re.sub(r"\n{3,}", "\n\n", text).strip()
