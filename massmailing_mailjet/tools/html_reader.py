"""What an email's HTML says, read as browsers read it: the elements that they make of
its tags, and their text. To change HTML, use :mod:`.html_tokenizer`, whose tokens are
read here.

No tree is kept: the elements pass by one after another, so that memory does not grow
with the HTML. Other parsers do not know HTML 5 (lxml loses words with the elements that
it does not know), are slow, or look through all open elements at every tag, as the
standard has it, without a limit to their number: 100,000 elements within each other
take them minutes. Here the number is limited, as it is in browsers.

https://html.spec.whatwg.org/multipage/parsing.html#tree-construction
"""

from . import html_tokenizer as tokens
from .html_elements import (
    BLOCKS,
    BODIES,
    ENDING_FOREIGN,
    FOREIGN,
    FORMATS,
    FRAME,
    HEAD,
    HEADINGS,
    TABLE_PARTS,
    VOID,
)
from .html_entities import decode_text
from .html_open_elements import MAX_DEPTH, TABLE_SCOPES, OpenElements
from .html_tag import read_values

# Start tag -> the open elements that it ends, and the bound beyond which it ends none.
ENDS = {
    "li": ({"li"}, "list"),
    **dict.fromkeys(("dd", "dt"), ({"dd", "dt"}, "definition")),
    **{name: ({name}, "block") for name in ("option", "a", "nobr", "button")},
}
# Start tag -> the elements of a table that it belongs into: all that is open within
# them ends.
STANDS_IN = {
    **dict.fromkeys(("td", "th"), {"tr", *BODIES, *TABLE_SCOPES}),
    "tr": BODIES | TABLE_SCOPES,
    **dict.fromkeys(("caption", "colgroup", *BODIES), TABLE_SCOPES),
}
# Start tags that end anything, except for those that end SVG and MathML; and elements
# that another one of their name ends.
ENDING = BLOCKS | ENDS.keys() | STANDS_IN.keys()
REPLACED = {"p", *HEADINGS, *ENDS} - {"button"}
OF_TABLES_OR_BLOCKS = BLOCKS | TABLE_PARTS
READ_RAW = {"title", "textarea"}  # contain no tags, but entities
NONE = {}


class Visitor:
    """Takes what :func:`read` meets. Names are in small letters."""

    def root(self, values):
        """Take the attributes of ``<html>``."""

    def open(self, name, values):
        """Take an element and a dict of its attributes."""

    def close(self, name):
        """Take the end of an element; the last one that was opened ends first."""

    def text(self, text, name):
        """Take a text, and the name of its element if that contains no tags, such as
        ``title`` or ``style``; otherwise the name is empty."""

    def comment(self, source):
        """Take a comment, including what it contains for Outlook."""


def read(html, visitor, is_xml=False):
    """Tell a :class:`Visitor` what an HTML text contains, in order. The outermost
    element is ``body``, except for what is in the head.

    :param bool is_xml: whether every tag that ends in ``/>`` is an element without
        content, as in templates of QWeb
    """
    _Reader(visitor, is_xml).read_all(html or "")


