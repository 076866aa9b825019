"""The plain text of an email, for mailboxes and readers without HTML.

Odoo's own ``html2plaintext`` is for chatter messages: of a newsletter it would keep the
hidden preview text and style sheets, and write "None" where a link contains an image.
"""

import re
from io import StringIO

from .html_reader import Visitor, read
from .links import get_base, resolve
from .white_space import collapse

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
INVISIBLE = dict.fromkeys(map(ord, "\u00ad\u034f\u200b\u200c\u200d\u2060\ufeff"))
# How many line breaks are before and behind an element, and what shows it is there.
BREAKS = {**dict.fromkeys(PARAGRAPHS, 2), **dict.fromkeys(LINES, 1)}
STARTS = {**BREAKS, "br": 1, "hr": 2}
ENDS = {**BREAKS, "hr": 2}
SHOWN = {"li": "-", "hr": "---"}
# Elements that have nothing to do with the text unless they are hidden.
SPECIAL = STARTS.keys() | CELLS | {"a", "base", "img", "li"}


def html_to_text(html):
    """Return the text of an email: paragraphs apart, list items with a dash, links
    with their addresses in angle brackets, images by their alternative text."""
    visitor = _Text()
    read(html, visitor)
    return visitor.output.getvalue()


class _Text(Visitor):
    """Writes down what is shown. Breaks and spaces are written before the next words,
    so that none is doubled, and none is at either end."""

    def __init__(self):
        self.output = StringIO(newline="")
        self.breaks, self.has_space, self.has_words = 0, False, False
        self.base = ""
        self.hidden = 0  # open elements from the hidden one on
        self.open_links = []  # [address, pieces of text] of each

    def open(self, name, values):
        if self.hidden or _is_hidden(name, values):
            self.hidden += 1
        elif name in SPECIAL:
            self.show(name, values)

    def show(self, name, values):
        """Write what an element begins with."""
        self.add_break(STARTS.get(name, 0))
        if name == "a":
            self.open_links.append([resolve(values.get("href", ""), self.base)])
        elif name == "base" and "href" in values:
            self.base = self.base or get_base(values)
        elif name == "img":
            self.text(values.get("alt", ""), "")
        elif name in SHOWN:
            self.add(SHOWN[name])
            self.has_space = True

    def close(self, name):
        if self.hidden:
            self.hidden -= 1
        elif name in SPECIAL:
            if name == "a":
                self.close_link()
            self.add_break(ENDS.get(name, 0))
            self.has_space = self.has_space or name in CELLS

    def close_link(self):
        """Write the address of a link behind its text, unless that is its text."""
        url, *pieces = self.open_links.pop()
        text = "".join(pieces)
        if self.open_links:
            self.open_links[-1].append(text)
        text = text.strip()
        if url and not url.startswith("#") and url not in (text, f"mailto:{text}"):
            self.has_space = True
            self.add(f"<{url}>")

    def text(self, text, name):
        if self.hidden or name in SKIPPED:
            return
        if text.isspace():
            self.has_space = True
            return
        text = text if text.isascii() else text.translate(INVISIBLE)
        if text:
            self.has_space = self.has_space or text[0].isspace()
            self.add(collapse(text))
            self.has_space = text[-1].isspace()

    def add_break(self, breaks):
        self.breaks += breaks

    def add(self, words):
        """Write words, and what precedes them."""
        if not words:
            return
        gap = "\n\n"[: self.breaks] or (" " if self.has_space else "")
        if self.has_words and gap:
            self.output.write(gap)
        self.output.write(words)
        if self.open_links:
            self.open_links[-1] += (gap, words)
        self.breaks, self.has_space, self.has_words = 0, False, True


def _is_hidden(name, values):
    return name in SKIPPED or ("style" in values and HIDDEN.search(values["style"]))
