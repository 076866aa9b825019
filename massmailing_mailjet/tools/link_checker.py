"""Opens the links of an e-mail, to find those that lead nowhere: the one place that
talks HTTP to the rest of the world.

Whoever writes a mailing chooses the addresses, so nothing of this server's own network
may be reached through them. A host is resolved once, every address that it has must be
public, and the connection goes to one of these addresses, not to the name: a name that
answers differently the second time gains nothing. Each redirect is judged anew. Only
the head of an answer is read, proxies and passwords of this machine are not used.
"""

import socket
import threading
import time
from contextlib import closing
from queue import Empty, SimpleQueue
from urllib.parse import urljoin, urlsplit, urlunsplit

import requests
from requests.adapters import HTTPAdapter

from .web_addresses import classify, is_followable, is_public, parse_ip

# Outcomes of a check. One that may be different for a person counts as well.
WELL = "well"
# The page is not there, or its server has no such name, or cannot serve it.
GONE = "gone"
NO_HOST = "no_host"
BROKEN = "broken"
BAD_CERTIFICATE = "bad_certificate"
# Nobody answers within the time.
NO_ANSWER = "no_answer"
# Leads to a machine that is not on the public internet.
REFUSED = "refused"

OUTCOMES = (WELL, GONE, NO_HOST, BROKEN, BAD_CERTIFICATE, NO_ANSWER, REFUSED)

TIMEOUT = (4, 6)  # seconds to connect and between two bytes
WORKERS = 4  # links opened at the same time
MAX_HOPS = 5
HEADERS = {
    "User-Agent": "Mozilla/5.0 (compatible; link check before a mailing)",
    "Accept": "text/html,*/*;q=0.8",
    "Accept-Encoding": "identity",
}


def check_links(urls, seconds):
    """Return ``{url: outcome}`` of those links that were checked within the time.

    :param urls: links that :func:`~.web_addresses.is_followable` lets be opened
    :param float seconds: how long the caller waits
    """
    work, outcomes = SimpleQueue(), {}
    for url in urls:
        work.put(url)
    deadline = time.monotonic() + seconds
    # Daemons: a server that is being ended does not wait for a slow page.
    threads = [
        threading.Thread(target=_work, args=(work, outcomes, deadline), daemon=True)
        for _number in range(min(WORKERS, len(urls)))
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(max(0, deadline - time.monotonic()))
    return dict(outcomes)


def _work(work, outcomes, deadline):
    while time.monotonic() < deadline:
        try:
            url = work.get_nowait()
        except Empty:
            return
        outcomes[url] = check_link(url)


def check_link(url):
    """Return the outcome of opening one link, as one of the constants above."""
    url = f"https:{url}" if url.startswith("//") else url
    for _hop in range(MAX_HOPS):
        if not is_followable(url):
            return REFUSED if classify(url) == "private" else WELL
        outcome, location = _open(url)
        if not location:
            return outcome
        try:
            url = urljoin(url, location)
        except ValueError:
            return BROKEN
        if classify(url) in ("malformed", "unsafe", "other"):
            return BROKEN
    return BROKEN


def _open(url):
    """Return ``(outcome, location)`` of one address; the location of a redirect."""
    try:
        address = resolve(urlsplit(url).hostname)
        if not address:
            return REFUSED, None
        status, location = _ask("HEAD", url, address)
        if status >= 400:
            # Many servers answer HEAD in a way of their own.
            status, location = _ask("GET", url, address)
    except socket.gaierror as error:
        is_unknown = error.errno in (socket.EAI_NONAME, NO_DATA)
        return (NO_HOST if is_unknown else NO_ANSWER), None
    except requests.exceptions.SSLError:
        return BAD_CERTIFICATE, None
    except (requests.exceptions.RequestException, OSError, UnicodeError):
        return NO_ANSWER, None
    if 300 <= status < 400 and location:
        return WELL, location
    return _judge(status), None


# Not every system has this word for a name without addresses.
NO_DATA = getattr(socket, "EAI_NODATA", socket.EAI_NONAME)


def _judge(status):
    """Return the outcome of an HTTP status. A page that wants a password, a browser or
    less haste may well open for a person."""
    if status in (404, 410):
        return GONE
    return BROKEN if status >= 500 and status != 503 else WELL


def resolve(host):
    """Return one address of a host; None unless all that it has are public.

    :raise socket.gaierror: when it has none
    """
    found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    addresses = [parse_ip(info[4][0]) for info in found]
    if not addresses or not all(ip and is_public(ip) for ip in addresses):
        return None
    return str(min(addresses, key=lambda ip: ip.version))


def _ask(method, url, address):
    """Return the status and the ``Location`` of an answer, without its content.

    :param str address: of the machine that is asked, whatever its name says by now
    """
    parts = urlsplit(url)
    host = parts.hostname.encode("idna").decode()
    target = f"[{address}]" if ":" in address else address
    with requests.Session() as session:
        session.trust_env = False
        session.mount("https://", _NamedAdapter(host))
        with closing(
            session.request(
                method,
                urlunsplit(parts._replace(netloc=target, fragment="")),
                headers={**HEADERS, "Host": host},
                timeout=TIMEOUT,
                allow_redirects=False,
                stream=True,
            )
        ) as answer:
            return answer.status_code, answer.headers.get("Location")


class _NamedAdapter(HTTPAdapter):
    """Connects to an address, and asks for the certificate of the name behind it."""

    def __init__(self, host):
        self._host = host
        super().__init__()

    def init_poolmanager(self, *args, **kwargs):
        return super().init_poolmanager(
            *args, server_hostname=self._host, assert_hostname=self._host, **kwargs
        )
