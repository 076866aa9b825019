"""The links and the picture by which an e-mail tells what its reader does."""

import html
import re
from urllib.parse import quote

from . import tokens

LINK = re.compile(r"""(<a\b[^>]*?\shref\s*=\s*)(["'])(https?://[^"']+)\2""", re.I)
# A transparent picture of one pixel.
PIXEL = bytes.fromhex(
    "47494638396101000100800000000000ffffff21f90401000000002c0000000001000100000202440"
    "13b"
)


def tracked(sandbox, mail):
    """The e-mail's HTML as it is delivered: links lead through the sandbox, but for its
    own, and a picture tells that it was opened."""
    message_id = mail.row["id"]
    click = tokens.url(sandbox, "click", message_id)

    def lead_through(found):
        url = html.unescape(found[3])
        if url in (mail.permalink, mail.unsubscribe):
            return found[0]
        return f"{found[1]}{found[2]}{click}?url={quote(url, safe='')}{found[2]}"

    picture = f'<img src="{tokens.url(sandbox, "open", message_id)}" alt="" width="1">'
    text = LINK.sub(lead_through, mail.html)
    head, end, tail = text.rpartition("</body>")
    return f"{head}{picture}{end}{tail}" if end else text + picture
