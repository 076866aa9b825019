"""Opens the links of an email, to find those that lead nowhere: the one place that
talks HTTP to the rest of the world.

Whoever writes a mailing chooses the addresses, so nothing of this server's own network
may be reached through them. A host is resolved once, every address that it has must be
public, and the connection goes to one of these addresses, not to the name: a name that
resolves differently the second time gains nothing. Each redirect is checked again. Only
the head of an answer is read, proxies and passwords of this machine are not used.

A server may answer as slowly as it likes: when the time of a link is over, its
connection is closed, which ends the thread that waits for it.
"""

import socket
import threading
import time
from contextlib import closing, suppress
from queue import Empty, SimpleQueue
from urllib.parse import urljoin, urlsplit, urlunsplit

import requests
from requests.adapters import HTTPAdapter
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool

from .link_outcomes import (
    BAD_CERTIFICATE,
    BROKEN,
    NO_ANSWER,
    NO_HOST,
    REFUSED,
    WELL,
    get_status_outcome,
)
from .web_addresses import classify, is_followable, is_public, parse_ip

TIMEOUT = (4, 6)  # seconds to connect and between two bytes
LINK_SECONDS = 12  # for a link with all its redirects
POLL_SECONDS = 0.1  # between two looks at the time
END_SECONDS = 2  # for the threads to end once their connections are closed
WORKERS = 4  # links opened at the same time
MAX_HOPS = 5
HEADERS = {
    "User-Agent": "Mozilla/5.0 (compatible; link check before a mailing)",
    "Accept": "text/html,*/*;q=0.8",
    "Accept-Encoding": "identity",
}
# Not every system has this code for a name without addresses.
NO_DATA = getattr(socket, "EAI_NODATA", socket.EAI_NONAME)


def check_links(urls, seconds):
    """Return ``{url: outcome}`` of those links that were checked within the time.

    :param urls: links that :func:`~.web_addresses.is_followable` lets be opened
    :param float seconds: how long the caller waits
    """
    work, outcomes = SimpleQueue(), {}
    for url in urls:
        work.put(url)
    deadline = time.monotonic() + seconds
    workers = [
        _Worker(work, outcomes, deadline) for _number in range(min(WORKERS, len(urls)))
    ]
    for worker in workers:
        worker.start()
    try:
        while time.monotonic() < deadline:
            busy = [worker for worker in workers if worker.is_alive()]
            if not busy:
                break
            busy[0].join(POLL_SECONDS)
            for worker in busy:
                worker.cut_overdue()
        return dict(outcomes)
    finally:
        _end(workers)


def _end(workers):
    """Close what is open, and let the threads end."""
    for worker in workers:
        worker.stop()
    last = time.monotonic() + END_SECONDS
    for worker in workers:
        worker.join(max(0, last - time.monotonic()))


class _Worker(threading.Thread):
    """Opens one link after another until it is stopped, or its time is over. A daemon:
    a server that shuts down does not wait for it."""

    def __init__(self, work, outcomes, deadline):
        super().__init__(daemon=True)
        self._work, self._outcomes, self._deadline = work, outcomes, deadline
        self._line = Line()
        self._is_stopped = False

    def run(self):
        while time.monotonic() < self._deadline:
            self._line = Line()
            # Whoever stops this thread cuts the line that is there then.
            if self._is_stopped:
                return
            try:
                url = self._work.get_nowait()
            except Empty:
                return
            outcome = check_link(url, self._line)
            if not self._is_stopped:
                self._outcomes[url] = outcome

    def cut_overdue(self):
        """Close the connection of a link whose time is over."""
        line = self._line
        if time.monotonic() > line.start + LINK_SECONDS:
            line.cut()

    def stop(self):
        """Take no other link, and close the connection of this one."""
        self._is_stopped = True
        self._line.cut()


