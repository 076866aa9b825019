"""Edits of a text that leave all the rest of it as it is, to the byte."""

from io import StringIO


def rewrite(text, edits):
    """Return the text with edits made in it.

    :param edits: ``(start, end, new)`` in the order of their places, which must not
        overlap
    """
    output, position = None, 0
    for start, end, new in edits:
        output = StringIO(newline="") if output is None else output
        output.write(text[position:start])
        output.write(new)
        position = end
    if output is None:
        return text
    output.write(text[position:])
    return output.getvalue()
