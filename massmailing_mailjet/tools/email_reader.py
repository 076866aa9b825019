"""What a reader sees of an email's HTML: its links, images and words."""

import re
from functools import lru_cache
from io import StringIO
from typing import NamedTuple

from .html_reader import Visitor, read
from .links import get_base, resolve
from .white_space import collapse

SKIPPED = {"style", "script", "title", "template", "noscript"}
SKIPPED |= {"iframe", "noembed", "noframes"}
# Attributes that recipients see, or that lead them somewhere.
READ_ATTRIBUTES = {"alt", "title", "href", "src"}

# Represents an image without words in the text of a link.
IMAGE = "\ufffc"

WHITE = "#ffffff"
COLOR_NAMES = {"white": WHITE, "black": "#000000"}
HEX_COLOR = re.compile(r"#(?:[0-9a-f]{3}|[0-9a-f]{6})")
# Attributes by which an element looks as it does, and how much of them is read.
LOOKS = {"style", "color", "bgcolor", "background", "class", "hidden"}
MAX_STYLE = 4000
ZERO = re.compile(r"0(?:\.0+)?(?:px|pt|em|rem|%)?")


class Link(NamedTuple):
    """A link; its text is empty when a reader cannot see it."""

    url: str
    text: str


class Image(NamedTuple):
    """An image; ``alt`` is None where the attribute is missing."""

    url: str
    alt: str | None


class Email(NamedTuple):
    """What was read.

    :param list links: every :class:`Link` with an address
    :param list images: every visible :class:`Image` but those of one pixel
    :param str words: the visible text
    :param str written: all text, the attributes that matter and the names of
        template attributes
    :param int size: bytes of the HTML
    """

    links: list
    images: list
    words: str
    written: str
    size: int


class _Look(NamedTuple):
    """How an element looks, as far as styles within the tags tell."""

    is_hidden: bool = False
    is_sizeless: bool = False
    color: str = ""
    background: str = WHITE

    @property
    def is_visible(self):
        return not (self.is_hidden or self.is_sizeless or self.color == self.background)


def read_email(html):
    """Return the :class:`Email` of an HTML text, however broken it is."""
    reader = _Reader()
    read(html, reader)
    return Email(
        reader.links,
        reader.images,
        collapse(reader.words.getvalue()),
        reader.written.getvalue(),
        len((html or "").encode("utf-8", "replace")),
    )


class _Reader(Visitor):
    """Notes what a reader sees."""

    def __init__(self):
        self.links, self.images = [], []
        self.words, self.written = StringIO(), StringIO()
        self.base = ""  # what relative addresses begin with
        self.looks = [_Look()]
        self.skipped = 0  # open elements from the skipped one on
        self.open_links = []  # [address, pieces of text] of each

    def open(self, name, values):
        if self.skipped or name in SKIPPED:
            self.skipped += 1
            return
        look = self.looks[-1]
        if values:
            look = _look(values, look)
            self._note(values)
        self.looks.append(look)
        if name == "a":
            self.open_links.append([values.get("href")])
        elif name == "area" and "href" in values:
            self._add_link(values["href"], values.get("alt") or IMAGE)
        elif name == "base" and "href" in values:
            self.base = self.base or get_base(values)
        elif name == "img":
            self._add_image(values)

    def close(self, name):
        if self.skipped:
            self.skipped -= 1
            return
        self.looks.pop()
        if name == "a":
            url, *pieces = self.open_links.pop()
            text = "".join(pieces)
            if url is not None:
                self._add_link(url, text)
            if self.open_links:
                self.open_links[-1].append(text)

    def text(self, text, name):
        if self.skipped or name in SKIPPED:
            return
        if not text.isspace():
            self._write(text)
        if self.looks[-1].is_visible:
            self._add(text)

    def _note(self, values):
        for name, value in values.items():
            if name in READ_ATTRIBUTES:
                self._write(value)
            elif name.startswith("t-"):
                self._write(f'{name}="{value}"')

    def _write(self, text):
        self.written.write(text)
        self.written.write("\n")

    def _add(self, text):
        self.words.write(text)
        if self.open_links:
            self.open_links[-1].append(text)

    def _add_link(self, url, text):
        url = resolve(url, self.base) if self.base else url
        self.links.append(Link(url, collapse(text)))

    def _add_image(self, values):
        pixel = [values.get(side, "").strip().removesuffix("px") for side in SIDES]
        if self.looks[-1].is_hidden or pixel in (["1", "1"], ["0", "0"]):
            return
        alt = values.get("alt")
        url = values.get("src", "")
        url = resolve(url, self.base) if self.base else url
        self.images.append(Image(url, alt))
        self._add(f" {alt or IMAGE} ")


SIDES = ("width", "height")


def _look(values, parent):
    """Return how an element looks within its parent."""
    if LOOKS.isdisjoint(values):
        return parent
    own = (item for item in values.items() if item[0] in LOOKS)
    look = _own_look(tuple((name, value[:MAX_STYLE]) for name, value in own))
    return _Look(
        parent.is_hidden or look.is_hidden,
        parent.is_sizeless if look.is_sizeless is None else look.is_sizeless,
        look.color or parent.color,
        look.background or parent.background,
    )


@lru_cache(maxsize=256)
def _own_look(values):
    """Return how attributes make an element look."""
    values = dict(values)
    style = read_style(values.get("style", ""))
    size = style.get("font-size")
    is_hidden = (
        style.get("display") == "none"
        or style.get("visibility") == "hidden"
        or bool(ZERO.fullmatch(style.get("opacity", "1")))
        or (style.get("max-height") in ("0", "0px") and "overflow" in style)
        or "hidden" in values
    )
    return _Look(
        is_hidden,
        None if size is None else bool(ZERO.fullmatch(size)),
        _color(style.get("color", values.get("color", ""))),
        _background(style, values),
    )


def read_style(style):
    """Return the declarations of a style attribute as a dict."""
    pairs = (part.partition(":") for part in style.lower().split(";"))
    return {
        name.strip(): value.replace("!important", "").strip()
        for name, _colon, value in pairs
    }


def _background(style, values):
    """Return an element's own background: a color, ``unknown`` for a picture or what
    a style sheet may say, or nothing where its parent's shows."""
    value = style.get("background-color") or style.get("background")
    value = value or values.get("bgcolor", "").lower()
    if "url(" in f"{style.get('background')}{style.get('background-image')}" or (
        values.get("background") or "gradient" in value
    ):
        return "unknown"
    return _color(value) or ("unknown" if values.get("class") else "")


def _color(value):
    """Return a colour as ``#rrggbb``, as far as it is written in a common way."""
    value = value.strip().lower()
    first = value.split(" ")[0]
    if first in COLOR_NAMES:
        return COLOR_NAMES[first]
    match = HEX_COLOR.search(value)
    if not match:
        return "" if value in ("", "transparent", "inherit", "none") else value
    digits = match[0][1:]
    return "#" + (digits if len(digits) == 6 else "".join(2 * sign for sign in digits))
