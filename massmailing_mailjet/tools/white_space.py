"""White space as HTML shows it."""

from io import StringIO

# Letters that are looked through at once: a list of all words would take much memory.
WINDOW = 16_384


def collapse(text):
    """Return the words of a text with one space between them."""
    if len(text) <= WINDOW:
        return " ".join(text.split())
    output, gap = StringIO(newline=""), ""
    for start in range(0, len(text), WINDOW):
        part = text[start : start + WINDOW]
        words = " ".join(part.split())
        if part[0].isspace() and output.tell():
            gap = " "
        if words:
            output.write(gap + words)
            gap = ""
        if part[-1].isspace() and output.tell():
            gap = " "
    return output.getvalue()
