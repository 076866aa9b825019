"""What an email's HTML says, read as browsers read it: the elements that they make of
its tags, and their text. What changes HTML is the matter of :mod:`.html_tokenizer`,
whose tokens are read here.

No tree is kept: the elements pass by one after another, so that memory does not grow
with the HTML. The parsers at hand either know nothing of HTML 5 (lxml: words vanish
with the elements that it does not know), are slow, or look through all open elements at
every tag, as the standard has it, without a limit to their number: 100,000 elements
within each other take them minutes. Here, as in browsers, the number is limited.

https://html.spec.whatwg.org/multipage/parsing.html#tree-construction
"""

from . import html_tokenizer as tokens

# Elements further in are opened and closed at once; their text is their parent's. Of
# browsers' 512, half, so that functions that call themselves may read a tree of them.
MAX_DEPTH = 256
# As many open elements are opened again where tags are crossed, as in `<b><i></b></i>`.
MAX_CROSSED = 8

VOID = {
    *(
        "area",
        "base",
        "basefont",
        "bgsound",
        "br",
        "col",
        "embed",
        "frame",
        "hr",
        "img",
    ),
    *("input", "keygen", "link", "meta", "param", "source", "track", "wbr"),
}
# Elements that every document has once, wherever their tags are.
FRAME = {"html", "head", "body"}
HEAD = {"base", "basefont", "bgsound", "link", "meta", "title", "style", "script"}
FORMATS = {
    *("a", "b", "big", "code", "em", "font", "i", "nobr", "s", "small", "strike"),
    *("strong", "tt", "u"),
}
HEADINGS = {"h1", "h2", "h3", "h4", "h5", "h6"}
BODIES = {"tbody", "tfoot", "thead"}
CELLS = {"caption", "td", "th"}
TABLE_PARTS = {"colgroup", "tr", *BODIES, *CELLS}
# Elements that end an open paragraph.
BLOCKS = {
    *("address", "article", "aside", "blockquote", "center", "details", "dialog"),
    *("dir", "div", "dl", "fieldset", "figcaption", "figure", "footer", "form"),
    *("header", "hgroup", "hr", "main", "menu", "nav", "ol", "p", "search", "section"),
    *("summary", "ul", "pre", "listing", "table", "xmp", "plaintext", "li", "dd", "dt"),
    *HEADINGS,
}
# What a tag ends nothing beyond.
SCOPES = {"applet", "button", "marquee", "object", "template", "table", *CELLS}
SCOPES |= {"foreignobject", "svg", "math"}
ALL_SCOPES = SCOPES | BLOCKS | TABLE_PARTS
TABLE_SCOPES = {"table", "template"}
# Start tag -> the open elements that it ends, and what it ends nothing beyond.
ENDS = {
    **{"li": ({"li"}, SCOPES | {"ol", "ul"}), "option": ({"option"}, SCOPES)},
    **dict.fromkeys(("dd", "dt"), ({"dd", "dt"}, SCOPES | {"dl"})),
    **{
        "a": ({"a"}, SCOPES),
        "nobr": ({"nobr"}, SCOPES),
        "button": ({"button"}, SCOPES),
    },
}
# Start tag -> the elements of a table that it stands in: all that is open there ends.
STANDS_IN = {
    **dict.fromkeys(("td", "th"), {"tr", *BODIES, *TABLE_SCOPES}),
    "tr": BODIES | TABLE_SCOPES,
    **dict.fromkeys(("caption", "colgroup", *BODIES), TABLE_SCOPES),
}
READ_RAW = {"title", "textarea"}  # hold no tags, but entities
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
        """Take a text: that of an element without tags such as ``title`` or ``style``,
        whose name is told, or any other one, whose name is empty."""

    def comment(self, source):
        """Take a comment, what stands in it for Outlook included."""


def read(html, visitor, is_xml=False):
    """Tell a :class:`Visitor` what an HTML text holds, in order. The outermost element
    is ``body``, but for what stands in the head.

    :param bool is_xml: whether every tag that ends in ``/>`` is an element without
        content, as in templates of QWeb
    """
    _Reader(visitor, is_xml).read_all(html or "")


