"""Where a link leads, by its address alone; and which addresses of machines
belong to the public internet."""

import ipaddress
import re
from urllib.parse import parse_qsl, unquote, urlsplit

UNSAFE_SCHEMES = {"javascript", "vbscript", "file", "data", "blob", "about"}
# What a slip of the finger makes of http and https.
MISTYPED = re.compile(r"(?!https?$)(?=.{3})h{0,2}t{0,3}p{0,2}s{0,2}")
SCHEME = re.compile(r"([a-z][a-z0-9+.-]*):", re.IGNORECASE)
# Browsers leave these out of an address, wherever they stand.
IGNORED = re.compile(r"[\t\r\n]")

LABEL = re.compile(r"[^\s!\"#$%&'()*+,./:;<=>?@\[\\\]^`{|}~]{1,63}")
PRIVATE_ENDS = ("local", "localhost", "localdomain", "internal", "lan", "home.arpa")
# Names that were set apart for examples. https://www.rfc-editor.org/rfc/rfc2606
RESERVED_ENDS = ("example.com", "example.net", "example.org")
RESERVED_ENDS += ("example", "invalid", "test")

# A variable of ours or of Mailjet's.
PERSONAL = re.compile(r"\[\[|\]\]|\{\{|\$[a-z]+-[a-z0-9_]+(\|[^$]*)?\$|\*\|", re.I)
ONE_TIME_WORDS = re.compile(
    r"unsub|opt-?_?out|optout|abmeld|d[eé]sinscri|d[eé]sabonn|cancel|confirm|verif|"
    r"activat|validat|reset|magic|one-?time|invite|delete|remove|approve|accept|"
    r"logout|log-?out|sign-?out",
    re.IGNORECASE,
)
SECRET_NAMES = re.compile(
    r"token|hash|sig|signature|secret|auth|key|apikey|api_key|code|otp|uuid|guid|"
    r"password|pwd|session|sid|jwt|nonce|ticket|.*_token|.*_key|.*_hash|mj_?\w*",
    re.IGNORECASE,
)
# Letters and digits without a word in them: made for one person or one occasion.
SECRET = re.compile(r"(?=\D*\d)(?=[^a-z]*[a-z])[a-z0-9]{16,}|[a-z0-9_]{32,}", re.I)
UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)

# Ports on which web pages are served.
PORTS = {"http": 80, "https": 443}
# Of IPv6, what carries an address of IPv4 within: who is behind it is not known.
TUNNELS = [ipaddress.ip_network(n) for n in ("64:ff9b::/32", "2002::/16", "2001::/32")]


def classify(url):
    """Return what kind of address a link has: ``personal`` (with a variable in it),
    ``nowhere`` (empty), ``anchor``, ``unsafe``, ``malformed``, ``private``,
    ``reserved``, ``web`` or ``other`` (mail, telephone and the like)."""
    url = IGNORED.sub("", url).strip("\x00\x0b\x0c ")
    if url in ("", "#"):
        return "nowhere"
    if PERSONAL.match(url):
        return "personal"
    scheme = SCHEME.match(url)
    scheme = scheme[1].lower() if scheme else ""
    if scheme in UNSAFE_SCHEMES or len(scheme) == 1:
        return "unsafe"
    if url.startswith("#"):
        return "anchor"
    if MISTYPED.fullmatch(scheme) or not (scheme or url.startswith("//")):
        return "malformed"
    if scheme in ("http", "https", ""):
        return "personal" if PERSONAL.search(url) else _classify_host(get_host(url))
    return "other"


def _classify_host(host):
    if not host or not is_host(host):
        return "malformed"
    if is_private_host(host):
        return "private"
    return "reserved" if _ends_with(host, RESERVED_ENDS) else "web"


def get_host(url):
    """Return the host's name in lower case; empty where there is none."""
    try:
        parts = urlsplit(url)
        _port = parts.port
        return (parts.hostname or "").rstrip(".")
    except ValueError:
        return ""


def is_host(host):
    """Return whether a text can be the name or the address of a machine."""
    if parse_ip(host):
        return True
    return len(host) <= 253 and all(map(LABEL.fullmatch, host.split(".")))


def is_private_host(host):
    """Return whether only machines of one's own network know this host."""
    ip = parse_ip(host)
    if ip:
        return not is_public(ip)
    return "." not in host or _ends_with(host, PRIVATE_ENDS)


def _ends_with(host, ends):
    return any(host == end or host.endswith(f".{end}") for end in ends)


def parse_ip(text):
    """Return the address that a text is, or None."""
    try:
        return ipaddress.ip_address(text)
    except ValueError:
        return None


def is_public(ip):
    """Return whether an address belongs to one machine of the public internet: not to
    this machine, its network, a group of machines or nobody, however it is written."""
    mapped = getattr(ip, "ipv4_mapped", None)
    if mapped:
        return is_public(mapped)
    if getattr(ip, "scope_id", None) or getattr(ip, "is_site_local", False):
        return False
    if ip.version == 6 and any(ip in tunnel for tunnel in TUNNELS):
        return False
    return ip.is_global and not (ip.is_multicast or ip.is_reserved)


def is_followable(url):
    """Return whether a machine may open a link without doing anything in the name of
    a person: a public web page, with nothing in its address that is made for one
    recipient or one occasion."""
    if classify(url) != "web":
        return False
    parts = urlsplit(url)
    if parts.username or parts.port not in (None, PORTS[parts.scheme or "http"]):
        return False
    if ONE_TIME_WORDS.search(unquote(f"{parts.path}?{parts.query}#{parts.fragment}")):
        return False
    pairs = parse_qsl(parts.query, keep_blank_values=True)
    pieces = [*parts.path.split("/"), *(value for _name, value in pairs)]
    return not (
        any(SECRET_NAMES.fullmatch(name) for name, _value in pairs)
        or any(map(_is_secret, pieces))
    )


def _is_secret(piece):
    parts = re.split(r"[-.~=:]", piece)
    return bool(UUID.search(piece)) or any(map(SECRET.fullmatch, parts))
