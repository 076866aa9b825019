"""An email's HTML of 5 MB on its way: what is read in it, and what is changed.

Each input is taken in a process of its own, whose memory is its alone. Of the inputs
that are made to be slow, only those that miss the target are named.
"""

import ctypes
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
FRAME = "<table class='o_layout'><tr><td class='o_mail_wrapper_td'>{}</td></tr></table>"
LINKS = {
    "online_text": "See online",
    "unsubscribe_text": "Unsubscribe",
    "unsubscribe_url": "[[UNSUB_LINK_EN]]",
}
# Pieces that are repeated, by what they try.
REPEATED = {
    "Elements within each other": ("<div>", "<b>", "<svg><math>", "<template>"),
    "Elements that end each other": ("<p>", "<li>", "<a href=x>", "<select>"),
    "Elements of nothing": ("<b></b>", "<br>", "<p>x", "</p>"),
    "Crossed formats": ("<i><b></i>", "<b><p>", "<a><div>", "<b><p>x</b>"),
    "Misplaced in tables": ("<table><b>", "<td>", "<table><tr><td>", "<tr><p>"),
    "Unfinished": ("<", "<a href='", "<!-- ", "<![CDATA[", "<title>", "</", "&#"),
    "Comments": ("<!-->", "<!--[if mso]>", "<!--[if mso]>x<![endif]-->", "<!>"),
    "Style sheets": ("<style>", "<style></style>", "<style>@import url(a"),
    "References": ("&amp", "&amp;", "&#x;", "&#0;", "&shy;"),
    "Signs": ("\0", "\r", "[", "$", " \n", "\u200b", "é", "😀"),
    "Variables": ("$contacts-firstname$ ", "$a-b|", "[[data:", "{{", "%24"),
}


def make_inputs(size: int, most_tags: int) -> dict[str, str]:
    """Texts of about so many bytes, and of no more tags than an email may have: a
    newsletter, and what would be slow to read."""

    def limit(piece):
        tags = piece.count("<")
        number = size // len(piece.encode())
        return min(number, most_tags // tags) if tags else number

    def fill(piece, other_tags=0):
        return piece * (limit(piece) - other_tags)

    def count(piece):
        first = 100_000
        numbers = range(first, first + limit(piece.format(first)))
        return "".join(map(piece.format, numbers))

    articles = range(size // len(ARTICLE.format(number=100_000)))
    newsletter = "".join(ARTICLE.format(number=100_000 + at) for at in articles)
    return {
        "Newsletter": PAGE.format(newsletter),
        "Newsletter with emoji": PAGE.format(newsletter[:-50] + "\N{PARTY POPPER}"),
        "One long text": PAGE.format(fill("words and more words ")),
        "Attributes": f"<p {fill('a=b ')}>",
        "Attributes of many names": f"<p {count('a{:06}=b ')}>",
        "Elements of many names": count("<a{:06}>"),
        "One long attribute": f"<a href='{fill('x')}'>x</a>",
        "One long address": f"<a href='https://a.example/{fill('?#')}'>x</a>",
        "Frame of Odoo's editor": FRAME.format(
            fill("<p style='color:red'>x</p>", FRAME.count("<"))
        ),
        "Style": f"<p style='{fill('color:red;url(a ')}'>",
        **{
            f"{kind}: {piece!r}": fill(piece)
            for kind, pieces in REPEATED.items()
            for piece in pieces
        },
    }


def get_steps() -> dict[str, Callable]:
    """Return what is done with an email's HTML, by what it is for."""
    personalization = _import("personalization")
    known = {_import("variables").Variable("contacts", "firstname"): "reader"}
    email_html, utm = _import("email_html"), _import("utm")
    checks = _import("checks_email")
    return {
        "What is in it": _import("email_reader").read_email,
        "Plain text": _import("plain_text").html_to_text,
        "Links of Odoo's blocks": lambda html: email_html.translate_links(
            html, "[[U]]"
        ),
        "Addresses of this site": lambda html: _import("links").complete_addresses(
            html, "https://odoo.example.com"
        ),
        "The two links": lambda html: email_html.complete_links(html, **LINKS),
        "Color around Odoo's frame": _import("email_frame").find_layout_color,
        "Color behind all of it": _import("email_background").find_background,
        "Repairs of Odoo's editor": _import("editor_repairs").repair_editor_html,
        "Lines of Odoo's samples": lambda html: sum(
            map(bool, _import("stock_content").read_lines(html))
        ),
        "Preview text": lambda html: email_html.add_preview(html, "Look inside"),
        "UTM": lambda html: utm.add_utm_to_html(html, {"utm_source": "news"}),
        "Variables": lambda html: personalization.html_to_mailjet(html, known),
        "Inline images": lambda html: _import("inline_images").replace_inline_images(
            html, lambda mimetype, content: "https://odoo.example.com/image"
        ),
        "Style sheets": _import("style_sheets").find_missing_styles,
        "Visual editor": _import("visual_html").to_visual,
        "Check of its template": lambda html: list(checks.check_leftovers(html)),
        "Check of its blocks": lambda html: list(checks.check_body(html, False, True)),
    }


def run(size: int):
    """Print the table for inputs of so many bytes."""
    inputs = make_inputs(size, _import("html_limits").MAX_TAGS)
    for title, step in get_steps().items():
        table = Table(f"{title}: of {size / 1e6:g} MB")
        met = 0
        for name, text in inputs.items():
            seconds, growth = measure(step, text)
            per_byte = growth / len(text.encode())
            is_met = seconds <= SECONDS and per_byte <= BYTES_A_BYTE
            met += is_met
            if name.startswith("Newsletter") or not is_met:
                verdict = "met" if is_met else "NOT met"
                figure = f"{format_seconds(seconds)}, {per_byte:.1f} b/b {verdict}"
                table.add(name, figure)
        table.add(
            f"  target (≤ {SECONDS} s, ≤ {BYTES_A_BYTE} bytes a byte)",
            f"{met} of {len(inputs)} met",
        )


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
    # Memory that was freed before would be taken again, and not be seen.
    ctypes.CDLL(None).malloc_trim(0)
    filled = _get_size()
    peak = _peak()
    start = time.perf_counter()
    read(text)
    seconds, grown = time.perf_counter() - start, _peak()
    sending.send((seconds, max(grown - peak and grown - filled, 0)))


def _get_size() -> int:
    """Return the memory that this process has now, in bytes."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * resource.getpagesize()


def _peak() -> int:
    """Return the most memory that this process has taken, in bytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def _import(module: str):
    import odoo.addons  # only here: what else is here needs no Odoo

    if str(CHECKOUT) not in odoo.addons.__path__:
        odoo.addons.__path__.append(str(CHECKOUT))
    return importlib.import_module(f"{TOOLS}.{module}")
