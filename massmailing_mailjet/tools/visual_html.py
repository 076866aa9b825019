"""HTML made elsewhere, made ready for the visual editor."""

import re

from lxml import etree

from .html_tree import inner_html, parse

# Parts of a document that are not its content.
UNSEEN = ("head", "style", "script", "title", "meta", "link")
# Elements that may be written empty, and formats that say nothing without a text.
EMPTY = (
    *("html", "body", "br", "img", "hr", "input", "col", "area", "wbr", "source"),
    *("tr", "td", "th", "tbody", "thead", "tfoot"),
)
FORMATS = ("b", "i", "em", "strong", "u", "s", "span", "font", "small", "sub", "sup")
ZERO_WIDTH_SPACE = "\u200b"
CELL_STYLES = ("color", "background-color")
STYLE = re.compile(r"(?:^|;)\s*(?P<name>[\w-]+)\s*:\s*(?P<value>[^;]+)")


def to_visual(source):
    """Return what an e-mail shows, without its frame, styles and comments.

    The editor moves the colours of a table to its cells, those of nested tables
    included, and gives links a size of its own: here both are written where it leaves
    them alone. And Odoo saves empty elements as ``<b/>``, which browsers take for an
    opening tag: none is left empty.
    """
    root = parse(source)
    etree.strip_tags(root, etree.Comment)
    for element in list(root.iter(*UNSEEN)):
        element.drop_tree()
    for table in reversed(list(root.iter("table"))):
        styles = _styles(table)
        colors = {name: styles[name] for name in CELL_STYLES if name in styles}
        for cell in table.iter("td") if colors else ():
            _add_styles(cell, colors)
    for link in root.iter("a"):
        _add_styles(link, {"font-size": "inherit"})
    _fill_empty(root)
    return inner_html(root.find("body")).strip()


def _fill_empty(root):
    """Take empty formats out, and put an invisible text into other empty elements."""
    for element in reversed(list(root.iter())):
        if element.tag in EMPTY or len(element) or element.text:
            continue
        if element.tag in FORMATS and not element.attrib:
            element.drop_tree()
        else:
            element.text = ZERO_WIDTH_SPACE


def _styles(element):
    """Return the inline styles of an element by their names."""
    styles = STYLE.findall(element.get("style", ""))
    return {name.lower(): value.strip() for name, value in styles}


def _add_styles(element, styles):
    """Add inline styles that an element does not have."""
    own = _styles(element)
    added = [f"{name}: {value}" for name, value in styles.items() if name not in own]
    if added:
        before = element.get("style", "").strip().rstrip(";")
        element.set("style", "; ".join(filter(None, [before, *added])) + ";")
