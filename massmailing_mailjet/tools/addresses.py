"""What an email address is, and which ones a text contains.

One rule for everything that is pasted, uploaded, typed or stored: what Mailjet and
every mail server on the way take without a doubt. PostgreSQL has the same rule, made of
the same pattern, in ``mailjet.record.sync``.
"""

import json
import re

# Letters of the part before the @. https://www.rfc-editor.org/rfc/rfc5322#section-3.2.3
SIGN = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]"
NAME = rf"{SIGN}+(?:\.{SIGN}+)*"
LABEL_END = r"[A-Za-z0-9-]*[A-Za-z0-9]"
DOMAIN = rf"(?:[A-Za-z0-9](?:{LABEL_END})?\.)+[A-Za-z]{LABEL_END}"
# Regular expressions of Python and of PostgreSQL. The length of the labels of a domain
# is looked at apart, which is five times as fast there.
# https://www.rfc-editor.org/rfc/rfc1035#section-2.3.4
ADDRESS = f"^{NAME}@{DOMAIN}$"
LONG_LABEL = r"[^.]{64}"
MAX_LABEL = 63
MAX_NAME = 64
MAX_ADDRESS = 254
SPACES = " \t\r\n"

IS_NAME, IS_ADDRESS = re.compile(NAME), re.compile(ADDRESS[1:-1])

# What has no shape of its own: zero-width, soft hyphen, direction and byte order marks,
# fillers. https://www.unicode.org/reports/tr44/#Default_Ignorable_Code_Point
INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f"
    "\u202a-\u202e\u2060-\u206f\u2800\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb"
    "\U000e0000-\U000e0fff]"
)
CONTROL = re.compile(r"[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f]")

# What separates the words of a list, a table or a mail header. Beyond ASCII it is
# whatever belongs to no word of any language.
WORD = re.compile(r'[^\s,;:<>()\[\]"|\\]+')
NO_WORD = re.compile(r"[^\x00-\x9f\w\u0300-\u036f]")
AT_SIGNS = str.maketrans("＠﹫", "@@")
# What a domain begins with in a longer word, also where it is none.
DOMAIN_RUN = re.compile(r"[\w.%\u0300-\u036f-]*")
# Signs that may join two addresses, or precede one, and begin no name in practice.
JOINTS = "/&?!=+*#-"
PAIRS = {"'": "'", "`": "`", "*": "*", "_": "_", "~": "~", "{": "}"}
OPENING = "".join(PAIRS)
# As in `?subject=Hello&cc=`, behind which there is another name.
MAILTO_PART = re.compile(r"^.*[?&](?:to|cc|bcc)=(?=[^?&]*$)", re.IGNORECASE)

# One entry of a typed list is made of these.
ENTRY_PART = re.compile(r'"[^"]*"|<[^<>]*>|[^",;<>]+|.')


def is_address(text):
    """Return whether a text is one email address and nothing else."""
    return (
        len(text) <= MAX_ADDRESS
        and IS_ADDRESS.fullmatch(text) is not None
        and text.index("@") <= MAX_NAME
        and not re.search(LONG_LABEL, text.partition("@")[2])
    )


def find_fault(address):
    """Return what keeps a text from being one email address, as one of ``long``,
    ``no_at``, ``several_at``, ``no_name``, ``no_domain``, ``spaces``, ``invisible``,
    ``foreign_domain``, ``foreign_name``, ``long_name``, ``bad_name`` or ``bad_domain``;
    None when nothing does."""
    if is_address(address):
        return None
    if len(address) > MAX_ADDRESS:
        return "long"
    name, at, domain = address.rpartition("@")
    faults = {
        "no_at": not at,
        "several_at": "@" in name,
        "no_name": not name,
        "no_domain": not domain,
        "spaces": re.search(r"\s", address),
        "invisible": INVISIBLE.search(address) or CONTROL.search(address),
        "foreign_domain": not domain.isascii(),
        "foreign_name": not name.isascii(),
        "long_name": len(name) > MAX_NAME,
        "bad_name": not IS_NAME.fullmatch(name),
    }
    return next((fault for fault, holds in faults.items() if holds), "bad_domain")


def clean_address(text):
    """Return a typed address without what people and programs put around it: blanks,
    invisible characters, a name as in ``Sales <sales@example.com>``, ``mailto:``."""
    text = unwrap_address(INVISIBLE.sub("", text or "").strip()).strip()
    return text[7:].strip() if text[:7].lower() == "mailto:" else text


