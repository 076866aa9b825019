"""The color that is behind the whole of an email, wherever its HTML says so."""

from itertools import takewhile

from .colors import parse_color
from .email_reader import MAX_STYLE, read_style
from .html_elements import HEAD
from .html_reader import Visitor, read

# What is as wide as what is around it, unless it says something else; and what stands
# between a table and what is in it.
WIDE = {"center", "div", "main", "section", *("tbody", "tr", "td")}
FULL = ("", "100%", "auto", "none")


def find_background(html):
    """Return the color that is behind all of an email as ``#rrggbb``: that of its body,
    of all that stands in it one below the other, or of an element in which all is that
    can be seen, each as wide as the window; empty where there is none."""
    search = _Search()
    read(html, search)
    return search.get_color()


def read_background(values):
    """Return the background color of an element as ``#rrggbb``, empty for none."""
    style = read_styles(values)
    written = style.get("background-color") or style.get("background", "")
    return parse_color(written or values.get("bgcolor", ""))


def read_styles(values):
    """Return the inline styles of an element by their names."""
    return read_style(values.get("style", "")[:MAX_STYLE])


class _Search(Visitor):
    """Notes what stands in the body one below the other, and follows the elements each
    of which has all that is seen in it, from the body inwards."""

    def __init__(self):
        self._color = ""  # that of the body
        self._stack = set()  # those of what stands in it
        self._chain = []  # those of the elements that have all in them; None if narrow
        self._is_at_end = False
        self._in_body = False
        self._depth = 0  # of open elements in the body
        self._hidden = 0  # depth of the outermost that is hidden

    def get_color(self):
        """Return the color of the outermost that has one."""
        if self._color:
            return self._color
        if len(self._stack) == 1 and all(self._stack):
            return self._stack.pop()
        wide = takewhile(lambda color: color is not None, self._chain)
        return next(filter(None, wide), "")

    def open(self, name, values):
        if name == "body":
            self._in_body, self._color = True, read_background(values)
        elif self._in_body:
            self._depth += 1
            if not self._hidden and (name in HEAD or _is_hidden(values)):
                self._hidden = self._depth
            if not self._hidden:
                self._note(name, values)

    def _note(self, name, values):
        color = read_background(values) if _is_wide(name, values) else None
        if self._depth == 1:
            self._stack.add(color)
        if self._depth > len(self._chain) and not self._is_at_end:
            self._chain.append(color)
        else:
            self._end(self._depth - 1)

    def close(self, name):
        if self._in_body and name != "body":
            if self._hidden == self._depth:
                self._hidden = 0
            self._depth -= 1

    def text(self, text, name):
        if self._in_body and not (name or self._hidden or text.isspace()):
            if not self._depth:
                self._stack.add(None)
            self._end(self._depth)

    def _end(self, depth):
        """Drop the elements from a depth on: something is seen beside them."""
        self._is_at_end = True
        del self._chain[depth:]


def _is_hidden(values):
    return read_styles(values).get("display") == "none"


def _is_wide(name, values):
    style = read_styles(values)
    if name == "table":
        return "100%" in (values.get("width"), style.get("width"))
    widths = (style.get("width", ""), style.get("max-width", ""))
    return name in WIDE and all(width in FULL for width in widths)
