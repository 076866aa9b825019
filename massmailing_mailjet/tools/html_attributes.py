"""Texts and attributes of an email's HTML, changed in place: all else stays to the
byte, and what is in Outlook's conditional comments is HTML too."""

import re

from .html_tokenizer import RAW, START, TEXT, tokenize
from .text_edits import rewrite

ADDRESS_ATTRIBUTES = {"href", "src", "background", "action", "xlink:href"}
# Elements without tags whose content is text all the same.
TEXT_ELEMENTS = {"title", "textarea"}

# A variable whose own text for empty values begins in a value without quotation marks
# and continues behind it, and how it continues.
CUT_TOKEN = re.compile(r"\$[a-z]{1,40}-[a-z][a-z0-9_]{0,80}\|[^$|]*$")
TOKEN_REST = re.compile(r"[^$|\n<>\"']{0,1000}\$[^\s\"'<>`]*")


def replace_attributes(html, function, containing):
    """Return the HTML with the values of attributes replaced; all else stays to the
    byte. A value with quotation marks of its own is put between apostrophes.

    :param function: of an attribute's name in small letters and its value as written
    :param containing: signs; only values with one of them are looked at
    """
    return replace_places(html, None, function, containing)


def replace_places(html, text_function, attribute_function, containing):
    """Return the HTML with the texts and the values of attributes replaced. Style
    sheets, scripts and comments are no such places.

    :param text_function: of a text as it is written, None to leave all texts
    """
    if not any(sign in html for sign in containing):
        return html
    edits = _find_edits(html, text_function, attribute_function, containing)
    return rewrite(html, edits)


def _find_edits(html, text_function, attribute_function, containing):
    for token in tokenize(html):
        if token.kind == START:
            if _has_any(token.source, containing):
                yield from _edit_tag(token, attribute_function, containing)
        elif text_function and (
            token.kind == TEXT or (token.kind == RAW and token.name in TEXT_ELEMENTS)
        ):
            source = token.source
            if (
                _has_any(source, containing)
                and (new := text_function(source)) != source
            ):
                yield token.start, token.end, new


def _has_any(text, signs):
    return any(sign in text for sign in signs)


def _edit_tag(token, function, containing):
    position = 0
    for found in token.attributes:
        if found.start < position or not found.value:
            continue
        found = complete_value(found, token)
        position = found.end
        if _has_any(found.value, containing):
            new = function(found.name, found.value)
            if new != found.value:
                yield found.edit(new)


def complete_value(found, token):
    """Return an attribute of a tag, with all of a variable that is in it: without
    quotation marks, HTML ends the value at the variable's first space."""
    if found.quote or not CUT_TOKEN.search(found.value):
        return found
    rest = TOKEN_REST.match(token.html, found.end, token.end - 1)
    if not rest:
        return found
    return found._replace(value=found.value + rest[0], end=rest.end())
