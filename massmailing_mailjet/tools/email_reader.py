"""What a reader sees of an e-mail's HTML: its links, images and words."""

import re
from typing import NamedTuple

from lxml import etree

SKIPPED = {"style", "script", "title", "template", "noscript"}
# Attributes that recipients see, or that lead them somewhere.
READ_ATTRIBUTES = ("alt", "title", "href", "src")

# Stands in the text of a link for an image that has no words.
IMAGE = "\ufffc"

WHITE = "#ffffff"
COLOR_NAMES = {"white": WHITE, "black": "#000000"}
HEX_COLOR = re.compile(r"#(?:[0-9a-f]{3}|[0-9a-f]{6})")
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
    data = (html or "").encode("utf-8", "replace")
    reader = _Reader()
    if data.strip():
        # Bytes: of a text, the parser refuses an XML declaration with an encoding.
        parser = etree.HTMLParser(huge_tree=True, encoding="utf-8")
        root = etree.fromstring(data, parser)
        if root is not None:
            reader.walk(root)
    return Email(
        reader.links,
        reader.images,
        " ".join("".join(reader.words).split()),
        "\n".join(reader.written),
        len(data),
    )


class _Reader:
    """Walks through a document once."""

    def __init__(self):
        self.links, self.images, self.words, self.written = [], [], [], []
        self.looks = [_Look()]
        self.open_links = []

    def walk(self, root):
        walk = etree.iterwalk(root, events=("start", "end", "comment", "pi"))
        for event, element in walk:
            if event == "start":
                if element.tag in SKIPPED:
                    walk.skip_subtree()
                self.looks.append(_look(element, self.looks[-1]))
                if element.tag not in SKIPPED:
                    self._open(element)
                continue
            if event == "end":
                self._close(element)
            self._add(element.tail)

    def _open(self, element):
        for name, value in element.attrib.items():
            if name in READ_ATTRIBUTES:
                self.written.append(value)
            elif name.startswith("t-"):
                self.written.append(f'{name}="{value}"')
        if element.tag == "a":
            self.open_links.append(len(self.words))
        elif element.tag == "img":
            self._add_image(element)
        self._add(element.text)

    def _close(self, element):
        self.looks.pop()
        if element.tag == "a":
            text = "".join(self.words[self.open_links.pop() :])
            if (url := element.get("href")) is not None:
                self.links.append(Link(url, " ".join(text.split())))
        elif element.tag == "area" and element.get("href") is not None:
            self.links.append(Link(element.get("href"), element.get("alt") or IMAGE))

    def _add(self, text):
        if text and text.strip():
            self.written.append(text)
        if text and self.looks[-1].is_visible:
            self.words.append(text)

    def _add_image(self, element):
        pixel = [element.get(side, "").strip().removesuffix("px") for side in SIDES]
        if self.looks[-1].is_hidden or pixel in (["1", "1"], ["0", "0"]):
            return
        alt = element.get("alt")
        self.images.append(Image(element.get("src", ""), alt))
        self.words.append(f" {alt or IMAGE} ")


SIDES = ("width", "height")


def _look(element, parent):
    """Return how an element looks within its parent."""
    style = _read_style(element.get("style", ""))
    size = style.get("font-size")
    is_hidden = (
        parent.is_hidden
        or style.get("display") == "none"
        or style.get("visibility") == "hidden"
        or bool(ZERO.fullmatch(style.get("opacity", "1")))
        or (style.get("max-height") in ("0", "0px") and "overflow" in style)
        or element.get("hidden") is not None
    )
    return _Look(
        is_hidden,
        parent.is_sizeless if size is None else bool(ZERO.fullmatch(size)),
        _color(style.get("color", element.get("color", ""))) or parent.color,
        _background(style, element) or parent.background,
    )


def _read_style(style):
    """Return the declarations of a style attribute as a dict."""
    pairs = (part.partition(":") for part in style.lower().split(";"))
    return {
        name.strip(): value.replace("!important", "").strip()
        for name, _colon, value in pairs
    }


def _background(style, element):
    """Return an element's own background: a colour, ``unknown`` for a picture or what
    a style sheet may say, or nothing where its parent's shows."""
    value = style.get("background-color") or style.get("background")
    value = value or (element.get("bgcolor") or "").lower()
    if "url(" in f"{style.get('background')}{style.get('background-image')}" or (
        element.get("background") or "gradient" in value
    ):
        return "unknown"
    return _color(value) or ("unknown" if element.get("class") else "")


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
