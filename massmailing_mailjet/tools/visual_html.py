"""HTML from elsewhere, prepared for the visual editor."""

import re

from .html_reader import Visitor, read
from .html_writer import RENAMED, UNSEEN, HtmlWriter

# Parts of a document that are not its content.
NO_CONTENT = {"head", "style", "script", "title", "meta", "link"}
# Formats that are useless without a text.
FORMATS = {
    *("b", "i", "em", "strong", "u", "s", "span", "font", "small", "sub", "sup"),
}
CELL_STYLES = ("color", "background-color")
FONT_STYLES = ("font-family", "font-size", "font-weight")
STYLE = re.compile(r"(?:^|;)\s*(?P<name>[\w-]+)\s*:\s*(?P<value>[^;]+)")


def to_visual(source):
    """Return what an email shows, without its frame, styles and comments.

    The editor moves the colors of a table to its cells, those of nested tables
    included, and gives links a font of its own and no line below them: here all of it
    is written where it leaves them alone.
    """
    content = _Content()
    read(source, content)
    return content.get_html()


class _Content(Visitor):
    """Writes the content of a document. A start tag is written as soon as something is
    known to be in its element."""

    def __init__(self):
        self._output = HtmlWriter()
        self._waiting = []  # (name, values) of open elements that are not written yet
        self._colors = [{}]  # of the open tables, with those around each
        self._dropped = 0  # open elements that are no content
        self._in_body = False

    def get_html(self):
        """Return the content."""
        return self._output.get_html().strip()

    def open(self, name, values):
        if name == "body":
            self._in_body = True
        elif self._dropped or name in NO_CONTENT:
            self._dropped += 1
        elif self._in_body:
            name, values = RENAMED.get(name, name), self._add_styles(name, values)
            self._waiting.append((name, values))

    def _add_styles(self, name, values):
        """Return the attributes of an element, with the styles that it needs."""
        if name == "table":
            own = _read_styles(values)
            colors = {key: own[key] for key in CELL_STYLES if key in own}
            self._colors.append(colors | self._colors[-1] | colors)
        elif name == "td":
            return _complete_styles(values, self._colors[-1])
        elif name == "a":
            return _complete_styles(values, _get_link_styles(values))
        return values

    def close(self, name):
        if self._dropped:
            self._dropped -= 1
        elif name != "body" and self._in_body:
            if name == "table":
                self._colors.pop()
            self._end(RENAMED.get(name, name))

    def _end(self, name):
        if self._waiting:  # the element is empty
            _name, values = self._waiting[-1]
            if name in FORMATS and not values:
                self._waiting.pop()
                return
            self._write("")
        self._output.end(name)

    def text(self, text, name):
        if self._in_body and not self._dropped and text and name not in UNSEEN:
            self._write(text)

    def _write(self, text):
        for name, values in self._waiting:
            self._output.start(name, values)
        self._waiting.clear()
        self._output.text(text)


def _read_styles(values):
    """Return the inline styles of an element by their names."""
    styles = STYLE.findall(values.get("style", ""))
    return {name.lower(): value.strip() for name, value in styles}


def _get_link_styles(values):
    """Return what browsers show of a link unless it has styles of its own."""
    is_plain = "font" not in _read_styles(values)
    styles = dict.fromkeys(FONT_STYLES, "inherit") if is_plain else {}
    return styles | ({"text-decoration": "underline"} if "href" in values else {})


def _complete_styles(values, styles):
    """Return attributes with those of the inline styles that they do not have."""
    own = _read_styles(values) if styles else {}
    added = [f"{name}: {value}" for name, value in styles.items() if name not in own]
    if not added:
        return values
    before = values.get("style", "").strip().rstrip(";")
    return values | {"style": "; ".join(filter(None, [before, *added])) + ";"}
