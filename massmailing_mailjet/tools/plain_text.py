"""The plain text of an e-mail, for mailboxes and readers without HTML.

Odoo's own ``html2plaintext`` is for chatter messages: of a newsletter it would keep the
hidden preview text and style sheets, and write "None" where a link holds an image.
"""

import re

from lxml import etree

SKIPPED = {"head", "style", "script", "title", "template", "noscript"}
PARAGRAPHS = {
    *("p", "h1", "h2", "h3", "h4", "h5", "h6"),
    *("blockquote", "figure", "ol", "pre", "table", "ul"),
}
LINES = {"address", "article", "div", "dd", "dt", "footer", "header", "li", "section"}
LINES |= {"tr", "center", "nav", "main", "aside"}
CELLS = {"td", "th"}
HIDDEN = re.compile(r"display\s*:\s*none|mso-hide\s*:\s*all", re.IGNORECASE)
INVISIBLE = re.compile("[\u00ad\u034f\u200b-\u200d\u2060\ufeff]")


def html_to_text(html):
    """Return the text of an e-mail: paragraphs apart, list items with a dash, links
    with their addresses in angle brackets, images by their alternative text."""
    parser = etree.HTMLParser(huge_tree=True)
    root = etree.fromstring(html, parser) if (html or "").strip() else None
    if root is None:
        return ""
    pieces = []
    links = []
    walk = etree.iterwalk(root, events=("start", "end", "comment", "pi"))
    for event, element in walk:
        if event == "start":
            if _is_hidden(element):
                walk.skip_subtree()
            else:
                _open(element, pieces, links)
            continue
        if event == "end" and not _is_hidden(element):
            _close(element, pieces, links)
        pieces.append(_words(element.tail))
    return _lay_out("".join(pieces))


def _is_hidden(element):
    return element.tag in SKIPPED or bool(HIDDEN.search(element.get("style", "")))


def _open(element, pieces, links):
    """Write what stands before and in an element."""
    tag = element.tag
    if tag == "br":
        pieces.append("\n")
    elif tag == "hr":
        pieces.append("\n\n---\n\n")
    elif tag == "img":
        pieces.append(_words(element.get("alt")))
    elif tag in PARAGRAPHS:
        pieces.append("\n\n")
    elif tag in LINES:
        pieces.append("\n- " if tag == "li" else "\n")
    elif tag == "a":
        links.append(len(pieces))
    pieces.append(_words(element.text))


def _close(element, pieces, links):
    """Write what stands after an element's content."""
    tag = element.tag
    if tag in PARAGRAPHS:
        pieces.append("\n\n")
    elif tag in LINES:
        pieces.append("\n")
    elif tag in CELLS:
        pieces.append(" ")
    elif tag == "a":
        text = "".join(pieces[links.pop() :]).strip()
        url = element.get("href", "").strip()
        if url and not url.startswith("#") and url not in (text, f"mailto:{text}"):
            pieces.append(f" <{url}>")


def _words(text):
    """Return a text as a browser shows it: its line breaks are but spaces."""
    return re.sub(r"\s+", " ", INVISIBLE.sub("", text or ""))


def _lay_out(text):
    """Return the text without stray spaces and with one empty line between
    paragraphs."""
    lines = [re.sub(r" {2,}", " ", line).strip() for line in text.split("\n")]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()