class _Reader:
    """One pass through a document."""

    def __init__(self, visitor, is_xml):
        self.visitor, self.is_xml = visitor, is_xml
        self.stack = []  # (name, values) of the open elements
        self.open_names = {}  # how many elements of each name are open
        self.ended = []  # formats that go on in the next element
        self.deeper = 0  # open elements that are too deep
        self.in_body = False

    def read_all(self, html):
        """Pass through a text."""
        comment = 0
        for token in tokens.tokenize(html):
            _html, kind, start, end, name, in_outlook = token
            if kind == tokens.OUTLOOK_START:
                comment = start
            elif kind == tokens.OUTLOOK_END:
                self.visitor.comment(html[comment:end])
            elif in_outlook:
                continue
            elif kind == tokens.TEXT:
                self.text(html[start:end])
            elif kind == tokens.START:
                self.start(token)
            elif kind == tokens.END:
                self.end(name)
            else:
                self.other(token)
        self.close_from(0)

    def other(self, token):
        """Pass through what is neither a text nor a tag."""
        source = token.source
        if token.kind == tokens.RAW:
            is_read = token.name in READ_RAW
            text = tokens.decode_text(source) if is_read else source
            self.visitor.text(text, token.name)
        elif token.kind == tokens.CDATA:
            self.visitor.text(source[len("<![CDATA[") :].removesuffix("]]>"), "")
        elif token.kind in (tokens.COMMENT, tokens.REVEALED):
            self.visitor.comment(source)

    # === TEXT === #

    def text(self, source):
        text = tokens.decode_text(source)
        if not self.in_body:
            if text.isspace():
                return
            self.open_body(NONE)
        if self.ended and not text.isspace():
            self.reopen()
        self.visitor.text(text, "")

    # === OPEN ELEMENTS === #

    def open_body(self, values):
        if not self.in_body:
            self.close_from(0)
            self.in_body = True
            self.push("body", values)

    def push(self, name, values):
        self.stack.append((name, values))
        self.open_names[name] = self.open_names.get(name, 0) + 1
        self.visitor.open(name, values)

    def close_from(self, index, keeps_formats=False):
        """Close all elements from a place of the stack on.

        :param bool keeps_formats: whether those that are not closed by a tag of their
            own go on in the next element
        """
        while len(self.stack) > index:
            name, values = self.stack.pop()
            if self.open_names[name] == 1:
                del self.open_names[name]
            else:
                self.open_names[name] -= 1
            self.visitor.close(name)
            if keeps_formats and name in FORMATS and len(self.stack) > index:
                self.ended.insert(0, (name, values))
                del self.ended[MAX_CROSSED:]

    def reopen(self):
        """Open the formats that go on."""
        ended, self.ended = self.ended, []
        for name, values in ended[: MAX_DEPTH - len(self.stack)]:
            self.push(name, values)

    def find(self, names, scopes):
        """Return the place of the last open element with one of the names, or -1."""
        if self.open_names.keys().isdisjoint(names):
            return -1
        for index in range(len(self.stack) - 1, -1, -1):
            name = self.stack[index][0]
            if name in names:
                return index
            if name in scopes:
                return -1
        return -1

    # === TAGS === #

    def start(self, token):
        """Open what a start tag begins."""
        name = token.name
        has_values = token.end - token.start > len(name) + 2
        values = token.values if has_values else NONE
        if name in FRAME:
            if name == "body":
                self.open_body(values)
            elif name == "html":
                self.visitor.root(values)
            return
        if not self.in_body and name not in HEAD:
            self.open_body(NONE)
        self.end_before(name)
        if self.ended and name not in BLOCKS and name not in TABLE_PARTS:
            self.reopen()
        self.open(name, values, token)

    def open(self, name, values, token):
        is_foreign = "svg" in self.open_names or "math" in self.open_names
        if name == "image" and not is_foreign:
            name = "img"
        is_void = name in VOID or (
            (is_foreign or self.is_xml) and token.html.endswith("/>", 0, token.end)
        )
        if not is_void and len(self.stack) < MAX_DEPTH:
            self.push(name, values)
            return
        self.deeper += not is_void
        self.visitor.open(name, values)
        self.visitor.close(name)

    def end_before(self, name):
        """Close what a start tag ends."""
        if self.deeper:
            return
        if name in tokens.ENDING_FOREIGN:
            while (index := self.find(tokens.FOREIGN, tokens.HTML_WITHIN)) >= 0:
                self.close_from(index)
        if "p" in self.open_names and name in BLOCKS:
            index = self.find({"p"}, SCOPES)
            if index >= 0:
                self.close_from(index, keeps_formats=True)
        if name in HEADINGS and self.stack[-1][0] in HEADINGS:
            self.close_from(len(self.stack) - 1)
        if name in ENDS and (index := self.find(*ENDS[name])) >= 0:
            if name in FORMATS:
                self.end(name)
            else:
                self.close_from(index, keeps_formats=True)
        # Parts of a table that is not there are taken as they are, as in a snippet.
        if name in STANDS_IN and (index := self.find(STANDS_IN[name], ())) >= 0:
            self.close_from(index + 1)
            self.ended.clear()

    def end(self, name):
        """Close what an end tag ends."""
        if name in FRAME:
            return
        if self.deeper:
            self.deeper -= 1
        elif name == "br":
            self.visitor.open(name, NONE)
            self.visitor.close(name)
        elif not self.ended and self.stack and self.stack[-1][0] == name:
            self.close_from(len(self.stack) - 1)
        elif name in FORMATS:
            self.end_format(name)
        else:
            self.end_element(name)

    def end_element(self, name):
        names = HEADINGS if name in HEADINGS else {name}
        if name in TABLE_PARTS or name == "table":
            scopes = TABLE_SCOPES
        elif name in ENDS:
            scopes = ENDS[name][1]
        else:
            scopes = SCOPES if name in BLOCKS else ALL_SCOPES
        index = self.find(names, scopes)
        if index >= 0:
            self.close_from(index, keeps_formats=scopes is not TABLE_SCOPES)

    def end_format(self, name):
        """Close a format; what was opened within goes on without it."""
        for index in range(len(self.ended) - 1, -1, -1):
            if self.ended[index][0] == name:
                del self.ended[index]
                return
        index = self.find({name}, SCOPES)
        crossed = self.stack[index + 1 :]
        if 0 <= index and len(crossed) <= MAX_CROSSED:
            self.close_from(index)
            for values in crossed:
                self.push(*values)
