"""The marks of an HTML text with their places, for changing some of it and leaving all
else to the byte. What an email *says* is the matter of :mod:`.html_reader`.

It reads as the tokenizer of the HTML standard does: a ``>`` within quotation marks ends
no tag, style sheets and titles hold no tags, a comment that nothing closes goes on to
the end. Beyond the standard it looks into Outlook's conditional comments, whose content
is markup there. Joined, the tokens of a text are the text. Time and memory grow with
the length of the text and with nothing else.

    edits = (
        attribute.edit(change(attribute.decoded))
        for token in tokenize(html)
        for attribute in token.attributes
        if attribute.name == "href"
    )
    html = rewrite(html, edits)

https://html.spec.whatwg.org/multipage/parsing.html#tokenization
"""

import re
from html import unescape
from html.entities import html5
from io import StringIO
from typing import NamedTuple

# Kinds of tokens.
TEXT = "text"  # between tags
RAW = "raw"  # the content of an element that holds no tags: a style sheet, a title, …
START, END = "start", "end"  # tags
COMMENT = "comment"  # also what browsers take for one, such as `<!x>` and `</3>`
# `<!--[if mso]>` and its `<![endif]-->`: Outlook reads what stands between as HTML,
# everybody else as a comment. Tokens between the two are `in_outlook`.
OUTLOOK_START, OUTLOOK_END = "outlook start", "outlook end"
# `<![if !mso]>`, `<![endif]>`, `<!--[if !mso]><!-->`, `<!--<![endif]-->`: what stands
# between is hidden from Outlook only, and is no comment to anybody else.
REVEALED = "revealed"
DOCTYPE = "doctype"
DECLARATION = "declaration"  # `<?xml … ?>` and the like
CDATA = "cdata"  # text within SVG or MathML; elsewhere it is a comment
BROKEN = "broken"  # a tag that the end of the text cuts off; browsers do not show it

