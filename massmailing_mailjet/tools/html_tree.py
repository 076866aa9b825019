"""An email's HTML as a tree, to take elements out or move them.

lxml has the tree and writes it, but does not read HTML 5: it loses the words of
elements that it does not know. So it is given what :mod:`.html_reader` has read.
"""

from html import escape

from lxml import html as lxml_html

from .html_elements import FOREIGN, HEAD, HTML_WITHIN
from .html_reader import Visitor, read
from .html_writer import RENAMED, UNSEEN, HtmlWriter, write_attributes


def parse(html, is_xml=False):
    """Return the ``html`` element of the document that browsers make of a text.

    :param bool is_xml: see :func:`.html_reader.read`
    """
    parser = lxml_html.HTMLParser(huge_tree=True, encoding="utf-8")
    data = normalize(html, is_xml).encode()
    return lxml_html.document_fromstring(data, parser=parser)


def inner_html(element):
    """Return the content of an element, without its own tags."""
    text = escape(element.text or "", quote=False)
    children = (lxml_html.tostring(child, encoding="unicode") for child in element)
    return text + "".join(children)


def normalize(html, is_xml=False):
    """Return the HTML as a document with every tag that browsers add."""
    document = _Document()
    read(html, document, is_xml)
    return document.get_html()


class _Document(Visitor):
    """Writes a head and a body."""

    def __init__(self):
        self._root, self._head, self._body = {}, HtmlWriter(), HtmlWriter()
        self._output = self._head
        self._languages = []  # open elements of SVG and MathML, and of HTML in them

    def get_html(self):
        """Return the document."""
        head, body = self._head.get_html(), self._body.get_html()
        body = body or "<body></body>"
        return f"<html{write_attributes(self._root)}><head>{head}</head>{body}</html>"

    def root(self, values):
        self._root = values | self._root

    def open(self, name, values):
        if name in FOREIGN or (self._languages and name in HTML_WITHIN):
            self._languages.append(name)
        name = self._rename(name)
        if name == "body" or (name not in HEAD and self._output is self._head):
            self._output = self._body
        self._output.start(name, values)

    def close(self, name):
        renamed = self._rename(name)
        if self._languages and self._languages[-1] == name:
            self._languages.pop()
        self._output.end(renamed)

    def _rename(self, name):
        is_foreign = self._languages and self._languages[-1] in FOREIGN
        return name if is_foreign else RENAMED.get(name, name)

    def text(self, text, name):
        if name == "style":
            self._output.raw(text)
        elif name == "script":
            self._output.script(text)
        elif name not in UNSEEN:
            self._output.text(text)

    def comment(self, source):
        if source.startswith("<!--") and source.endswith("-->"):
            self._output.raw(source)