class _Reader:
    """One pass through a document."""

    def __init__(self, visitor, is_xml):
        self.visitor, self.is_xml = visitor, is_xml
        self.elements = OpenElements(visitor)
        self.stack = self.elements.stack
        self.deeper = 0  # open elements that are too deep
        self.deepest = None  # the one of them whose content is read
        self.in_body = False

    def read_all(self, html):
        """Pass through a text."""
        comment = 0
        for _html, kind, start, end, name, in_outlook in tokens.read_marks(html):
            if in_outlook:
                continue
            if kind == tokens.TEXT:
                self.text(html[start:end])
            elif kind == tokens.START:
                has_values = end - start > len(name) + 2
                values = read_values(html[start:end]) if has_values else NONE
                self.start(name, values, html[end - 2] == "/")
            elif kind == tokens.END:
                self.end(name)
            elif kind == tokens.OUTLOOK_START:
                comment = start
            elif kind == tokens.OUTLOOK_END:
                self.visitor.comment(html[comment:end])
            else:
                self.other(kind, html[start:end], name)
        self.close_deepest()
        self.elements.close_from(0)

    def other(self, kind, source, name):
        """Pass through what is neither a text nor a tag."""
        if kind == tokens.RAW:
            self.visitor.text(decode_text(source) if name in READ_RAW else source, name)
        elif kind == tokens.CDATA:
            self.visitor.text(source[len("<![CDATA[") :].removesuffix("]]>"), "")
        elif kind in (tokens.COMMENT, tokens.REVEALED):
            self.visitor.comment(source)

    def text(self, source):
        text = decode_text(source) if "&" in source else source
        if not self.in_body:
            if text.isspace():
                return
            self.open_body(NONE)
        if self.elements.ended and not text.isspace():
            self.elements.reopen()
        self.visitor.text(text, "")

    # === START TAGS === #

    def start(self, name, values, is_closed):
        """Open what a start tag begins.

        :param bool is_closed: whether it ends in ``/>``
        """
        if name in FRAME:
            self.start_frame(name, values)
            return
        if not self.in_body and name not in HEAD:
            self.open_body(NONE)
        elements = self.elements
        is_foreign = bool(elements.languages)
        if not self.deeper:
            if is_foreign and name in ENDING_FOREIGN:
                is_foreign = self.end_foreign()
            if name in ENDING:
                if name in REPLACED and self.is_replaced(name):
                    elements.replace(name, values)
                    return
                self.end_before(name)
            if elements.ended and name not in OF_TABLES_OR_BLOCKS:
                elements.reopen()
        may_be_closed = is_foreign or self.is_xml or name in FOREIGN
        if name in VOID or (is_closed and may_be_closed):
            self.visitor.open(name, values)
            self.visitor.close(name)
        elif name == "image" and not is_foreign:
            self.start("img", values, is_closed)
        elif len(self.stack) < MAX_DEPTH - 1:
            elements.push(name, values)
        else:
            self.start_deep(name, values)

    def start_frame(self, name, values):
        if name == "body":
            self.open_body(values)
        elif name == "html":
            self.visitor.root(values)

    def open_body(self, values):
        if not self.in_body:
            self.elements.close_from(0)
            self.in_body = True
            self.elements.push("body", values)

    def is_replaced(self, name):
        """Return whether a start tag ends an element of its name and nothing else."""
        if self.elements.ended or self.stack[-1][0] != name:
            return False
        return name == "p" or name not in BLOCKS or not self.elements.has("p")

    def end_foreign(self):
        """Close SVG and MathML that HTML ends; return whether some is left."""
        while (index := self.elements.find(FOREIGN, "foreign")) >= 0:
            self.elements.close_from(index)
        return bool(self.elements.languages)

    def end_before(self, name):
        """Close what a start tag ends."""
        elements = self.elements
        if name in BLOCKS and elements.has("p"):
            self.end_paragraph()
        if name in HEADINGS and self.stack[-1][0] in HEADINGS:
            elements.pop()
        if name in ENDS and (index := elements.find(*ENDS[name])) >= 0:
            if name in FORMATS:
                self.end(name)
            else:
                elements.close_from(index, keeps_formats=True)
        # Parts of a table that is not there are taken as they are, as in a snippet.
        if name in STANDS_IN and (index := elements.find(STANDS_IN[name], "")) >= 0:
            elements.close_from(index + 1)
            elements.ended.clear()

    def end_paragraph(self):
        if self.stack[-1][0] == "p":
            self.elements.pop()
        elif (index := self.elements.find({"p"}, "block")) >= 0:
            self.elements.close_from(index, keeps_formats=True)

    # === END TAGS === #

    def end(self, name):
        """Close what an end tag ends."""
        if name in FRAME:
            return
        elements = self.elements
        if self.deeper:
            self.end_deep(name)
        elif name == "br":
            self.visitor.open(name, NONE)
            self.visitor.close(name)
        elif not elements.ended and self.stack and self.stack[-1][0] == name:
            elements.pop()
        elif name in FORMATS:
            elements.close_format(name)
        elif elements.has(name) or name in HEADINGS:
            self.end_element(name)

    def end_element(self, name):
        names = HEADINGS if name in HEADINGS else {name}
        if name in TABLE_PARTS or name == "table":
            bound = "table"
        elif name in ENDS:
            bound = ENDS[name][1]
        else:
            bound = "block" if name in BLOCKS else "any"
        index = self.elements.find(names, bound)
        if index >= 0:
            self.elements.close_from(index, keeps_formats=bound != "table")

    # === ELEMENTS THAT ARE TOO DEEP === #

    # They are siblings of each other, as in browsers: none contains another one, and
    # each has its own text.

    def start_deep(self, name, values):
        """Open an element that is too deep."""
        self.close_deepest()
        self.deeper, self.deepest = self.deeper + 1, name
        self.visitor.open(name, values)

    def end_deep(self, name):
        """Count the end of an element that is too deep."""
        self.deeper -= 1
        if self.deepest == name or not self.deeper:
            self.close_deepest()

    def close_deepest(self):
        """Close the element that is too deep."""
        if self.deepest:
            self.visitor.close(self.deepest)
            self.deepest = None
