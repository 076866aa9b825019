"""Finds addresses and names within texts. Pure functions."""

import json
import re
from html import escape
from urllib.parse import quote

# What replaces an erased address within a longer text.
ERASED = "[erased]"


def written_forms(email):
    """Return how an address may be written within a link, an HTML text or JSON."""
    in_json = json.dumps(email, ensure_ascii=False)[1:-1]
    return {email, quote(email), quote(email, safe=""), in_json}


def compile_addresses(emails):
    """Return the pattern of the addresses, but not within longer ones."""
    forms = "|".join(
        re.escape(form) for email in emails for form in written_forms(email)
    )
    return re.compile(rf"(?<![\w.+-])(?:{forms})(?![\w-])", re.IGNORECASE)


def compile_names(names):
    """Return the pattern of names of people, as text or in HTML."""
    forms = {form for name in names for form in (name, escape(name, quote=False))}
    longest = sorted(forms, key=len, reverse=True)
    return re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, longest))})(?!\w)")
