"""What an email's HTML may contain at most.

More of either would not arrive: mailboxes refuse or cut emails of far less. Within
these limits, whatever is done with the HTML takes a second or two.
"""

MAX_BYTES = 5 * 1024 * 1024
# A newsletter has a tag in every 30 characters or more.
MAX_TAGS = 250_000


def find_excess(html):
    """Return ``(reason, limit)`` of an HTML text with too much in it, None of others.

    The reason is ``html_too_large``, with bytes, or ``too_many_tags``, with tags.
    """
    if len(html) * 4 > MAX_BYTES and len(html.encode(errors="replace")) > MAX_BYTES:
        return "html_too_large", MAX_BYTES
    if len(html) > MAX_TAGS and html.count("<") > MAX_TAGS:
        return "too_many_tags", MAX_TAGS
    return None
