"""An email's HTML as a tree, for what takes elements out or moves them.

lxml has the tree and writes it, but does not read HTML 5: it loses the words of
elements that it does not know. So it is given what :mod:`.html_reader` has read.
"""

import re
from html import escape
from io import StringIO

from lxml import html as lxml_html

from .html_elements import FOREIGN, HEAD, VOID
from .html_reader import Visitor, read

# Elements of old whose content the tree would read as tags, and what shows them alike;
# and those whose content nobody sees.
AS = {"xmp": "pre", "plaintext": "pre", "listing": "pre"}
UNSEEN = {"iframe", "noembed", "noframes"}
NAME = re.compile(r"[a-z_][\w:.-]*", re.IGNORECASE)
# Characters that XML, and so the tree, has no place for.
CONTROL = dict.fromkeys([*range(9), 11, 12, *range(14, 32), 0xFFFE, 0xFFFF])
CONTROL |= dict.fromkeys(range(0xD800, 0xE000), "\ufffd")


def parse(html, is_xml=False):
    """Return the ``html`` element of the document that browsers make of a text.

    :param bool is_xml: see :func:`.html_reader.read`
    """
    parser = lxml_html.HTMLParser(huge_tree=True, encoding="utf-8")
    data = normalize(html, is_xml).encode()
    return lxml_html.document_fromstring(data, parser=parser)


def inner_html(element):
    """Return what an element holds, without its own tags."""
    text = escape(element.text or "", quote=False)
    children = (lxml_html.tostring(child, encoding="unicode") for child in element)
    return text + "".join(children)


def normalize(html, is_xml=False):
    """Return the HTML as a document with every tag that browsers add."""
    writer = _Writer()
    read(html, writer, is_xml)
    return writer.finish()


class _Writer(Visitor):
    """Writes what it takes."""

    def __init__(self):
        self._root, self._head, self._body = {}, StringIO(), StringIO()
        self._output = self._head
        self._foreign = 0  # open elements of SVG and MathML

    def finish(self):
        """Return the document."""
        head, body = self._head.getvalue(), self._body.getvalue()
        body = body or "<body></body>"
        return f"<html{write_attributes(self._root)}><head>{head}</head>{body}</html>"

    def root(self, values):
        self._root = values | self._root

    def open(self, name, values):
        self._foreign += name in FOREIGN
        name = self._rename(name)
        if name == "body" or (name not in HEAD and self._output is self._head):
            self._output = self._body
        if NAME.fullmatch(name):
            self._output.write(f"<{name}{write_attributes(values)}>")

    def close(self, name):
        renamed = self._rename(name)
        self._foreign -= name in FOREIGN
        if NAME.fullmatch(renamed) and renamed not in VOID:
            self._output.write(f"</{renamed}>")

    def _rename(self, name):
        return name if self._foreign else AS.get(name, name)

    def text(self, text, name):
        if name not in UNSEEN:
            text = text.translate(CONTROL)
            if name == "script":  # in which a comment would go on behind its end
                text = text.replace("<!--", "<\\!--")
            is_raw = name in ("style", "script")
            self._output.write(text if is_raw else escape(text, quote=False))

    def comment(self, source):
        if source.startswith("<!--") and source.endswith("-->"):
            self._output.write(source.translate(CONTROL))


def write_attributes(values):
    """Return attributes as they stand in a tag, without those of impossible names."""
    return "".join(
        f' {name}="{escape(value.translate(CONTROL))}"'
        for name, value in values.items()
        if NAME.fullmatch(name)
    )
