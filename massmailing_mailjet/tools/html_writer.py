"""Elements and texts, as they were read, written as HTML that XML can represent too."""

import re
from html import escape
from io import StringIO

from .html_elements import VOID

NAME = re.compile(r"[a-z_][\w:.-]*", re.IGNORECASE)
# Obsolete elements whose content would be read as tags, and what shows them alike; and
# elements whose content nobody sees.
RENAMED = {"xmp": "pre", "plaintext": "pre", "listing": "pre"}
UNSEEN = {"iframe", "noembed", "noframes"}
# Characters that XML does not allow.
CONTROL = dict.fromkeys([*range(9), 11, 12, *range(14, 32), 0xFFFE, 0xFFFF])
CONTROL |= dict.fromkeys(range(0xD800, 0xE000), "\ufffd")


class HtmlWriter:
    """Writes the elements and texts that it is given, one after another."""

    def __init__(self):
        self._output = StringIO(newline="")

    def get_html(self):
        """Return all that was written."""
        return self._output.getvalue()

    def start(self, name, values):
        """Write a start tag, unless its name is impossible."""
        if NAME.fullmatch(name):
            self._output.write(f"<{name}{write_attributes(values)}>")

    def end(self, name):
        """Write an end tag, where the element has one."""
        if NAME.fullmatch(name) and name not in VOID:
            self._output.write(f"</{name}>")

    def text(self, text):
        """Write a text, with its special characters as entities."""
        self._output.write(escape(text.translate(CONTROL), quote=False))

    def raw(self, source):
        """Write a style sheet or a comment as it is."""
        self._output.write(source.translate(CONTROL))

    def script(self, source):
        """Write a script without comments of HTML, which would continue behind its
        end."""
        self._output.write(source.translate(CONTROL).replace("<!--", "<\\!--"))


def write_attributes(values):
    """Return attributes as they are written in a tag, without those of impossible
    names."""
    return "".join(
        f' {name}="{escape(value.translate(CONTROL))}"'
        for name, value in values.items()
        if NAME.fullmatch(name)
    )
