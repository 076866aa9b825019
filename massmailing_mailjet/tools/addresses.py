"""E-mail addresses out of what people paste and upload."""

import re

# Anything around an @ that is neither white space nor a separator of lists, tables or
# mail headers. Whether it is an address that can be mailed is for others to say.
ADDRESS = re.compile(r"[^\s,;:<>()\[\]\"|=]+@[^\s,;:<>()\[\]\"|=]+")

DOMAIN = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z][a-z0-9-]*", re.I)

BYTE_ORDER_MARKS = {
    b"\xff\xfe": "utf-16",
    b"\xfe\xff": "utf-16",
    b"\xef\xbb\xbf": "utf-8-sig",
}


def find_addresses(text):
    """Return the addresses in a text, as written, each once, in their order."""
    found = (match.strip("'.") for match in ADDRESS.findall(text or ""))
    return list(dict.fromkeys(found))


def decode(data):
    """Return the text of a file, whatever program has written it: spreadsheets mark
    Unicode, or write the old Western encoding, in which every byte is a letter."""
    for mark, encoding in BYTE_ORDER_MARKS.items():
        if data.startswith(mark):
            return data.decode(encoding, "replace")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace")


def find_fault(address):
    """Return what keeps a text from being one e-mail address, as one of ``no_at``,
    ``several_at``, ``no_name``, ``no_domain``, ``spaces`` or ``bad_domain``; None when
    nothing does."""
    name, at, domain = address.rpartition("@")
    if not at:
        return "no_at"
    if "@" in name:
        return "several_at"
    if not name:
        return "no_name"
    if not domain:
        return "no_domain"
    if re.search(r"\s", address):
        return "spaces"
    if not DOMAIN.fullmatch(domain):
        return "bad_domain"
    return None
