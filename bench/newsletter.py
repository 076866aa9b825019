"""Reading a large newsletter: what is in the email, and its plain text.

Each input is read in a process of its own, whose memory is its alone.
"""

import importlib
import multiprocessing
import resource
import time
from collections.abc import Callable
from pathlib import Path

from .table import Table, format_seconds

CHECKOUT = Path(__file__).resolve().parent.parent
TOOLS = "odoo.addons.massmailing_mailjet.tools"
SECONDS, BYTES_A_BYTE = 2, 10
# How an email's HTML is read: modules and functions of `TOOLS`.
READERS = {
    "What is in it": ("email_reader", "read_email"),
    "Plain text": ("plain_text", "html_to_text"),
}

ARTICLE = """
<table role="presentation" width="600" style="background:#fff"><tr>
<td style="color:#333">
<h2>What is new in no. {number}</h2><!--[if mso]><p>Outlook</p><![endif]-->
<p>Dear reader, here is <b>the news</b> of &eacute;t&eacute; {number} &amp; more.</p>
<a href="https://www.example.com/news/{number}?utm_source=letter&amp;n={number}">
<img src="https://www.example.com/images/{number}.png" alt="Picture {number}"
width="280">
Read on</a></td></tr></table>
"""
PAGE = "<!DOCTYPE html><html><head><title>News</title></head><body>{}</body></html>"


def make_inputs(size: int) -> dict[str, str]:
    """Texts of about so many bytes: a newsletter, and what would be slow to read."""

    def fill(piece):
        return piece * (size // len(piece))

    articles = range(size // len(ARTICLE.format(number=100_000)))
    return {
        "Newsletter": PAGE.format(
            "".join(ARTICLE.format(number=100_000 + number) for number in articles)
        ),
        "One long text": PAGE.format(fill("words and more words ")),
        "Elements within each other": fill("<div>"),
        "Signs of a tag": fill("<"),
        "Unfinished tags": fill("<a href='"),
        "Unfinished comments": fill("<!-- "),
        "Entities": fill("&amp"),
        "Brackets": fill("["),
        "Attributes": f"<p {fill('a=b ')}>",
        "Style": f"<p style='{fill('color:red;url(a ')}'>",
    }


def run(size: int):
    """Print the table for inputs of so many bytes."""
    for title, (module, function) in READERS.items():
        table = Table(f"{title}: of {size / 1e6:g} MB")
        read = _import(module, function)
        for name, text in make_inputs(size).items():
            seconds, growth = measure(read, text)
            per_byte = growth / len(text)
            table.add(name, f"{format_seconds(seconds)}, {per_byte:.1f} b/b")
            met = seconds <= SECONDS and per_byte <= BYTES_A_BYTE
            table.add_target(name, met, f"≤ {SECONDS} s, ≤ {BYTES_A_BYTE} bytes a byte")


def measure(read: Callable, text: str) -> tuple[float, int]:
    """Read a text in a process of its own; answers seconds, and bytes of memory."""
    context = multiprocessing.get_context("fork")
    receiving, sending = context.Pipe(duplex=False)
    process = context.Process(target=_read, args=(read, text, sending))
    process.start()
    sending.close()
    try:
        return receiving.recv()
    except EOFError:
        return float("inf"), 0
    finally:
        process.join()


def _read(read, text, sending):
    before = _peak()
    start = time.perf_counter()
    read(text)
    sending.send((time.perf_counter() - start, _peak() - before))


def _peak() -> int:
    """Return the most memory that this process has taken, in bytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def _import(module: str, function: str) -> Callable:
    import odoo.addons  # only here: what else is here needs no Odoo

    if str(CHECKOUT) not in odoo.addons.__path__:
        odoo.addons.__path__.append(str(CHECKOUT))
    return getattr(importlib.import_module(f"{TOOLS}.{module}"), function)
