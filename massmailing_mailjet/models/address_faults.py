"""Why a text is not an email address, with one message per fault."""

import idna

from odoo.tools.translate import LazyTranslate

from ..tools.addresses import find_fault
from ..tools.finding import name_some

_lt = LazyTranslate(__name__)

FAULTS = {
    "long": _lt("“%(text)s” is longer than an address can be."),
    "no_at": _lt("“%(text)s” has no @."),
    "several_at": _lt("“%(text)s” has more than one @."),
    "no_name": _lt("“%(text)s” has nothing before the @."),
    "no_domain": _lt("“%(text)s” has nothing after the @."),
    "spaces": _lt("“%(text)s” contains a space."),
    "invisible": _lt(
        "“%(text)s” contains an invisible character. Type the address again."
    ),
    "foreign_domain": _lt(
        "“%(text)s” has a domain with letters that email does not support."
    ),
    "ascii_domain": _lt(
        "“%(text)s” has a domain with letters that email does not support. Write the "
        "domain as %(domain)s."
    ),
    "foreign_name": _lt(
        "“%(text)s” has letters before the @ that email does not support."
    ),
    "long_name": _lt("“%(text)s” has more than 64 characters before the @."),
    "bad_name": _lt(
        "“%(text)s” has dots or characters before the @ that are not allowed there."
    ),
    "bad_domain": _lt("“%(text)s” does not end like an address, as in example.com."),
}


def explain_fault(env, text, address=None):
    """Return the sentence that says why a text is not an email address, if it is not.

    :param str text: as the user entered it
    :param str address: what was parsed from it; by default the text
    """
    address = text if address is None else address
    fault = find_fault(address)
    if not fault:
        return ""
    domain = _to_ascii(address) if fault == "foreign_domain" else ""
    name = "ascii_domain" if domain else fault
    sentence = env._(FAULTS[name])
    return sentence % {"text": name_some([text]), "domain": domain}


def _to_ascii(address):
    """Return an address's domain in ASCII (IDNA), empty if it has none."""
    try:
        return idna.encode(address.rpartition("@")[2], uts46=True).decode()
    except (idna.IDNAError, UnicodeError):
        return ""