def unwrap_address(text):
    """Return what is in the angle brackets at the end of a text, or the text; of
    ``<ann@example.com>`` the first character may be missing, as Odoo reads it."""
    text = text.strip(SPACES)
    if "<" not in text:
        return text.rstrip(">" + SPACES)
    before, bracket, inner = text[:-1].rpartition("<")
    is_wrapped = text.endswith(">") and bracket and not re.search("[<>]", before)
    return inner.strip(SPACES) if is_wrapped and ">" not in inner else text


def names_address(text, normalized):
    """Return whether the email field of a record names the address that Odoo has made
    of it: as a whole, in angle brackets, or as the first of several. Odoo makes one of
    part of "two words@example.com" and of "a,b@example.com" as well."""
    first, *others = (text or "").translate(ASCII_LOWER).split("<")
    pieces = [re.split("[>,;]", first)[0], *(text.split(">")[0] for text in others)]
    return any(piece.strip(SPACES) == normalized for piece in pieces)


ASCII_LOWER = {code: code + 32 for code in range(ord("A"), ord("Z") + 1)}


def split_entries(text):
    """Return the entries of a typed list, each an address with or without its name:
    separated by commas, semicolons and line breaks, outside of quotation marks."""
    return [entry for line in text.splitlines() for entry in _split_line(line)]


def _split_line(line):
    entries, current = [], []
    for part in (*ENTRY_PART.findall(line), ","):
        if part not in (",", ";"):
            current.append(part)
            continue
        entry = "".join(current).strip()
        # As in "Doe, Jane <jane@example.com>": a name with a comma.
        if entry.endswith(">") and entries and "@" not in entries[-1]:
            entry = f"{entries.pop()}, {entry}"
        if entry:
            entries.append(entry)
        current = []
    return entries


# A condition on records with one of a list of addresses, as JSON: it is read as data,
# however long it is, and is a condition as users write them as well.
LIST_START = '[["email_normalized", "in", ['


def write_condition(addresses):
    """Return the text of the condition on records that have one of the addresses."""
    return json.dumps([["email_normalized", "in", list(addresses)]])


def read_condition(text):
    """Return the addresses of a condition that :func:`write_condition` has written,
    None for any other text."""
    if not text or not text.startswith(LIST_START):
        return None
    try:
        condition = json.loads(text)
    except (ValueError, RecursionError):
        return None
    is_own = len(condition) == 1 and len(condition[0]) == 3
    addresses = condition[0][2] if is_own else [None]
    return addresses if all(isinstance(text, str) for text in addresses) else None


# === ADDRESSES IN A TEXT === #


def read_addresses(text):
    """Return every piece of a text with an @ in it, each once, in their order, as
    ``piece -> address``: in small letters, or None where the piece is none.

    What surrounds an address does not matter, and what is joined by signs that no
    domain has is taken apart, if all of it are addresses. Nothing is made an address by
    leaving letters out.
    """
    text = INVISIBLE.sub("", text or "")
    if not text.isascii():
        text = NO_WORD.sub(" ", text.translate(AT_SIGNS))
    found = {}
    for match in WORD.finditer(text):
        word = match[0]
        if "@" not in word:
            continue
        if is_address(word) and word[0] not in JOINTS + OPENING:
            found[word] = word.lower()
        elif word[0] == "@" and text[match.start() - 1 : match.start()] == '"':
            found[_with_quoted_name(text, match)] = None
        else:
            found.update(_read_word(word))
    return found


def _with_quoted_name(text, match):
    """Return a piece such as ``"ann ash"@example.com``."""
    start = text.rfind('"', max(match.start() - MAX_NAME - 2, 0), match.start() - 1)
    return _show(text[start if start >= 0 else match.start() : match.end()])


def _read_word(word):
    """Return ``piece -> address`` for a word with some @ in it."""
    name, *rests = word.split("@")
    found = {}
    for rest in rests:
        domain = DOMAIN_RUN.match(rest)[0]
        tail = rest[len(domain) :]
        address = _trim(name, domain, tail)
        if not is_address(address):
            return {_show(address if len(rests) == 1 else word): None}
        found[address] = address.lower()
        # Another name, if there is any: behind a sign that no domain has.
        name = tail
    return found


def _trim(name, domain, tail):
    """Return an address without the signs around it."""
    if name[:1] in ("?", "&"):
        name = MAILTO_PART.sub("", name)
    bare = domain.rstrip("._-%")
    after = domain[len(bare) :] + tail
    inner = name.lstrip(OPENING)
    if inner != name and after[:1] == PAIRS[name[-len(inner) - 1]]:
        name = inner
    name = name.lstrip(JOINTS).lstrip(".")
    return f"{name}@{bare}"


def _show(piece):
    """Return a piece as it can be shown and stored."""
    return CONTROL.sub("\N{REPLACEMENT CHARACTER}", piece)
