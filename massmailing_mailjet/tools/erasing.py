"""Finds addresses within texts and replaces them. Pure functions."""

import json
import re
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