class Line:
    """The connections of one link, which another thread may cut."""

    def __init__(self):
        self.start = time.monotonic()
        self.is_cut = False
        self._sockets = []
        self._lock = threading.Lock()

    def __enter__(self):
        return self

    def __exit__(self, *exc_info):
        with self._lock:
            while self._sockets:
                self._sockets.pop().close()

    def add(self, connection):
        """Take a connection. It is duplicated, since TLS may replace its socket."""
        with self._lock:
            self._sockets.append(connection.dup())
            if self.is_cut:
                self._shut_down()

    def cut(self):
        """End what is waited for, now and later."""
        with self._lock:
            self.is_cut = True
            self._shut_down()

    def _shut_down(self):
        for connection in self._sockets:
            # The other side may have closed it before.
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)


def check_link(url, line=None):
    """Return the outcome of opening one link, as one of :mod:`.link_outcomes`.

    :param Line line: by which its time can be ended
    """
    with line or Line() as used:
        outcome = _follow(url, used)
        return NO_ANSWER if used.is_cut else outcome


def _follow(url, line):
    """Return the outcome of a link at the end of its redirects."""
    url = f"https:{url}" if url.startswith("//") else url
    for _hop in range(MAX_HOPS):
        if not is_followable(url):
            return REFUSED if classify(url) == "private" else WELL
        outcome, location = _open(url, line)
        if not location or line.is_cut:
            return outcome
        try:
            url = urljoin(url, location)
        except ValueError:
            return BROKEN
        if classify(url) in ("malformed", "unsafe", "other"):
            return BROKEN
    return BROKEN


def _open(url, line):
    """Return ``(outcome, location)`` of one address; the location of a redirect."""
    try:
        address = resolve(urlsplit(url).hostname)
        if not address:
            return REFUSED, None
        status, location = _ask("HEAD", url, address, line)
        if status >= 400:
            # Many servers answer HEAD in a way of their own.
            status, location = _ask("GET", url, address, line)
    except socket.gaierror as error:
        is_unknown = error.errno in (socket.EAI_NONAME, NO_DATA)
        return (NO_HOST if is_unknown else NO_ANSWER), None
    except requests.exceptions.SSLError:
        return BAD_CERTIFICATE, None
    except (requests.exceptions.RequestException, OSError, UnicodeError):
        return NO_ANSWER, None
    if 300 <= status < 400 and location:
        return WELL, location
    return get_status_outcome(status), None


def resolve(host):
    """Return one address of a host; None unless all that it has are public.

    :raise socket.gaierror: when it has none
    """
    found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    addresses = [parse_ip(info[4][0]) for info in found]
    if not addresses or not all(ip and is_public(ip) for ip in addresses):
        return None
    return str(min(addresses, key=lambda ip: ip.version))


def _ask(method, url, address, line):
    """Return the status and the ``Location`` of an answer, without its content.

    :param str address: of the machine that is asked, whatever its name resolves to now
    """
    parts = urlsplit(url)
    host = parts.hostname.encode("idna").decode()
    target = f"[{address}]" if ":" in address else address
    with requests.Session() as session:
        session.trust_env = False
        session.mount("http://", _WatchedAdapter(line))
        session.mount("https://", _NamedAdapter(host, line))
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


class _WatchedAdapter(HTTPAdapter):
    """Hands its connections over to a line, by which they can be cut."""

    def __init__(self, line=None):
        self._line = line or Line()
        super().__init__()

    def init_poolmanager(self, *args, **kwargs):
        result = super().init_poolmanager(*args, **kwargs)
        self.poolmanager.pool_classes_by_scheme = {
            "http": _watched(HTTPConnectionPool, self._line),
            "https": _watched(HTTPSConnectionPool, self._line),
        }
        return result


class _NamedAdapter(_WatchedAdapter):
    """Connects to an address, and asks for the certificate of the name behind it."""

    def __init__(self, host, line=None):
        self._host = host
        super().__init__(line)

    def init_poolmanager(self, *args, **kwargs):
        return super().init_poolmanager(
            *args, server_hostname=self._host, assert_hostname=self._host, **kwargs
        )


def _watched(pool_class, line):
    """Return a class of pools whose connections are handed over to a line."""

    class Connection(pool_class.ConnectionCls):
        def _new_conn(self):
            connection = super()._new_conn()
            line.add(connection)
            return connection

    return type(pool_class.__name__, (pool_class,), {"ConnectionCls": Connection})
