"""UTM parameters on the links of an email, by which a website knows where its visitors
come from."""

import re
from urllib.parse import urlencode

from .html_attributes import complete_value
from .html_tokenizer import START, tokenize
from .links import find_base, is_link, leads_to_website
from .text_edits import rewrite
from .urls import replace_urls

# What has a meaning in an address, but not within a variable or an entity.
PART = re.compile(
    r"\$[a-z]+-[a-z][a-z0-9_]*(?:\|[^$|]*)?\$|\[\[data:[^\[\]]*\]\]|&#"
    r"|(?P<fragment>#)|(?P<query>\?)"
)


def add_utm_to_html(html, parameters):
    """Return the HTML with the parameters on every link to a website; all else stays
    to the byte. Text is not parsed and printed again.

    :param dict parameters: such as ``{"utm_campaign": "Autumn"}``; empty for none
    """
    return rewrite(html, _find_edits(html, parameters)) if parameters else html


def _find_edits(html, parameters):
    base = find_base(html)
    for token in tokenize(html):
        if token.kind != START or not is_link(token):
            continue
        href = token.get("href")
        if href and leads_to_website(href.decoded, base):
            href = complete_value(href, token)
            url = href.value.strip()
            new = _add(url, parameters, "&amp;")
            if new != url:
                yield href.edit(href.value.replace(url, new, 1))


def add_utm_to_text(text, parameters):
    """Return the plain text with the parameters on every web address."""
    if not parameters:
        return text
    return replace_urls(text, lambda url: _add(url, parameters, "&"))


def remove_utm(url):
    """Return the URL of a link without its UTM parameters; all else stays."""
    address, mark, fragment = url.partition("#")
    path, question, query = address.partition("?")
    kept = [part for part in query.split("&") if not part.startswith("utm_")]
    rest = "&".join(kept)
    return f"{path}{question if rest else ''}{rest}{mark}{fragment}"


def _add(url, parameters, separator):
    """Return the address with those parameters that it does not have yet, before its
    fragment."""
    missing = {
        name: value
        for name, value in parameters.items()
        if not re.search(rf"[?&;]{name}=", url)
    }
    if not missing:
        return url
    end, has_query = _find_parts(url)
    address = url[:end]
    start = "" if address[-1:] in "?&" else separator if has_query else "?"
    return f"{address}{start}{separator.join(_encode(missing))}{url[end:]}"


def _find_parts(url):
    """Return where the fragment of an address begins, and whether it has a query."""
    has_query = False
    for part in PART.finditer(url):
        if part["fragment"]:
            return part.start(), has_query
        has_query = has_query or bool(part["query"])
    return len(url), has_query


def _encode(parameters):
    return [urlencode({name: value}) for name, value in parameters.items()]
