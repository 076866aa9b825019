"""Where the addresses in an email's HTML lead, as far as they say it themselves: local
ones become addresses of this site, unless the email names another base."""

import re
from urllib.parse import urljoin

from .css_urls import replace_css_urls
from .html_attributes import complete_value
from .html_tokenizer import RAW, START, tokenize
from .text_edits import rewrite

# Browsers leave these out: at both ends, and anywhere.
ENDS = "".join(map(chr, range(33)))
IGNORED = dict.fromkeys(map(ord, "\t\n\r"))

WEBSITE = re.compile(r"https?:|[/\\]{2}", re.IGNORECASE)
# Not to be completed by a base: other schemes, places in the email, variables.
COMPLETE = re.compile(r"[a-z][a-z0-9+.-]*:|#|\[\[|\$|\{|\*\|", re.IGNORECASE)
LOCAL = re.compile(r"/(?![/\\])")
# Attributes with the address of something to fetch or to go to.
ADDRESSES = ("href", "src", "background", "poster", "action")


def clean_url(url):
    """Return an address as browsers take it."""
    return url.strip(ENDS).translate(IGNORED)


def find_base(html):
    """Return the address of a website that ``<base href>`` gives to the email's own
    addresses, or nothing."""
    if "base" not in html.lower():
        return ""
    for token in tokenize(html):
        if token.kind == START and token.name == "base" and not token.in_outlook:
            values = token.values
            if "href" in values:
                return get_base(values)
    return ""


def is_link(token):
    """Return whether a start tag is a link: to readers, or to those of Outlook, whose
    buttons are drawn in VML."""
    return token.name in ("a", "area") or token.name.startswith("v:")


def leads_to_website(url, base=""):
    """Return whether an address leads to a website.

    :param str base: that of :func:`find_base`
    """
    url = clean_url(url)
    if WEBSITE.match(url):
        return True
    return bool(base and url and not COMPLETE.match(url))


def resolve(url, base):
    """Return where an address leads in an email with a base.

    :param str base: that of :func:`find_base`, or nothing
    """
    url = clean_url(url)
    if not base or not url or COMPLETE.match(url):
        return url
    try:
        return urljoin(f"https:{base}" if base.startswith("//") else base, url)
    except ValueError:
        return url


def get_base(values):
    """Return the base that the attributes of ``<base>`` give, if it is a website's."""
    url = clean_url(values.get("href", ""))
    return url if WEBSITE.match(url) else ""


def complete_addresses(html, base_url):
    """Return the HTML with every local address, such as ``/web/image/1``, leading to
    this site; all else stays to the byte. An email that has a base of its own stays as
    it is.

    :param str base_url: of this site
    """
    if find_base(html):
        return html

    site = urljoin(base_url, "/").rstrip("/")

    def complete(url):
        url = url.strip(ENDS)
        return f"{site}{url}" if LOCAL.match(url) else None

    return rewrite(html, _find_edits(html, complete))


def _find_edits(html, complete):
    for token in tokenize(html):
        if token.kind == RAW and token.name == "style":
            new = replace_css_urls(token.source, complete)
            if new != token.source:
                yield token.start, token.end, new
        elif token.kind == START and "/" in token.source:
            for found in token.attributes:
                found = complete_value(found, token) if found.value else found
                new = found.value and _complete_address(found, complete)
                if new and new != found.value:
                    yield found.edit(new)


def _complete_address(found, complete):
    if found.name == "style":
        return replace_css_urls(found.value, complete)
    return complete(found.value) if found.name in ADDRESSES else None
