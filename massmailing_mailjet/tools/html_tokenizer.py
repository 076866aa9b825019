"""The tokens of an HTML text with their places, to change some of it and leave the
rest as it is, to the byte. What an email *says* is read by :mod:`.html_reader`.

It reads as the tokenizer of the HTML standard does: a ``>`` within quotation marks ends
no tag, style sheets and titles contain no tags, a comment that is not closed continues
to the end. Beyond the standard it looks into Outlook's conditional comments, whose
content is markup there. Joined, the tokens of a text are the text. Time and memory grow
with the length of the text and with nothing else.

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
from functools import partial
from typing import NamedTuple

from .html_elements import ENDING_FOREIGN, FOREIGN, HTML_WITHIN, RAW_ELEMENTS
from .html_tag import LONG_TAG, find_tag_end, read_attributes, read_values

# Kinds of tokens.
TEXT = "text"  # between tags
RAW = "raw"  # the content of an element without tags: a style sheet, a title, …
START, END = "start", "end"  # tags
COMMENT = "comment"  # also what browsers take for one, such as `<!x>` and `</3>`
# `<!--[if mso]>` and its `<![endif]-->`: Outlook reads what is between them as HTML,
# everybody else as a comment. Tokens between the two are `in_outlook`.
OUTLOOK_START, OUTLOOK_END = "outlook start", "outlook end"
# `<![if !mso]>`, `<![endif]>`, `<!--[if !mso]><!-->`, `<!--<![endif]-->`: what is
# between them is hidden from Outlook only, and is no comment to anybody else.
REVEALED = "revealed"
DOCTYPE = "doctype"
DECLARATION = "declaration"  # `<?xml … ?>` and the like
CDATA = "cdata"  # text within SVG or MathML; elsewhere it is a comment
BROKEN = "broken"  # a tag that the end of the text cuts off; browsers do not show it

RAW_OR_FOREIGN = RAW_ELEMENTS | FOREIGN
# How many letters are looked through at once, and how many tags are remembered.
WINDOW = 16_384
MAX_KNOWN = 2000

PLAIN_TAG = re.compile(
    r"(/?)([a-zA-Z][^\t\n\f\r />]*)"
    r"""(?:[\t\n\f\r ]+[a-zA-Z][a-zA-Z0-9_:.-]*"""
    r"""(?:="[^"]*"|='[^']*'|=[a-zA-Z0-9_#%.-]+)?){0,50}[\t\n\f\r ]*/?"""
)
# A comment that ends at the same place.
PLAIN_COMMENT = re.compile(
    r"!-{2,3}|!(?!--|\[|doctype).*|/(?![a-z]).*", re.IGNORECASE | re.DOTALL
)
# The start of anything but text.
MARK = re.compile(r"<(?:/?[a-zA-Z]|[!?/])")
TAG = re.compile(r"<(/?)([a-zA-Z][^\t\n\f\r />]*)")
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
# A script may contain another one within a comment of its own.
SCRIPT_PART = re.compile(r"<!--|-->|<(?P<end>/?)script(?=[\t\n\f\r />])", re.IGNORECASE)


class Token(NamedTuple):
    """A piece of a text: ``html[start:end]``.

    :param str name: of a tag, in small letters; for raw text, of its element
    :param bool in_outlook: whether it is within a conditional comment
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
        """An iterator over every :class:`.html_tag.Attribute` of a start tag; none for
        other tokens."""
        if self.kind != START:
            return iter(())
        return read_attributes(self.html, self.start, self.end)

    @property
    def values(self):
        """A dict of the attributes that count, as browsers understand them; empty for
        an attribute without a value."""
        return read_values(self.source) if self.kind == START else {}

    def get(self, name):
        """Return the :class:`.html_tag.Attribute` that counts of a name, or None."""
        return next((found for found in self.attributes if found.name == name), None)


def tokenize(html):
    """Return an iterator over every :class:`Token` of an HTML text, in order."""
    return map(partial(tuple.__new__, Token), read_marks(html))


def read_marks(html):
    """Return an iterator over the tokens as plain tuples, which takes half the
    time."""
    return _Tokenizer(html).read_part(0, len(html))


class _Tokenizer:
    """One pass through a text."""

    def __init__(self, html):
        self.html = html
        self.in_outlook = False
        self.known = {}  # tags without the text behind them -> what they are
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
        or None if its end is not easily found."""
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
        """Return ``(kind, name, end)`` of what begins at a place, other than a plain
        tag."""
        html = self.html
        tag = TAG.match(html, start, end)
        if not tag:
            if html.startswith("<!--", start, end):
                return self.tell_comment(start, end)
            return self.tell_declaration(start, end)
        name, stop = tag[2].lower(), find_tag_end(html, tag.end(), end)
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
