"""UTM parameters on the links of an e-mail, by which a website knows where its visitors
come from."""

import re
from urllib.parse import urlencode

from .urls import replace_urls

LINK = re.compile(
    r"""(?P<start><a(?:rea)?\b[^<>]*?\shref\s*=\s*)"""
    r"""(?:"(?P<double>https?://[^"]*)"|'(?P<single>https?://[^']*)')""",
    re.IGNORECASE,
)


def add_utm_to_html(html, parameters):
    """Return the HTML with the parameters on every link to a website; all else stays
    to the byte. Text is not parsed and printed again.

    :param dict parameters: such as ``{"utm_campaign": "Autumn"}``; empty for none
    """
    if not parameters:
        return html

    def replace(match):
        quote = '"' if match["double"] is not None else "'"
        url = match["double"] or match["single"]
        return f"{match['start']}{quote}{_add(url, parameters, '&amp;')}{quote}"

    return LINK.sub(replace, html)


def add_utm_to_text(text, parameters):
    """Return the plain text with the parameters on every web address."""
    if not parameters:
        return text
    return replace_urls(text, lambda url: _add(url, parameters, "&"))


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
    # A "#" within an entity such as &#38; starts no fragment.
    address, mark, fragment = _split_fragment(url)
    start = "" if address[-1:] in "?&" else separator if "?" in address else "?"
    return f"{address}{start}{separator.join(_encode(missing))}{mark}{fragment}"


def _split_fragment(url):
    match = re.search(r"(?<!&)#", url)
    if not match:
        return url, "", ""
    return url[: match.start()], "#", url[match.end() :]


def _encode(parameters):
    return [urlencode({name: value}) for name, value in parameters.items()]
