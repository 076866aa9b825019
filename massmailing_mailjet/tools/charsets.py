"""The text of an HTML file, whatever charset it was saved in."""

import codecs
import re

# Where the declaration is looked for, in bytes: browsers read 1024, but the heads of
# newsletters are long.
HEAD = 4096
DECLARATION = re.compile(
    r"""(<meta\b[^>]*?charset\s*=\s*["']?\s*|<\?xml[^>]*?encoding\s*=\s*["'])"""
    r"""(?P<charset>[\w.:-]+)""",
    re.IGNORECASE | re.ASCII,
)
BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# Charsets of newsletters, by Python's own names: some of Python's other codecs unpack
# or run in quadratic time.
ALLOWED = {
    *("utf-8", "cp1252", "mac-roman", "koi8-r", "koi8-u", "tis-620", "cp874"),
    *(f"cp125{number}" for number in range(10)),
    *(f"iso8859-{number}" for number in range(2, 17)),
    *("gbk", "gb18030", "big5", "euc_jp", "shift_jis", "iso2022_jp", "euc_kr", "cp949"),
}
# What browsers take some names for. https://encoding.spec.whatwg.org/#names-and-labels
READ_AS = {
    **dict.fromkeys(("iso8859-1", "ascii"), "cp1252"),
    **dict.fromkeys(("utf-16", "utf-16-le", "utf-16-be", "utf-7"), "utf-8"),
    **{"gb2312": "gbk", "iso8859-9": "cp1254", "iso8859-11": "cp874"},
}
STATEFUL = {"iso2022_jp"}  # its bytes are valid UTF-8 that says something else


def decode_html(content):
    """Return the text of an HTML file, its own declaration changed to UTF-8: that is
    how it is kept and sent from now on.

    A byte order mark wins, then UTF-8 where the bytes are UTF-8, since what a file
    declares is often left over from elsewhere; then what it declares; then what
    Windows writes in Western Europe.

    :param bytes content: the file
    :raise ValueError: when no charset makes a text of it
    """
    text = _decode(content)
    if "\0" in text:
        raise ValueError("binary")
    return _declare_utf8(text)


def _decode(content):
    for mark, charset in BYTE_ORDER_MARKS:
        if content.startswith(mark):
            return content.decode(charset)
    for charset in _candidates(content):
        try:
            return content.decode(charset)
        except UnicodeDecodeError:
            continue
    raise ValueError("charset")


def _candidates(content):
    """Return the charsets to try, the likeliest first."""
    match = DECLARATION.search(content[:HEAD].decode("latin-1"))
    declared = match and _lookup(match["charset"])
    if declared in STATEFUL and b"\x1b" in content:
        return [declared]
    return ["utf-8", *([declared] if declared else []), "cp1252"]


def _lookup(label):
    """Return Python's name of a declared charset, None for one that is not allowed."""
    try:
        name = codecs.lookup(label).name
    except LookupError:
        return None
    name = READ_AS.get(name, name)
    return name if name in ALLOWED else None


def _declare_utf8(text):
    """Return the text with the charset that its head declares replaced."""

    def replace(match):
        is_utf8 = match["charset"].lower() in ("utf-8", "utf8")
        return match[0] if is_utf8 else f"{match[1]}utf-8"

    return DECLARATION.sub(replace, text[:HEAD]) + text[HEAD:]
