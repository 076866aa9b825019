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
from .text_edits import rewrite

ONLINE_VERSION = "[[PERMALINK]]"

UNSUBSCRIBE = re.compile(r"\[\[UNSUB_LINK(_[A-Z]{2})?\]\]")
# Links of the blocks of Odoo's own mailing editor, which Odoo fills in when it
# sends; here their meaning is Mailjet's. Nothing precedes the path.
ODOO_UNSUBSCRIBE, ODOO_VIEW = "/unsubscribe_from_list", "/view"

LINK_BLOCK = (
    '<div style="padding:12px{side};text-align:{align};font-family:{font};'
    "font-size:12px;"
    '{background}color:{color};"><a href="{url}" style="color:{color};'
    'text-decoration:underline;">{text}</a></div>'
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


def complete_links(html, *, online_text, unsubscribe_text, unsubscribe_url):
    """Return the HTML with a "view online" link on top and an unsubscribe link at
    the bottom, each added only when the email that mailboxes show has none yet.

    :param str online_text: text of the link to the online version
    :param str unsubscribe_text: text of the unsubscribe link
    :param str unsubscribe_url: Mailjet's variable, such as ``[[UNSUB_LINK_FR]]``
    """
    has_online, has_unsubscribe = _find_links(html)
    adds_online = bool(online_text) and not has_online
    if has_unsubscribe and not adds_online:
        return html
    frame = find_frame(html) or _find_document(html)
    edits = []
    if adds_online:
        block = link_block(ONLINE_VERSION, online_text, frame.top)
        edits.append((frame.start, frame.start, block))
    if not has_unsubscribe:
        block = link_block(unsubscribe_url, unsubscribe_text, frame.bottom)
        edits.append((frame.end, frame.end, block))
    return rewrite(html, edits)


def _find_document(html):
    """Return where the body that mailboxes show begins and ends, as a frame."""
    start = _find_start(html)
    look = find_body_look(html[:start])
    return Frame(start, max(start, _find_end(html)), look, look)


def _find_links(html):
    """Return whether the two links are there: not in a comment, a style sheet or the
    like, nor for Outlook only."""
    has_online = has_unsubscribe = False
    for token in tokenize(html) if "[[" in html else ():
        if token.kind in (START, TEXT) and not token.in_outlook:
            source = token.source
            has_online = has_online or ONLINE_VERSION in source
            has_unsubscribe = has_unsubscribe or bool(UNSUBSCRIBE.search(source))
    return has_online, has_unsubscribe


def complete_text(text, *, online_text, unsubscribe_text, unsubscribe_url):
    """Return the plain text with the same two links, each added only when it is not
    there yet."""
    parts = [text]
    if ONLINE_VERSION not in text and online_text:
        parts.insert(0, f"{online_text} <{ONLINE_VERSION}>")
    if not UNSUBSCRIBE.search(text):
        parts.append(f"{unsubscribe_text} <{unsubscribe_url}>")
    return "\n\n".join(parts)


def add_preview(html, preview):
    """Return the HTML with the preview text as its first, invisible text, which is
    what mailboxes show beside the subject."""
    if not (preview or "").strip():
        return html
    return insert_at_start(html, PREVIEW_BLOCK.format(text=escape(preview.strip())))


def replace_links(content, online_url, unsubscribe_url):
    """Return the HTML or text of a test email, in which Mailjet would not fill its two
    links in."""
    content = content.replace(ONLINE_VERSION, online_url)
    return UNSUBSCRIBE.sub(lambda _match: unsubscribe_url, content)


def link_block(url, text, look):
    """Return a small centered line that contains one link.

    :param look: a :class:`.email_frame.Look`
    """
    background = look.background and f"background-color:{look.background};"
    return LINK_BLOCK.format(
        url=url,
        text=escape(text),
        font=escape(look.font),
        background=background,
        color=look.color,
        align=look.align,
        side=" 0" if look.align == "left" else "",
    )


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
