"""What Odoo's themes and building blocks contain until somebody writes their own: texts
and pictures that no email should be sent with."""

import re
from html import unescape
from io import StringIO

from lxml import etree

from .plain_text import html_to_text
from .white_space import collapse

LINK = re.compile(r"<[^<>\s]*>")
BULLET = re.compile(r"^[-–]\s")
WORD = re.compile(r"\w*[^\W\d_]\w*(?:['’]\w+)?")
# A line of so many words is nobody's own by chance, a label of fewer often is.
LONG_LINE, LONG_LABEL = 5, 4
# A single word is never told from one's own.
SHORTEST = 2
# Long and short lines that people keep as they are.
LEGAL = re.compile(r"unsubscribe|receiving this email|©", re.IGNORECASE)
EVERYDAY = re.compile(
    r"\b(?:rights reserved|view online|customer service|free (?:delivery|shipping)|"
    r"easy returns|secure payment|meet our team|our (?:references|menu)|"
    r"our finest selection|testimonials|business case|see you (?:soon|there)|hi there|"
    r"warm welcome|officer|director|company news|new people|coupon code|"
    r"don't miss this|in this issue|"
    r"event page|(?:account|email) (?:management|support))\b",
    re.IGNORECASE,
)
# Odoo calls a picture that is to be replaced a default image.
STOCK_IMAGE = re.compile(
    r"/(?:web/image/|html_editor/image_shape/)?mass_mailing\w*[./]"
    r"[^?#\s]*(?:default_image|logo|signature)",
    re.IGNORECASE,
)


def read_lines(html):
    """Yield the lines of text in an email, without list signs and addresses."""
    for line in StringIO(html_to_text(html)):
        line = unescape(line)
        yield BULLET.sub("", collapse(LINK.sub(" ", line) if "<" in line else line))


def find_stock_texts(source, translations=()):
    """Return the lines of a building block that are to be replaced, as a set.

    Lines that are often kept, such as the labels of buttons, are not among them; which
    ones they are is known in English, and by their places in other languages.

    :param str source: its template, in English
    :param translations: the same template in other languages
    """
    lines = _read_template(source)
    found = set(_without_labels(filter(_is_stock, lines), source))
    texts = set(found)
    for translation in translations:
        translated = _read_template(translation)
        if len(translated) == len(lines):
            pairs = zip(lines, translated, strict=True)
            texts |= {own for line, own in pairs if line in found}
    return {text for text in texts if len(WORD.findall(text)) >= SHORTEST}


def is_stock_image(url):
    """Return whether a picture is one of Odoo's that are to be replaced."""
    return bool(STOCK_IMAGE.search(url))


def _read_template(source):
    tree = etree.fromstring(source)
    for image in tree.iter("img"):
        image.attrib.pop("alt", None)
    html = etree.tostring(tree, method="html", encoding="unicode")
    return list(read_lines(html))


def _without_labels(lines, source):
    """Return the lines that are more than the texts of buttons and short links."""
    links = etree.fromstring(source).iter("a")
    texts = ((link, collapse(unescape("".join(link.itertext())))) for link in links)
    labels = {
        text
        for link, text in texts
        if "btn" in link.get("class", "") or len(WORD.findall(text)) <= LONG_LABEL
    }
    pattern = "|".join(map(re.escape, sorted(labels, key=len, reverse=True)))
    return [line for line in lines if WORD.search(re.sub(pattern, "", line))]


def _is_stock(line):
    if LEGAL.search(line):
        return False
    words = len(WORD.findall(line))
    return words >= LONG_LINE or (words >= SHORTEST and not EVERYDAY.search(line))
