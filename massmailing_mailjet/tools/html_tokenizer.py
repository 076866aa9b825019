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
from functools import lru_cache, partial
from html import unescape
from html.entities import html5
from io import StringIO
from itertools import islice
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
# What has been read of a tag is kept for the next one like it, unless it is that long.
LONG_TAG = 400
# Letters that are looked through at once, and tags that are remembered.
WINDOW = 16_384
MAX_KNOWN = 2000


PLAIN_TAG = re.compile(
    r"(/?)([a-zA-Z][^\t\n\f\r />]*)"
    r"""(?:[\t\n\f\r ]+[a-zA-Z][a-zA-Z0-9_:.-]*"""
    r"""(?:="[^"]*"|='[^']*'|=[a-zA-Z0-9_#%.-]+)?){0,50}[\t\n\f\r ]*/?"""
)
# A comment that ends there too.
PLAIN_COMMENT = re.compile(
    r"!-{2,3}|!(?!--|\[|doctype).*|/(?![a-z]).*", re.IGNORECASE | re.DOTALL
)
# What begins no text.
MARK = re.compile(r"<(?:/?[a-zA-Z]|[!?/])")
TAG = re.compile(r"<(/?)([a-zA-Z][^\t\n\f\r />]*)")
ATTRIBUTE = re.compile(
    r"""[\t\n\f\r /]*(?P<name>[^\t\n\f\r />][^\t\n\f\r />=]*)"""
    r"""(?:[\t\n\f\r ]*=[\t\n\f\r ]*"""
    r"""(?:"(?P<double>[^"]*)"|'(?P<single>[^']*)'|(?P<bare>[^\t\n\f\r >]*)))?"""
)
# Many attributes, and what ends a tag. One whose quotation mark nothing closes has no
# value, nor goes the name on without it.
ATTRIBUTES = re.compile(
    r"""(?:[\t\n\f\r /]*[^\t\n\f\r />][^\t\n\f\r />=]*"""
    r"""(?:[\t\n\f\r ]*=[\t\n\f\r ]*"""
    r"""(?:"[^"]*"|'[^']*'|(?![\t\n\f\r "'])[^\t\n\f\r >]*)|(?![\t\n\f\r ]*=))){1,50}"""
)
TAG_END = re.compile(r"[\t\n\f\r /]*>")
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
        return read_values(self.source) if self.kind == START else {}

    def get(self, name):
        """Return the :class:`Attribute` that counts of a name, or None."""
        return next((found for found in self.attributes if found.name == name), None)


def tokenize(html):
    """Return an iterator over every :class:`Token` of an HTML text, in order."""
    return map(partial(tuple.__new__, Token), read_marks(html))


def read_marks(html):
    """Return an iterator over the plain tuples that tokens are made of, which takes
    half the time."""
    return _Tokenizer(html).read_part(0, len(html))


def read_values(tag):
    """Return a dict of the attributes of a start tag that count, as browsers understand
    them; empty for an attribute without a value. It is not to be changed."""
    return (_read_values_again if len(tag) < LONG_TAG else _read_values)(tag)


def _read_values(tag):
    values, start = {}, TAG.match(tag).end()
    matches = ATTRIBUTE.finditer(tag, start, len(tag) - 1)
    for match in islice(matches, MAX_ATTRIBUTES):
        index = match.lastindex
        name, value = match[1].lower(), match[index] if index > 1 else ""
        if name not in values:
            values[name] = decode_attribute(value) if "&" in value else value
    return values


# The tags of an email are much alike.
_read_values_again = lru_cache(maxsize=512)(_read_values)


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
    return _in_parts(_decode_attribute, value) if "&" in value else value


def decode_text(text):
    """Return a text between tags as browsers understand it."""
    return _in_parts(_decode_text, text) if "&" in text else text


def _in_parts(function, text):
    """Return what a function makes of a text with references, given a part of a long
    one at a time: what is replaced takes much memory."""
    if len(text) <= WINDOW:
        return function(text)
    output, start = StringIO(newline=""), 0
    while start < len(text):
        end = text.find("&", start + WINDOW)
        end = len(text) if end < 0 else end
        output.write(function(text[start:end]))
        start = end
    return output.getvalue()


def _decode_attribute(value):
    return REFERENCE.sub(_decode, value)


def _decode_text(text):
    return unescape(LONG_NUMBER.sub(_shorten, text) if "&#" in text else text)


def _shorten(match):
    """Return a reference by number that Python can read, however long it is."""
    digits = match[1] or match[2]
    return match[0] if len(digits) < 8 else "\ufffd"


def _decode(match):
    name, end = match["name"], match["end"]
    if name is None:
        return _decode_text(match[0])
    known = f"{name};" if end == ";" else name
    return html5[known] if known in html5 and end != "=" else match[0]


