"""The attributes of a start tag, with their places in the text.

https://html.spec.whatwg.org/multipage/parsing.html#attribute-name-state
"""

import re
from functools import lru_cache
from itertools import islice
from typing import NamedTuple

from .html_entities import decode_attribute

# Further attributes of a tag are ignored.
MAX_ATTRIBUTES = 1000
# What was read of a tag is kept for the next one like it, unless it is that long.
LONG_TAG = 400

NAME = re.compile(r"[a-zA-Z][^\t\n\f\r />]*")
ATTRIBUTE = re.compile(
    r"""[\t\n\f\r /]*(?P<name>[^\t\n\f\r />][^\t\n\f\r />=]*)"""
    r"""(?:[\t\n\f\r ]*=[\t\n\f\r ]*"""
    r"""(?:"(?P<double>[^"]*)"|'(?P<single>[^']*)'|(?P<bare>[^\t\n\f\r >]*)))?"""
)
# Many attributes, and what ends a tag. An attribute with a quotation mark that is not
# closed has no value, nor does its name continue without it.
ATTRIBUTES = re.compile(
    r"""(?:[\t\n\f\r /]*[^\t\n\f\r />][^\t\n\f\r />=]*"""
    r"""(?:[\t\n\f\r ]*=[\t\n\f\r ]*"""
    r"""(?:"[^"]*"|'[^']*'|(?![\t\n\f\r "'])[^\t\n\f\r >]*)|(?![\t\n\f\r ]*=))){1,50}"""
)
TAG_END = re.compile(r"[\t\n\f\r /]*>")
QUOTES = {"double": '"', "single": "'", "bare": ""}


class Attribute(NamedTuple):
    """An attribute of a tag, with its places in the text.

    :param str name: in small letters
    :param value: as it is written, without its quotation marks; None where the
        attribute has none
    :param str quote: ``"``, ``'`` or nothing
    :param int start: where the name begins
    :param int value_start: where the value begins, behind its quotation mark
    :param int end: behind the attribute and its second quotation mark
    :param bool is_repeated: whether the tag has an earlier one of that name, which wins
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
        """Return the edit for :func:`.text_edits.rewrite` that writes another value,
        given as HTML. The quotation marks stay unless the value contains them."""
        quote = self.quote or '"'
        if quote in value:
            quote = "'" if '"' in value else '"'
            value = value.replace(quote, "&#39;" if quote == "'" else "&quot;")
        if self.value is None:
            return self.end, self.end, f"={quote}{value}{quote}"
        return self.value_start - len(self.quote), self.end, f"{quote}{value}{quote}"


def read_attributes(html, start, end):
    """Yield every :class:`Attribute` of a start tag.

    :param int start: of the tag in the text
    :param int end: behind the tag
    """
    match_one, end = ATTRIBUTE.match, end - 1
    position = NAME.match(html, start + 1).end()
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


def read_values(tag):
    """Return a dict of the attributes of a start tag that count, as browsers understand
    them; empty for an attribute without a value. Do not change it: it is shared."""
    return (_read_values_again if len(tag) < LONG_TAG else _read_values)(tag)


def _read_values(tag):
    values, start = {}, NAME.match(tag, 1).end()
    matches = ATTRIBUTE.finditer(tag, start, len(tag) - 1)
    for match in islice(matches, MAX_ATTRIBUTES):
        index = match.lastindex
        name, value = match[1].lower(), match[index] if index > 1 else ""
        if name not in values:
            values[name] = decode_attribute(value) if "&" in value else value
    return values


# The tags of an email are much alike.
_read_values_again = lru_cache(maxsize=512)(_read_values)


def find_tag_end(html, position, end):
    """Return where a tag ends, -1 where it does not.

    :param int position: behind the tag's name
    """
    while attributes := ATTRIBUTES.match(html, position, end):
        position = attributes.end()
    found = TAG_END.match(html, position, end)
    return found.end() if found else -1
