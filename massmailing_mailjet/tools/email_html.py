"""What the email's HTML needs before it leaves: the links that the law and the
reader expect. Text is inserted, never parsed and printed again, so that what a
user wrote stays as written to the byte.
"""

import re

from markupsafe import escape

from .email_frame import Frame, find_body_look, find_frame
from .html_attributes import replace_attributes
from .html_elements import HEAD, RAW_ELEMENTS
from .html_tokenizer import (
    BROKEN,
    CDATA,
    COMMENT,
    DECLARATION,
    DOCTYPE,
    END,
    RAW,
    START,
    TEXT,
    tokenize,
)
from .preference_links import PREFERENCES
from .text_edits import rewrite

ONLINE_VERSION = "[[PERMALINK]]"

UNSUBSCRIBE = re.compile(r"\[\[UNSUB_LINK(_[A-Z]{2})?\]\]")
ONLINE, PREFERENCE = map(re.compile, map(re.escape, (ONLINE_VERSION, PREFERENCES)))
LINKS = (ONLINE, UNSUBSCRIBE, PREFERENCE)

# Links of the blocks of Odoo's own mailing editor, which Odoo fills in when it
# sends; here their meaning is Mailjet's. Nothing precedes the path.
ODOO_UNSUBSCRIBE, ODOO_VIEW = "/unsubscribe_from_list", "/view"

LINK_BLOCK = (
    '<div style="padding:12px{side};text-align:{align};font-family:{font};'
    "font-size:12px;"
    '{background}color:{color};">{links}</div>'
)
LINK = '<a href="{url}" style="color:{color};text-decoration:underline;">{text}</a>'
BETWEEN_LINKS = " · "

DETAILS_BLOCK = (
    '<div style="padding:0 {side} 12px;text-align:{align};font-family:{font};'
    "font-size:12px;line-height:18px;"
    '{background}color:{color};">{lines}</div>'
)

PREVIEW_BLOCK = (
    '<div style="display:none;font-size:1px;line-height:1px;max-height:0;max-width:0;'
    'opacity:0;overflow:hidden;">{text}</div>'
)


def unsubscribe_variable(language, languages):
    """Return Mailjet's unsubscribe variable in the language of a locale.

    :param str language: an Odoo language code such as ``fr_BE``
    :param languages: upper-case codes in which Mailjet offers its page
    """
    code = (language or "")[:2].upper()
    return f"[[UNSUB_LINK_{code if code in languages else 'EN'}]]"


def translate_links(html, unsubscribe_url):
    """Return the HTML with the links of Odoo's own blocks in Mailjet's words."""
    urls = {ODOO_UNSUBSCRIBE: unsubscribe_url, ODOO_VIEW: ONLINE_VERSION}

    def translate(name, value):
        return urls.get(value, value) if name == "href" else value

    return replace_attributes(html, translate, containing=urls)


def complete_links(html, **texts):
    """Return the HTML with a "view online" link on top, and at the bottom an
    unsubscribe link and one to the preference page, each added only when the email that
    mailboxes show has none yet.

    The parameters are those of :func:`_find_missing`.
    """
    above, below = _find_missing(_find_links(html), **texts)
    if not above and not below:
        return html
    frame = find_frame(html) or _find_document(html)
    edits = []
    if above:
        edits.append((frame.start, frame.start, link_block(above, frame.top)))
    if below:
        edits.append((frame.end, frame.end, link_block(below, frame.bottom)))
    return rewrite(html, edits)


def _find_missing(
    found, *, online_text, unsubscribe_text, unsubscribe_url, preferences_text=""
):
    """Return the links to add, those above and those below an email, as pairs of a URL
    and a text.

    :param set found: of :data:`LINKS`, those that are there
    :param str online_text: text of the link to the online version; empty for none
    :param str unsubscribe_text: text of the unsubscribe link
    :param str unsubscribe_url: Mailjet's variable, such as ``[[UNSUB_LINK_FR]]``
    :param str preferences_text: text of the link to the preference page; empty for none
    """
    above, below = [], []
    if online_text and ONLINE not in found:
        above.append((ONLINE_VERSION, online_text))
    if UNSUBSCRIBE not in found:
        below.append((unsubscribe_url, unsubscribe_text))
    if preferences_text and PREFERENCE not in found:
        below.append((PREFERENCES, preferences_text))
    return above, below


