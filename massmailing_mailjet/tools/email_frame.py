"""The frame of an email: where its content begins and ends, and how a line looks there.

The emails of Odoo's editor have a frame of their own: a cell of limited width on a
background that covers the whole window. A line outside of it would break that
background, so it goes inside, with the font and the background of what is next to it.
"""

from typing import NamedTuple

from .colors import WHITE, choose_text_color
from .email_background import find_background, read_background, read_styles
from .html_elements import VOID
from .html_tokenizer import END, REVEALED, START, TEXT, tokenize

# Classes of the frame in the themes of mass_mailing, and in that of plain text.
CELL, PLAIN = "o_mail_wrapper_td", "oe_structure"
THEMES = (CELL, "o_basic_theme")
LAYOUT_CLASS = "o_layout"
FONT = "Arial,sans-serif"
# What readers see although it is no text.
SEEN = {"img", "input", "hr"}


class Look(NamedTuple):
    """How a line looks.

    :param str background: its color, empty for that of what is around it
    :param str behind: the color that is seen behind it
    :param str align: plain text begins at the left
    """

    font: str = FONT
    background: str = ""
    behind: str = WHITE
    align: str = "center"

    @property
    def color(self):
        """A color in which it is readable."""
        return choose_text_color(self.behind)


class Frame(NamedTuple):
    """Where the content of an email begins and ends in its HTML, and how lines look
    that are added there."""

    start: int
    end: int
    top: Look
    bottom: Look


def find_frame(html):
    """Return the :class:`Frame` that a theme of Odoo has given an email; None where
    there is none, or something is seen outside of it."""
    if not any(theme in html for theme in THEMES):
        return None
    search = _Search()
    for token in tokenize(html):
        if not token.in_outlook and not search.take(token):
            return None
    return search.get_frame()


def find_layout_color(html):
    """Return the color that the layout of Odoo's editor has behind the frame; empty
    where it has none."""
    for token in tokenize(html) if LAYOUT_CLASS in html else ():
        if token.kind == START and LAYOUT_CLASS in _classes(token):
            return read_background(token.values)
    return ""


def find_body_look(html, start):
    """Return how a line looks in an email without a frame.

    :param int start: where its body begins, behind the tag of the body
    """
    colors = [
        read_background(token.values)
        for token in tokenize(html[:start])
        if token.kind == START and token.name == "body" and not token.in_outlook
    ]
    if colors and colors[-1]:
        return Look(behind=colors[-1])
    color = find_background(html[start:])
    return Look(background=color, behind=color or WHITE)


class _Search:
    """Passes through the tokens of an email and notes where its frame is."""

    def __init__(self):
        self.name = ""  # of the frame's element, once it was found
        self.depth = self.same = 0  # open elements within it, and those of its name
        self.start = self.end = None
        self.is_at_start = False
        self.font, self.background, self.align = "", WHITE, ""
        self.children = []  # tags of the first and of the last child
        self.paragraph = None  # tag of the first one

    def take(self, token):
        """Note a token; return False if it is seen outside of the frame."""
        if self.end is not None or not self.name:
            if _is_seen(token):
                return False
            if not self.name and token.kind == START:
                self._enter(token)
        elif self.is_at_start and token.kind == REVEALED:
            # The frame's tag is hidden from Outlook, which has one of its own.
            self.start = token.end
        else:
            self._pass(token)
        return True

    def _enter(self, token):
        classes = _classes(token)
        if CELL not in classes and PLAIN not in classes:
            return
        self.align = "center" if CELL in classes else "left"
        self.name, self.start, self.is_at_start = token.name, token.end, True
        self.font = read_styles(token.values).get("font-family", FONT)
        self.background = read_background(token.values) or WHITE

    def _pass(self, token):
        is_same = token.name == self.name
        if token.kind == START:
            self._note(token)
            self.depth += token.name not in VOID
            self.same += is_same
        elif token.kind == END:
            if is_same and not self.same:
                self.end = token.start
            self.depth -= token.name not in VOID
            self.same -= is_same
        self.is_at_start = self.is_at_start and token.kind == TEXT

    def _note(self, token):
        if not self.depth and token.name not in ("style", "br"):
            self.children[1:] = [token]
        if token.name == "p" and not self.paragraph:
            self.paragraph = token

    def get_frame(self):
        """Return the :class:`Frame`, None where there is none."""
        if self.end is None:
            return None
        if self.paragraph:
            style = read_styles(self.paragraph.values)
            self.font = style.get("font-family", self.font)
        colors = [read_background(child.values) for child in self.children] or [""]
        return Frame(
            self.start, self.end, self._look(colors[0]), self._look(colors[-1])
        )

    def _look(self, background):
        behind = background or self.background
        return Look(self.font, background, behind, self.align)


def _is_seen(token):
    if token.kind == START:
        return token.name in SEEN
    return token.kind == TEXT and not token.source.isspace()


def _classes(token):
    return token.values.get("class", "").split()
