"""What the e-mail's HTML needs before it leaves: the links that the law and the
reader expect. Text is inserted, never parsed and printed again, so that what a
user wrote stays as written to the byte.
"""

import re

from markupsafe import escape

ONLINE_VERSION = "[[PERMALINK]]"

UNSUBSCRIBE = re.compile(r"\[\[UNSUB_LINK(_[A-Z]{2})?\]\]")
# Links of the blocks of Odoo's own mailing editor, which Odoo fills in when it
# sends; here their meaning is Mailjet's. Nothing stands before the path.
ODOO_LINK = r'(href\s*=\s*["\'])/{path}(?=["\'])'
ODOO_UNSUBSCRIBE = re.compile(ODOO_LINK.format(path="unsubscribe_from_list"), re.I)
ODOO_VIEW = re.compile(ODOO_LINK.format(path="view"), re.I)

BODY_START = re.compile(r"<body\b[^>]*>", re.IGNORECASE)
BODY_END = re.compile(r"</body\s*>", re.IGNORECASE)

LINK_BLOCK = (
    '<div style="padding:12px;text-align:center;font-family:Arial,sans-serif;'
    'font-size:12px;color:#666666;"><a href="{url}" style="color:#666666;">{text}</a>'
    "</div>"
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
    html = ODOO_UNSUBSCRIBE.sub(rf"\g<1>{unsubscribe_url}", html)
    return ODOO_VIEW.sub(rf"\g<1>{ONLINE_VERSION}", html)


def complete_links(html, *, online_text, unsubscribe_text, unsubscribe_url):
    """Return the HTML with a "view online" link on top and an unsubscribe link at
    the bottom, each added only when it is not there yet.

    :param str online_text: text of the link to the online version
    :param str unsubscribe_text: text of the unsubscribe link
    :param str unsubscribe_url: Mailjet's variable, such as ``[[UNSUB_LINK_FR]]``
    """
    if ONLINE_VERSION not in html and online_text:
        html = insert_at_start(html, link_block(ONLINE_VERSION, online_text))
    if not UNSUBSCRIBE.search(html):
        html = insert_at_end(html, link_block(unsubscribe_url, unsubscribe_text))
    return html


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
    """Return the HTML or text of a test e-mail, in which Mailjet would not fill its two
    links in."""
    content = content.replace(ONLINE_VERSION, online_url)
    return UNSUBSCRIBE.sub(lambda _match: unsubscribe_url, content)


def link_block(url, text):
    """Return a small centred paragraph that holds one link."""
    return LINK_BLOCK.format(url=url, text=escape(text))


def insert_at_start(html, block):
    """Return the HTML with the block right after ``<body>``, or at the very start."""
    match = BODY_START.search(html)
    position = match.end() if match else 0
    return html[:position] + block + html[position:]


def insert_at_end(html, block):
    """Return the HTML with the block right before the last ``</body>``, or at the
    very end."""
    matches = list(BODY_END.finditer(html))
    position = matches[-1].start() if matches else len(html)
    return html[:position] + block + html[position:]