SPACE = "\t\n\f\r "
RAW_ELEMENTS = {
    *("script", "style", "title", "textarea", "xmp", "iframe", "noembed", "noframes"),
    "plaintext",
}
# The roots of other languages within HTML, where a style sheet may hold tags; the
# elements of theirs that hold HTML; and tags of HTML that end them.
FOREIGN = {"svg", "math"}
HTML_WITHIN = {"foreignobject", "desc", "title", "annotation-xml"}
ENDING_FOREIGN = {
    *("body", "head", "p", "div", "table", "center", "span", "b", "i", "em", "strong"),
    *("h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "li", "dl", "dt", "dd", "pre"),
    *("big", "blockquote", "br", "code", "embed", "hr", "img", "menu", "meta", "nobr"),
    *("ruby", "s", "small", "strike", "sub", "sup", "tt", "u", "var", "listing"),
}
RAW_OR_FOREIGN = RAW_ELEMENTS | FOREIGN
# More attributes of one tag than that are left alone.
MAX_ATTRIBUTES = 1000

MARK = re.compile(r"<(?:(/?)([a-zA-Z][^\t\n\f\r />]*)[^>=]*(>?)|[!?/])")
TAG_NAME = re.compile(r"<[^\t\n\f\r />]+")
# The rest of most tags, told at once.
PLAIN_TAG = re.compile(
    r'(?:[\t\n\f\r ]+[a-zA-Z][a-zA-Z0-9_:.-]*="[^"]*"){0,50}[\t\n\f\r ]*/?>'
)
TAG_REST = re.compile(r"[^>=]*")
NOT_SPACE = re.compile(r"[^\t\n\f\r ]")
BARE_END = re.compile(r"[\t\n\f\r >]")
ATTRIBUTE = re.compile(
    r"""[\t\n\f\r /]*(?P<name>[^\t\n\f\r />][^\t\n\f\r />=]*)"""
    r"""(?:[\t\n\f\r ]*=[\t\n\f\r ]*"""
    r"""(?:"(?P<double>[^"]*)"|'(?P<single>[^']*)'|(?P<bare>[^\t\n\f\r >]*)))?"""
)
QUOTES = {"double": '"', "single": "'", "bare": ""}
COMMENT_END = re.compile(r"--!?>")
CONDITION = re.compile(r"<!--\[if\b[^\]<>]*\]>", re.IGNORECASE)
CONDITION_END = re.compile(r"<!\[\s*endif\s*\]\s*-->", re.IGNORECASE)
REVEALING = re.compile(
    r"<!\[(?:if\b[^>]*|\s*endif\s*)\]>"
    r"|<!--\[if\b[^\]<>]*\]>(?:\s*<!)?[-\s]*-->"
    r"|<!--[\s<!-]*\[\s*endif\s*\]-->",
    re.IGNORECASE,
)
RAW_END = {
    name: re.compile(rf"</{name}(?=[\t\n\f\r />])", re.IGNORECASE)
    for name in RAW_ELEMENTS - {"plaintext"}
}
# A script may hold another one within a comment of its own.
SCRIPT_PART = re.compile(r"<!--|-->|<(?P<end>/?)script(?=[\t\n\f\r />])", re.IGNORECASE)
# No character has a number of eight digits; Python reads none of many thousands.
LONG_NUMBER = re.compile(r"&#(?:0*([0-9]+)|[xX]0*([0-9a-fA-F]+));?")
REFERENCE = re.compile(
    r"&(?:#(?:[0-9]+|[xX][0-9a-fA-F]+);?|(?P<name>[a-zA-Z][a-zA-Z0-9]*)(?P<end>[;=]?))"
)


class Attribute(NamedTuple):
    """An attribute of a tag, with its places in the text.

    :param str name: in small letters
    :param value: as it is written, without its quotation marks; None where the
        attribute has none
    :param str quote: ``"``, ``'`` or nothing
    :param int start: where the name begins
    :param int value_start: where the value begins, behind its quotation mark
    :param int end: behind the attribute and its second quotation mark
    :param bool is_repeated: whether the tag has had one of that name, which wins
    """

    name: str
    value: str | None
    quote: str
    start: int
    value_start: int
    end: int
    is_repeated: bool = False

    @property
    def decoded(self):
        """The value as browsers understand it."""
        return decode_attribute(self.value or "")

    def edit(self, value):
        """Return the edit for :func:`rewrite` that writes another value, in HTML's
        words. The quotation marks stay unless the value holds some."""
        quote = self.quote or '"'
        if quote in value:
            quote = "'" if '"' in value else '"'
            value = value.replace(quote, "&#39;" if quote == "'" else "&quot;")
        if self.value is None:
            return self.end, self.end, f"={quote}{value}{quote}"
        return self.value_start - len(self.quote), self.end, f"{quote}{value}{quote}"


class Token(NamedTuple):
    """A piece of a text: ``html[start:end]``.

    :param str name: of a tag, in small letters; for raw text, of its element
    :param bool in_outlook: whether it stands in a conditional comment
    """

    html: str
    kind: str
    start: int
    end: int
    name: str = ""
    in_outlook: bool = False

    def __repr__(self):
        return f"Token({self.kind}, {self.source!r})"

    @property
    def source(self):
        """The piece as it is written."""
        return self.html[self.start : self.end]

    @property
    def attributes(self):
        """Yield every :class:`Attribute` of a start tag; none for other tokens."""
        return _read_attributes(self) if self.kind == START else iter(())

    @property
    def values(self):
        """A dict of the attributes that count, as browsers understand them; empty for
        an attribute without a value."""
        values = {}
        if self.kind != START:
            return values
        html, end, position = self.html, self.end - 1, _find_name_end(self)
        while match := ATTRIBUTE.match(html, position, end):
            position, index = match.end(), match.lastindex
            name, value = match[1].lower(), match[index] if index > 1 else ""
            if name not in values:
                values[name] = decode_attribute(value) if "&" in value else value
                if len(values) >= MAX_ATTRIBUTES:
                    break
        return values

    def get(self, name):
        """Return the :class:`Attribute` that counts of a name, or None."""
        return next((found for found in self.attributes if found.name == name), None)


def tokenize(html):
    """Return an iterator over every :class:`Token` of an HTML text, in order."""
    return _Tokenizer(html).read_part(0, len(html))


def rewrite(html, edits):
    """Return the text with edits made in it.

    :param edits: ``(start, end, text)`` in the order of their places, which must not
        overlap
    """
    output, position = None, 0
    for start, end, text in edits:
        output = StringIO(newline="") if output is None else output
        output.write(html[position:start])
        output.write(text)
        position = end
    if output is None:
        return html
    output.write(html[position:])
    return output.getvalue()


def decode_attribute(value):
    """Return the value of an attribute as browsers understand it: as text, except that
    ``?a=1&copy=2`` has no copyright sign."""
    return REFERENCE.sub(_decode, value) if "&" in value else value


def decode_text(text):
    """Return a text between tags as browsers understand it."""
    if "&" not in text:
        return text
    return unescape(LONG_NUMBER.sub(_shorten, text) if "&#" in text else text)


def _shorten(match):
    """Return a reference by number that Python can read, however long it is."""
    digits = match[1] or match[2]
    return match[0] if len(digits) < 8 else "\ufffd"


def _decode(match):
    name, end = match["name"], match["end"]
    if name is None:
        return decode_text(match[0])
    known = f"{name};" if end == ";" else name
    return html5[known] if known in html5 and end != "=" else match[0]


class _Tokenizer:
    """One pass through a text."""

    def __init__(self, html):
        self.html = html
        self.in_outlook = False
        # The open elements of other languages that decide how style sheets are read.
        self.foreign = []

    def read_part(self, position, end):
        """Yield the tokens between two places."""
        html, find_mark, new = self.html, MARK.search, tuple.__new__
        in_outlook = self.in_outlook
        while position < end:
            mark = find_mark(html, position, end)
            start = mark.start() if mark else end
            if start > position:
                yield new(Token, (html, TEXT, position, start, "", in_outlook))
            position = start
            if not mark:
                continue
            slash, name, is_closed = mark.groups()
            if name is None:
                yield from self.declaration(start, end)
                position = self.position
                continue
            name, kind, position = name.lower(), END if slash else START, mark.end()
            if not is_closed:
                plain = PLAIN_TAG.match(html, mark.end(2), end)
                position = plain.end() if plain else -2
            if position == -2:
                position = _find_tag_end(html, mark.end(2), end)
            if position < 0:
                kind, position = BROKEN, end
            yield (tag := new(Token, (html, kind, start, position, name, in_outlook)))
            if name in RAW_OR_FOREIGN or self.foreign:
                yield from self.raw(tag, end)
                position = self.position

    def raw(self, tag, end):
        """Yield the raw text behind a tag, if there is any."""
        self.position = tag.end
        is_raw = tag.name in RAW_ELEMENTS and not self.is_foreign
        self.follow(tag)
        if tag.kind != START or not is_raw:
            return
        self.position = _find_raw_end(self.html, tag.name, tag.end, end)
        if self.position > tag.end:
            yield tag._replace(kind=RAW, start=tag.end, end=self.position)

    @property
    def is_foreign(self):
        return bool(self.foreign) and self.foreign[-1] in FOREIGN

    def follow(self, tag):
        """Note where SVG and MathML begin and end."""
        if tag.kind == END:
            if self.foreign and self.foreign[-1] == tag.name:
                self.foreign.pop()
        elif self.is_foreign and tag.name in ENDING_FOREIGN:
            self.foreign.clear()
        elif self.html[tag.end - 2] != "/":
            if tag.name in FOREIGN or (self.is_foreign and tag.name in HTML_WITHIN):
                self.foreign.append(tag.name)

    def declaration(self, start, end):
        """Yield what begins with ``<!``, ``<?`` or ``</`` and is no tag."""
        html = self.html
        if html.startswith("<!--", start, end):
            yield from self.comment(start, end)
            return
        kind, closing = COMMENT, ">"
        if html[start + 1] == "?":
            kind = DECLARATION
        elif html[start + 2 : start + 9].lower() == "doctype":
            kind = DOCTYPE
        elif self.is_foreign and html.startswith("<![CDATA[", start, end):
            kind, closing = CDATA, "]]>"
        found = html.find(closing, start + 2, end)
        self.position = end if found < 0 else found + len(closing)
        if REVEALING.fullmatch(html, start, self.position):
            kind = REVEALED
        yield Token(html, kind, start, self.position, "", self.in_outlook)

    def comment(self, start, end):
        """Yield a comment, or what stands in one for Outlook."""
        html = self.html
        # A comment may end as soon as it begins: `<!-->`, `<!--->`.
        closing = COMMENT_END.search(html, start + 4, end)
        stop = closing.end() if closing else end
        for short in ("<!-->", "<!--->"):
            if html.startswith(short, start, end):
                stop = start + len(short)
        self.position = stop
        condition = CONDITION.match(html, start, stop)
        inner_end = html.rfind("<![", condition.end(), stop) if condition else -1
        if inner_end >= 0 and CONDITION_END.fullmatch(html, inner_end, stop):
            yield Token(html, OUTLOOK_START, start, condition.end())
            yield from self.outlook(condition.end(), inner_end)
            yield Token(html, OUTLOOK_END, inner_end, stop)
            self.position = stop
            return
        kind = REVEALED if REVEALING.fullmatch(html, start, stop) else COMMENT
        yield Token(html, kind, start, stop, "", self.in_outlook)

    def outlook(self, start, end):
        """Yield the tokens within a conditional comment."""
        foreign, self.foreign, self.in_outlook = self.foreign, [], True
        yield from self.read_part(start, end)
        self.foreign, self.in_outlook = foreign, False


def _find_tag_end(html, position, end):
    """Return where a tag ends, -1 where it does not.

    :param int position: behind the tag's name
    """
    # Where the name of an attribute may begin: behind the tag's name or a value.
    names = position
    while True:
        position = TAG_REST.match(html, position, end).end()
        if position >= end:
            return -1
        if html[position] == ">":
            return position + 1
        name = html[names:position].rstrip(SPACE)
        if not name or name[-1] == "/":
            # No value without a name: the sign belongs to a name.
            names, position = position, position + 1
            continue
        value = NOT_SPACE.search(html, position + 1, end)
        position = names = _find_value_end(html, value.start(), end) if value else -1
        if position < 0:
            return -1


def _find_value_end(html, start, end):
    quote = html[start]
    if quote in "\"'":
        return html.find(quote, start + 1, end) + 1 or -1
    bare = BARE_END.search(html, start, end)
    return bare.start() if bare else -1


def _find_raw_end(html, name, position, end):
    """Return where the raw text of an element ends."""
    if name == "script":
        return _find_script_end(html, position, end)
    found = RAW_END[name].search(html, position, end) if name in RAW_END else None
    return found.start() if found else end


def _find_script_end(html, position, end):
    in_comment = is_nested = False
    for part in SCRIPT_PART.finditer(html, position, end):
        if part["end"] is None:
            in_comment, is_nested = part[0] == "<!--", False
        elif not part["end"]:
            is_nested = in_comment
        elif is_nested:
            is_nested = False
        else:
            return part.start()
    return end


def _find_name_end(tag):
    return TAG_NAME.match(tag.html, tag.start).end()


def _read_attributes(tag):
    html, end, match_one = tag.html, tag.end - 1, ATTRIBUTE.match
    position = _find_name_end(tag)
    seen = set()
    while len(seen) < MAX_ATTRIBUTES:
        match = match_one(html, position, end)
        if not match:
            return
        group, position = match.lastgroup, match.end()
        name, value, quote, start = match["name"].lower(), None, "", position
        if group != "name":
            value, quote, start = match[group], QUOTES[group], match.start(group)
        is_repeated = name in seen
        seen.add(name)
        yield tuple.__new__(
            Attribute,
            (name, value, quote, match.start("name"), start, position, is_repeated),
        )