def add_details(html, lines):
    """Return the HTML with a block of small lines at the bottom, below the unsubscribe
    link; unchanged without lines."""
    if not lines:
        return html
    frame = find_frame(html) or _find_document(html)
    look = frame.bottom
    block = DETAILS_BLOCK.format(
        lines="<br>".join(map(escape, lines)),
        side="0" if look.align == "left" else "12px",
        **_get_style(look),
    )
    return rewrite(html, [(frame.end, frame.end, block)])


def _find_document(html):
    """Return where the body that mailboxes show begins and ends, as a frame."""
    start = _find_start(html)
    look = find_body_look(html, start)
    return Frame(start, max(start, _find_end(html)), look, look)


def _find_links(html):
    """Return which of the links are there: not in a comment, a style sheet or the like,
    nor for Outlook only."""
    found = set()
    for token in tokenize(html) if "[[" in html else ():
        if token.kind in (START, TEXT) and not token.in_outlook:
            found |= _find_links_of_text(token.source)
    return found


def _find_links_of_text(text):
    return {link for link in LINKS if link.search(text)} if "[[" in text else set()


def complete_text(text, **texts):
    """Return the plain text with the same links, each added only when it is not there
    yet; see :func:`complete_links`."""
    above, below = (
        [f"{name} <{url}>" for url, name in links]
        for links in _find_missing(_find_links_of_text(text), **texts)
    )
    return "\n\n".join([*above, text, *below])


def add_preview(html, preview):
    """Return the HTML with the preview text as its first, invisible text, which is
    what mailboxes show beside the subject."""
    if not (preview or "").strip():
        return html
    return insert_at_start(html, PREVIEW_BLOCK.format(text=escape(preview.strip())))


def replace_links(content, online_url, unsubscribe_url, preferences_url):
    """Return the HTML or text of a test email, in which Mailjet would not fill its two
    links in, and that to the preference page must be nobody's."""
    urls = dict(zip(LINKS, (online_url, unsubscribe_url, preferences_url), strict=True))
    for link, url in urls.items():
        content = link.sub(lambda _match, url=url: url, content)
    return content


def link_block(links, look):
    """Return a small centered line that contains links.

    :param links: pairs of a URL and a text
    :param look: a :class:`.email_frame.Look`
    """
    return LINK_BLOCK.format(
        links=BETWEEN_LINKS.join(
            LINK.format(url=url, text=escape(text), color=look.color)
            for url, text in links
        ),
        side=" 0" if look.align == "left" else "",
        **_get_style(look),
    )


def _get_style(look):
    """Return what the blocks say of a look."""
    return {
        "font": escape(look.font),
        "background": look.background and f"background-color:{look.background};",
        "color": look.color,
        "align": look.align,
    }


def insert_at_start(html, block):
    """Return the HTML with the block at the start of the body that mailboxes show."""
    start = _find_start(html)
    return rewrite(html, [(start, start, block)])


def _find_start(html):
    """Return where the body begins: behind its tag, or else behind the head."""
    position, in_head = 0, True
    for token in tokenize(html):
        if token.in_outlook:
            continue
        if token.kind == START and token.name == "body":
            return token.end
        if in_head and _is_of_head(token):
            position = token.end
        elif token.kind in (START, END) or (token.kind == TEXT and _has_words(token)):
            in_head = False
    return position


def _is_of_head(token):
    return token.kind in (DOCTYPE, DECLARATION) or token.name in HEAD | {"html", "head"}


def _has_words(token):
    return not token.source.isspace()


def _find_end(html):
    """Return where the body ends: at the end tag that nothing to see follows, or else
    where text would be seen no more."""
    position, last = None, None
    for token in tokenize(html):
        last = last if token.kind == RAW and token.end == len(html) else token
        if token.in_outlook:
            continue
        if token.kind == START or (token.kind == TEXT and _has_words(token)):
            position = None
        elif token.kind == END and token.name in ("body", "html") and position is None:
            position = token.start
    if position is not None:
        return position
    return last.start if last and _hides_the_rest(html, last) else len(html)


def _hides_the_rest(html, last):
    """Return whether what is written behind the last token would be within it."""
    if last.end < len(html):  # a tag, and raw text that nothing ends
        return True
    if last.kind in (COMMENT, DECLARATION, DOCTYPE, CDATA):
        ends = ("-->", "--!>") if last.source.startswith("<!--") else (">",)
        return not last.source.endswith(ends)
    return last.kind == BROKEN or (last.kind == START and last.name in RAW_ELEMENTS)
