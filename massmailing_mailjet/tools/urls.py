"""Web addresses within plain text."""

import re

# An address ends at white space, except within a variable's own text for empty values.
URL = re.compile(
    r"https?://(?:\$[a-z]+-[a-z][a-z0-9_]*(?:\|[^$|\n]*)?\$|[^\s<>\"])+", re.IGNORECASE
)
# Signs that end a sentence rather than an address.
PUNCTUATION = ".,;:!?)'’”»"


def replace_urls(text, function):
    """Return the text with every web address replaced by what the function makes of
    it."""

    def replace(match):
        url = match[0].rstrip(PUNCTUATION)
        return function(url) + match[0][len(url) :]

    return URL.sub(replace, text)
