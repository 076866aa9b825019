"""The links of an email as they were written. Mailjet reports a link with the values
of the recipient who clicked it; a report is about the link, whoever clicked it."""

import re

from .email_reader import read_email
from .personalization import PROPERTY
from .urls import replace_urls
from .variable_repair import repair_tokens
from .variables import TOKEN

# Represents a value while a link is looked at.
VALUE = "\x00"


def find_written_links(html, text):
    """Return the links of an email, if any of them contains a value of its recipient: a
    list of ``{"url": str, "pattern": str}``, the best match first. ``url`` is as it was
    written, without texts for empty values; ``pattern`` is what SQL's LIKE finds in a
    link that Mailjet reports.

    :param str html: the email, its variables as they were written
    :param str text: its plain text
    """
    urls = [link.url.strip() for link in read_email(repair_tokens(html)).links]
    replace_urls(text, lambda url: urls.append(url) or url)
    links = {_name(url): _hide_values(url) for url in urls}
    if not any(VALUE in hidden for hidden in links.values()):
        return []
    found = sorted(
        links.items(), key=lambda item: (VALUE in item[1], -len(item[1]), item[0])
    )
    return [{"url": url, "pattern": _get_pattern(hidden)} for url, hidden in found]


def find_written(url, links):
    """Return a link with the values of a recipient as it was written, if it is one of
    the email's.

    :param links: those of :func:`find_written_links`
    """
    for link in links:
        if _to_regex(link["pattern"]).fullmatch(url):
            return link["url"]
    return None


def _to_regex(pattern):
    """Return the regular expression for a pattern of SQL's LIKE."""
    parts = re.findall(r"\\?.", pattern, re.DOTALL)
    words = (".*" if part == "%" else re.escape(part[-1]) for part in parts)
    return re.compile("".join(words), re.DOTALL)


def _name(url):
    url = TOKEN.sub(lambda match: f"${match['object']}-{match['code']}$", url)
    return PROPERTY.sub(lambda match: f"[[data:{match['name']}]]", url)


def _hide_values(url):
    return PROPERTY.sub(VALUE, TOKEN.sub(VALUE, url.replace(VALUE, "")))


def _get_pattern(hidden):
    return re.sub(r"([\\%_])", r"\\\1", hidden).replace(VALUE, "%")
