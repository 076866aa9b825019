import itertools
import threading
import time

from odoo.tests import tagged

from ..tools import link_checker
from ..tools.link_checker import check_links
from ..tools.link_outcomes import BROKEN, NO_ANSWER, WELL
from .test_link_checker import SlowServerCase

HEAD = b"HTTP/1.1 200 OK\r\n"


def drip():
    """Yield a byte now and then, sooner than any timeout between two of them."""
    yield HEAD
    while True:
        yield b"x"
        time.sleep(0.05)


def headers_without_end():
    yield HEAD
    for number in itertools.count():
        yield b"X-%d: x\r\n" % number
        time.sleep(0.01)


def go_on_without_end():
    while True:
        yield b"HTTP/1.1 100 Continue\r\n\r\n"
        time.sleep(0.001)


def say_nothing():
    time.sleep(30)
    yield b""


def one_long_line():
    yield HEAD + b"X: "
    while True:
        yield b"x" * 10_000


def body_without_end():
    yield HEAD + b"Content-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n\r\n"
    while True:
        yield b"400\r\n" + b"\0" * 1024 + b"\r\n"


def redirect_to_itself():
    yield b"HTTP/1.1 302 Found\r\nLocation: /a\r\nContent-Length: 0\r\n\r\n"


@tagged("post_install", "-at_install")
class TestSlowServers(SlowServerCase):
    """No server keeps a link or a thread longer than its time."""

    def _check(self, urls, seconds):
        """Return the outcomes, how long they took, and the threads that are left."""
        before = set(threading.enumerate())
        start = time.monotonic()
        outcomes = check_links(urls, seconds)
        took = time.monotonic() - start
        left = [
            thread
            for thread in set(threading.enumerate()) - before
            if isinstance(thread, link_checker._Worker)
        ]
        return outcomes, took, left

    def test_the_time_of_a_link_ends_its_connection_and_its_thread(self):
        self.patch(link_checker, "LINK_SECONDS", 0.5)
        for scheme, parts, outcome in (
            ("http", drip, NO_ANSWER),
            ("http", headers_without_end, NO_ANSWER),
            ("http", go_on_without_end, NO_ANSWER),
            ("http", say_nothing, NO_ANSWER),
            ("http", one_long_line, NO_ANSWER),
            ("http", body_without_end, WELL),
            ("http", redirect_to_itself, BROKEN),
            ("https", say_nothing, NO_ANSWER),  # a handshake that never ends
        ):
            with self.subTest(scheme=scheme, server=parts.__name__):
                self._serve(parts)
                url = f"{scheme}://site.odoo.com/a"
                outcomes, took, left = self._check([url], 20)
                self.assertEqual(outcomes, {url: outcome})
                self.assertLess(took, 10)
                self.assertFalse(left)

    def test_nobody_waits_for_slow_links_and_none_stays_open(self):
        server = self._serve(drip)
        urls = [f"http://site.odoo.com/{number}" for number in range(12)]
        outcomes, took, left = self._check(urls, 1)
        self.assertEqual((outcomes, left), ({}, []))
        self.assertLess(took, 6)
        self.assertEqual(server.asked, link_checker.WORKERS)
