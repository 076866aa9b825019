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

# Elements further in are taken for siblings of each other, as in browsers: none holds
# another one, and each its own text. Of browsers' 512, half, so that functions that
# call themselves may read a tree of them.
MAX_DEPTH = 256
# As many open elements are opened again where tags are crossed, as in `<b><i></b></i>`,
# and as many times in all: with that many, an email is no longer one that looks well.
MAX_CROSSED = 8
MAX_REOPENED = 200_000

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
    *("dir", "div", "dl", "fieldset", "figcaption", "count", "footer", "form"),
    *("header", "hgroup", "hr", "main", "menu", "nav", "ol", "p", "search", "section"),
    *("summary", "ul", "pre", "listing", "table", "xmp", "plaintext", "li", "dd", "dt"),
    *HEADINGS,
}
# What a tag ends nothing beyond.
SCOPES = {"applet", "button", "marquee", "object", "template", "table", *CELLS}
SCOPES |= {"foreignobject", "svg", "math"}
TABLE_SCOPES = {"table", "template"}
BOUNDS = {
    "block": SCOPES,
    "any": SCOPES | BLOCKS | TABLE_PARTS,
    "table": TABLE_SCOPES,
    "list": SCOPES | {"ol", "ul"},
    "definition": SCOPES | {"dl"},
    "foreign": tokens.HTML_WITHIN,
    "language": tokens.FOREIGN,
    "": set(),
}
# Name -> the bounds that it is of.
BOUNDS_OF = {
    name: tuple(bound for bound, names in BOUNDS.items() if name in names)
    for name in set().union(*BOUNDS.values())
}
# Start tag -> the open elements that it ends, and the bound beyond which it ends none.
ENDS = {
    **{"li": ({"li"}, "list"), "option": ({"option"}, "block")},
    **dict.fromkeys(("dd", "dt"), ({"dd", "dt"}, "definition")),
    **{
        "a": ({"a"}, "block"),
        "nobr": ({"nobr"}, "block"),
        "button": ({"button"}, "block"),
    },
}
# Start tag -> the elements of a table that it stands in: all that is open there ends.
STANDS_IN = {
    **dict.fromkeys(("td", "th"), {"tr", *BODIES, *TABLE_SCOPES}),
    "tr": BODIES | TABLE_SCOPES,
    **dict.fromkeys(("caption", "colgroup", *BODIES), TABLE_SCOPES),
}
# Start tags that end anything, but for those that end SVG and MathML; and elements that
# one of their name ends.
ENDING = BLOCKS | ENDS.keys() | STANDS_IN.keys()
REPLACED = {"p", *HEADINGS, *ENDS} - {"button"}
# Names without an open element that are remembered.
MAX_NAMES = 500
OF_TABLES_OR_BLOCKS = BLOCKS | TABLE_PARTS
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
        self.places = {}  # where in the stack those of each name are
        self.bounds = {bound: [] for bound in BOUNDS}  # and those of each bound
        self.bounds_of = {
            name: [self.bounds[bound] for bound in bounds]
            for name, bounds in BOUNDS_OF.items()
        }
        self.languages = self.bounds["language"]  # SVG and MathML
        self.ended = []  # formats that go on in the next element
        self.reopened = 0  # formats that did
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
                values = tokens.read_values(html[start:end]) if has_values else NONE
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
        self.close_from(0)

    def other(self, kind, source, name):
        """Pass through what is neither a text nor a tag."""
        if kind == tokens.RAW:
            is_read = name in READ_RAW
            self.visitor.text(tokens.decode_text(source) if is_read else source, name)
        elif kind == tokens.CDATA:
            self.visitor.text(source[len("<![CDATA[") :].removesuffix("]]>"), "")
        elif kind in (tokens.COMMENT, tokens.REVEALED):
            self.visitor.comment(source)

    # === TEXT === #

    def text(self, source):
        text = tokens.decode_text(source) if "&" in source else source
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
        stack, places = self.stack, self.places
        place = len(stack)
        stack.append((name, values))
        if name in places:
            places[name].append(place)
        else:
            self.know(name).append(place)
        if name in BOUNDS_OF:
            for limits in self.bounds_of[name]:
                limits.append(place)
        self.visitor.open(name, values)

    def know(self, name):
        """Return the list of the places of a name that there was none of."""
        if len(self.places) > MAX_NAMES:
            self.places = {
                name: places for name, places in self.places.items() if places
            }
        self.places[name] = places = []
        return places

    def pop(self):
        """Close the last open element, and return what it was."""
        name, _values = element = self.stack.pop()
        self.places[name].pop()
        if name in BOUNDS_OF:
            for limits in self.bounds_of[name]:
                limits.pop()
        self.visitor.close(name)
        return element

    def replace(self, name, values):
        """Open an element in place of one of its name."""
        self.stack[-1] = name, values
        self.visitor.close(name)
        self.visitor.open(name, values)

    def close_from(self, index, keeps_formats=False):
        """Close all elements from a place of the stack on.

        :param bool keeps_formats: whether those that are not closed by a tag of their
            own go on in the next element
        """
        while len(self.stack) > index:
            element = self.pop()
            if keeps_formats and element[0] in FORMATS and len(self.stack) > index:
                self.ended.insert(0, element)
                del self.ended[MAX_CROSSED:]

    def reopen(self):
        """Open the formats that go on."""
        ended, self.ended = self.ended, []
        self.push_again(ended[: MAX_DEPTH - 1 - len(self.stack)])

    def push_again(self, elements):
        self.reopened += len(elements)
        if self.reopened <= MAX_REOPENED:
            for name, values in elements:
                self.push(name, values)

    def find(self, names, bound):
        """Return the place of the last open element with one of the names, or -1 where
        there is none within the bound."""
        place, places = -1, self.places
        for name in names:
            if name in places and (found := places[name]) and found[-1] > place:
                place = found[-1]
        limits = self.bounds[bound]
        return -1 if limits and limits[-1] > place else place

    # === TAGS === #

    def start(self, name, values, is_closed):
        """Open what a start tag begins.

        :param bool is_closed: whether it ends in ``/>``
        """
        if name in FRAME:
            self.start_frame(name, values)
            return
        if not self.in_body and name not in HEAD:
            self.open_body(NONE)
        is_foreign = bool(self.languages)
        if not self.deeper:
            if is_foreign and name in tokens.ENDING_FOREIGN:
                is_foreign = self.end_foreign()
            if name in ENDING:
                if name in REPLACED and self.is_replaced(name):
                    self.replace(name, values)
                    return
                self.end_before(name)
            if self.ended and name not in OF_TABLES_OR_BLOCKS:
                self.reopen()
        if name in VOID or (is_closed and (is_foreign or self.is_xml)):
            self.visitor.open(name, values)
            self.visitor.close(name)
        elif name == "image" and not is_foreign:
            self.start("img", values, is_closed)
        elif len(self.stack) < MAX_DEPTH - 1:
            self.push(name, values)
        else:
            self.close_deepest()
            self.deeper, self.deepest = self.deeper + 1, name
            self.visitor.open(name, values)

    def start_frame(self, name, values):
        if name == "body":
            self.open_body(values)
        elif name == "html":
            self.visitor.root(values)

    def is_replaced(self, name):
        """Return whether a start tag ends an element of its name and nothing else."""
        if self.ended or self.stack[-1][0] != name:
            return False
        return name == "p" or name not in BLOCKS or not self.places.get("p")

    def close_deepest(self):
        """Close the element that is too deep."""
        if self.deepest:
            self.visitor.close(self.deepest)
            self.deepest = None

    def end_foreign(self):
        """Close SVG and MathML that HTML ends; answers whether some is left."""
        while (index := self.find(tokens.FOREIGN, "foreign")) >= 0:
            self.close_from(index)
        return bool(self.languages)

    def end_before(self, name):
        """Close what a start tag ends."""
        if name in BLOCKS and self.places.get("p"):
            self.end_paragraph()
        if name in HEADINGS and self.stack[-1][0] in HEADINGS:
            self.pop()
        if name in ENDS and (index := self.find(*ENDS[name])) >= 0:
            if name in FORMATS:
                self.end(name)
            else:
                self.close_from(index, keeps_formats=True)
        # Parts of a table that is not there are taken as they are, as in a snippet.
        if name in STANDS_IN and (index := self.find(STANDS_IN[name], "")) >= 0:
            self.close_from(index + 1)
            self.ended.clear()

    def end_paragraph(self):
        if self.stack[-1][0] == "p":
            self.pop()
        elif (index := self.find({"p"}, "block")) >= 0:
            self.close_from(index, keeps_formats=True)

    def end(self, name):
        """Close what an end tag ends."""
        if name in FRAME:
            return
        if self.deeper:
            self.end_deep(name)
        elif name == "br":
            self.visitor.open(name, NONE)
            self.visitor.close(name)
        elif not self.ended and self.stack and self.stack[-1][0] == name:
            self.pop()
        elif name in FORMATS:
            self.end_format(name)
        elif self.places.get(name) or name in HEADINGS:
            self.end_element(name)

    def end_deep(self, name):
        """Count the end of an element that is too deep."""
        self.deeper -= 1
        if self.deepest == name or not self.deeper:
            self.close_deepest()

    def end_element(self, name):
        names = HEADINGS if name in HEADINGS else {name}
        if name in TABLE_PARTS or name == "table":
            bound = "table"
        elif name in ENDS:
            bound = ENDS[name][1]
        else:
            bound = "block" if name in BLOCKS else "any"
        index = self.find(names, bound)
        if index >= 0:
            self.close_from(index, keeps_formats=bound != "table")

    def end_format(self, name):
        """Close a format; what was opened within goes on without it."""
        for index in range(len(self.ended) - 1, -1, -1):
            if self.ended[index][0] == name:
                del self.ended[index]
                return
        index = self.find({name}, "block")
        if index >= 0 and len(self.stack) - index <= MAX_CROSSED + 1:
            crossed = self.stack[index + 1 :]
            self.close_from(index)
            self.push_again(crossed)
