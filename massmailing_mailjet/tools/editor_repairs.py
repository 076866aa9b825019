"""What Odoo's editor gets wrong when it turns its content into an email."""

import re

from markupsafe import escape

from .html_tokenizer import END, START, tokenize
from .text_edits import rewrite

# Where Odoo draws an icon.
ICON = "/mail/font_to_img/"
# The margin of a centered table as it was in the editor's window, which is wider than
# a phone.
MARGIN = re.compile(r"(\bmargin:\s*[\d.]+px\s)[\d.]+px(?=[\s;]|$)")


def repair_editor_html(html):
    """Return the HTML with a text for the icons that the editor has turned into
    pictures without one, and with tables in the center of windows of any width.

    An icon says the name of its link, as those of social networks do, or nothing.
    """
    return rewrite(html, _find_edits(html))


def _find_edits(html):
    label = ""
    for token in tokenize(html):
        if token.name == "a" and token.kind in (START, END):
            values = token.values
            label = values.get("aria-label") or values.get("title") or ""
        elif token.kind == START and token.name == "img":
            values = token.values
            if "alt" not in values and (label or ICON in values.get("src", "")):
                position = token.start + len("<img")
                yield position, position, f' alt="{escape(label)}"'
        elif token.kind == START and token.name == "table":
            yield from _center(token)


def _center(token):
    style = token.get("style")
    if style and style.value and token.values.get("align") == "center":
        new = MARGIN.sub(r"\1auto", style.value)
        if new != style.value:
            yield style.edit(new)