class _Tokenizer:
    """One pass through a text."""

    def __init__(self, html):
        self.html = html
        self.in_outlook = False
        self.known = {}  # parts that are a tag and no text -> what they are
        # The open elements of other languages that decide how style sheets are read.
        self.foreign = []

    def read_part(self, position, end):
        """Yield the tokens between two places, as plain tuples."""
        html, known, in_outlook = self.html, self.known, self.in_outlook
        text = mark = position  # where a text may begin, and the next `<` is
        while (mark := html.find("<", max(mark, text), end)) >= 0:
            stop = html.find("<", mark + WINDOW, end)
            for part in html[mark + 1 : stop if stop >= 0 else end].split("<"):
                start, mark = mark, mark + len(part) + 1
                if start < text or not part:  # within a comment or the like; `<<`
                    continue
                tag = known.get(part) or self.learn(part)
                if not tag and not MARK.match(html, start, end):
                    continue
                if start > text:
                    yield html, TEXT, text, start, "", in_outlook
                if tag:
                    kind, name, size = tag
                    text = start + size
                else:
                    kind, name, text = self.tell(start, end)
                if kind == OUTLOOK_START:
                    yield from self.outlook(start, text, end)
                    text = self.position
                    continue
                yield html, kind, start, text, name, in_outlook
                if name in RAW_OR_FOREIGN or (name and self.foreign):
                    yield from self.raw(kind, text, name, end)
                    text = self.position
        if text < end:
            yield html, TEXT, text, end, "", in_outlook

    def learn(self, part):
        """Return ``(kind, name, size)`` of the tag or comment that a part begins with,
        or None if its end is not easily told."""
        source, sign, text = part.partition(">")
        if text and (tag := self.known.get(f"{source}>")):
            return tag
        size = len(source) + 2
        if not sign:
            return None
        if plain := PLAIN_TAG.fullmatch(source):
            tag = END if plain[1] else START, plain[2].lower(), size
        elif PLAIN_COMMENT.fullmatch(source):
            tag = COMMENT, "", size
        else:
            return None
        if len(source) < LONG_TAG:
            if len(self.known) >= MAX_KNOWN:
                self.known.clear()
            self.known[f"{source}>"] = tag
        return tag

    def tell(self, start, end):
        """Return ``(kind, name, end)`` of what begins at a place and is no plain
        tag."""
        html = self.html
        tag = TAG.match(html, start, end)
        if not tag:
            if html.startswith("<!--", start, end):
                return self.tell_comment(start, end)
            return self.tell_declaration(start, end)
        name, stop = tag[2].lower(), _find_tag_end(html, tag.end(), end)
        if stop < 0:
            return BROKEN, name, end
        return END if tag[1] else START, name, stop

    def raw(self, kind, position, name, end):
        """Yield the raw text behind a tag, if there is any."""
        self.position = position
        is_raw = name in RAW_ELEMENTS and not self.is_foreign
        if kind in (START, END):
            self.follow(kind, position, name)
        if kind != START or not is_raw:
            return
        self.position = _find_raw_end(self.html, name, position, end)
        if self.position > position:
            yield self.html, RAW, position, self.position, name, self.in_outlook

    @property
    def is_foreign(self):
        return bool(self.foreign) and self.foreign[-1] in FOREIGN

    def follow(self, kind, end, name):
        """Note where SVG and MathML begin and end."""
        if kind == END:
            if self.foreign and self.foreign[-1] == name:
                self.foreign.pop()
        elif self.is_foreign and name in ENDING_FOREIGN:
            self.foreign.clear()
        elif self.html[end - 2] != "/":
            if name in FOREIGN or (self.is_foreign and name in HTML_WITHIN):
                self.foreign.append(name)

    def tell_declaration(self, start, end):
        html = self.html
        kind, closing = COMMENT, ">"
        if html[start + 1] == "?":
            kind = DECLARATION
        elif html[start + 2 : start + 9].lower() == "doctype":
            kind = DOCTYPE
        elif self.is_foreign and html.startswith("<![CDATA[", start, end):
            kind, closing = CDATA, "]]>"
        found = html.find(closing, start + 2, end)
        stop = end if found < 0 else found + len(closing)
        is_revealing = html.startswith("[", start + 2, end)
        if is_revealing and REVEALING.fullmatch(html, start, stop):
            kind = REVEALED
        return kind, "", stop

    def tell_comment(self, start, end):
        html = self.html
        closing = COMMENT_END.search(html, start + 4, end)
        stop = closing.end() if closing else end
        condition = CONDITION.match(html, start, stop)
        inner_end = html.rfind("<![", condition.end(), stop) if condition else -1
        if inner_end >= 0 and CONDITION_END.fullmatch(html, inner_end, stop):
            self.outlook_end = inner_end, stop
            return OUTLOOK_START, "", condition.end()
        is_revealing = REVEALING.fullmatch(html, start, stop)
        return REVEALED if is_revealing else COMMENT, "", stop

    def outlook(self, start, position, end):
        """Yield a conditional comment and what is in it."""
        inner_end, stop = self.outlook_end
        yield self.html, OUTLOOK_START, start, position, "", False
        foreign, self.foreign, self.in_outlook = self.foreign, [], True
        yield from self.read_part(position, inner_end)
        self.foreign, self.in_outlook = foreign, False
        yield self.html, OUTLOOK_END, inner_end, stop, "", False
        self.position = stop


def _find_tag_end(html, position, end):
    """Return where a tag ends, -1 where it does not.

    :param int position: behind the tag's name
    """
    while attributes := ATTRIBUTES.match(html, position, end):
        position = attributes.end()
    found = TAG_END.match(html, position, end)
    return found.end() if found else -1


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
    return TAG.match(tag.html, tag.start).end()


def _read_attributes(tag):
    html, end, match_one = tag.html, tag.end - 1, ATTRIBUTE.match
    position = _find_name_end(tag)
    seen = set()
    for _number in range(MAX_ATTRIBUTES):
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
