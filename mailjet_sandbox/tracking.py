"""The links and the image that track what the reader of an email does."""

import html
import re
from urllib.parse import quote

from . import tokens

LINK = re.compile(r"""(<a\b[^>]*?\shref\s*=\s*)(["'])(https?://[^"']+)\2""", re.I)
# A transparent image of one pixel.
PIXEL = bytes.fromhex(
    "47494638396101000100800000000000ffffff21f90401000000002c0000000001000100000202440"
    "13b"
)


def tracked(sandbox, mail):
    """The email's HTML as it is delivered: as far as its campaign is tracked, links
    lead through the sandbox, except for its own, and an image tracks openings."""
    message_id = mail.row["id"]
    click = tokens.url(sandbox, "click", message_id)

    def lead_through(found):
        url = html.unescape(found[3])
        if url in (mail.permalink, mail.unsubscribe):
            return found[0]
        return f"{found[1]}{found[2]}{click}?url={quote(url, safe='')}{found[2]}"

    picture = f'<img src="{tokens.url(sandbox, "open", message_id)}" alt="" width="1">'
    text = LINK.sub(lead_through, mail.html) if mail.row["click_tracked"] else mail.html
    if not mail.row["open_tracked"]:
        return text
    head, end, tail = text.rpartition("</body>")
    return f"{head}{picture}{end}{tail}" if end else text + picture
