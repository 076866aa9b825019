"""Attributes of an e-mail's tags, changed in place: HTML is not parsed and printed
again, and what stands in Outlook's conditional comments is HTML too."""

import re

ADDRESS_ATTRIBUTES = {"href", "src", "background", "action", "xlink:href"}

# Signs of greater and less end a tag, but for the former within quotation marks.
TAG = re.compile(r"""<[a-zA-Z](?:[^<>=]+|=\s*(?:"[^"<]*"|'[^'<]*')?)*>?""")
# A value without quotation marks ends at white space, except within a variable's own
# text for empty values.
ATTRIBUTE = re.compile(
    r"""(?<![\w:-])(?P<name>[\w:-]+)(?P<equals>\s*=\s*)"""
    r"""(?:"(?P<double>[^"]*)"|'(?P<single>[^']*)'|"""
    r"""(?P<bare>(?:\$[a-z]+-[a-z][a-z0-9_]*(?:\|[^$|\n<>"']*)?\$|[^\s"'<>`])+))"""
)


def replace_attributes(html, function, containing):
    """Return the HTML with the values of attributes replaced; all else stays to the
    byte. A value with quotation marks of its own is put between apostrophes.

    :param function: of an attribute's name in small letters and its value
    :param containing: signs; only tags with one of them are looked at
    """

    def replace(match):
        values = match.group("double", "single", "bare")
        value = next(text for text in values if text is not None)
        new = function(match["name"].lower(), value)
        if new == value:
            return match[0]
        before = match["name"] + match["equals"]
        if match["single"] is None and '"' not in new:
            return f'{before}"{new}"'
        new = new.replace("'", "&#39;")
        return f"{before}'{new}'"

    def replace_all(tag):
        if not any(sign in tag[0] for sign in containing):
            return tag[0]
        return ATTRIBUTE.sub(replace, tag[0])

    return TAG.sub(replace_all, html)
