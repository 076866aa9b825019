import socket
import threading
from contextlib import suppress
from unittest.mock import patch
from urllib.parse import urlsplit

import requests
from urllib3.util import connection

from odoo.tests import BaseCase, tagged
from odoo.tests.common import _super_send

from ..tools import link_checker
from ..tools.link_checker import check_link, check_links
from ..tools.link_outcomes import (
    BAD_CERTIFICATE,
    BROKEN,
    GONE,
    NO_ANSWER,
    NO_HOST,
    REFUSED,
    WELL,
)
from .common import MailjetCase

PUBLIC = "193.0.6.139"
OTHER = "8.8.8.8"
SITE = "https://site.odoo.com"

CONNECT = connection.create_connection


class FakeWeb:
    """The sites that e-mails link to: what their names resolve to, in turn, and what
    they answer. ``asked`` is who was asked for what."""

    def __init__(self):
        self.names = {"site.odoo.com": [PUBLIC]}
        self.pages = {}
        self.asked = []
        self.resolved = []

    def resolve(self, host, _port, **_options):
        self.resolved.append(host)
        addresses = self.names.get(host)
        if isinstance(addresses, Exception):
            raise addresses
        if addresses is None:
            raise socket.gaierror(socket.EAI_NONAME, "unknown")
        return [(None, None, None, "", (address, 0)) for address in addresses]

    def answer(self, request, options):
        host = request.headers["Host"]
        path = urlsplit(request.url).path
        machine = urlsplit(request.url).hostname
        self.asked.append((request.method, host, machine))
        page = self.pages.get((request.method, host + path))
        page = page or self.pages.get(host + path, 404)
        if isinstance(page, Exception):
            raise page
        response = requests.Response()
        response.request = request
        response.url = request.url
        response.status_code = 302 if isinstance(page, str) else page
        if isinstance(page, str):
            response.headers["Location"] = page
        response.raw = NoBody()
        assert options["stream"] and not options["allow_redirects"]
        assert not options["proxies"] and options["timeout"]
        return response


class NoBody:
    """The content of a page, which nobody may read."""

    closed = False

    def stream(self, *_args, **_kwargs):
        raise AssertionError("The content of a page was read.")

    __iter__ = stream

    def release_conn(self):
        pass

    def close(self):
        self.closed = True


class LinkCase(MailjetCase):
    def setUp(self):
        super().setUp()
        type(self).web = FakeWeb()
        patcher = patch.object(socket, "getaddrinfo", self.web.resolve)
        patcher.start()
        self.addCleanup(patcher.stop)

    @classmethod
    def _request_handler(cls, session, request, /, **kwargs):
        # Ours alone names the host itself: the address is a machine's.
        if "Host" in request.headers:
            return cls.web.answer(request, kwargs)
        return super()._request_handler(session, request, **kwargs)


@tagged("post_install", "-at_install")
class TestLinkChecker(LinkCase):
    """Opening links, on a wire of our own."""

    def test_outcomes(self):
        error = requests.exceptions
        for page, outcome in (
            (200, WELL),
            (204, WELL),
            (301, WELL),  # without saying whereto
            (401, WELL),
            (403, WELL),
            (429, WELL),
            (503, WELL),
            (404, GONE),
            (410, GONE),
            (500, BROKEN),
            (502, BROKEN),
            (error.SSLError("certificate"), BAD_CERTIFICATE),
            (error.ConnectTimeout("slow"), NO_ANSWER),
            (error.ReadTimeout("slow"), NO_ANSWER),
            (error.ConnectionError("refused"), NO_ANSWER),
        ):
            self.web.pages["site.odoo.com/a"] = page
            with self.subTest(page):
                self.assertEqual(check_link(f"{SITE}/a"), outcome)

    def test_names(self):
        for addresses, outcome in (
            (None, NO_HOST),
            (socket.gaierror(socket.EAI_AGAIN, "later"), NO_ANSWER),
            (["10.0.0.1"], REFUSED),
            (["127.0.0.1"], REFUSED),
            (["::1"], REFUSED),
            (["::ffff:169.254.169.254"], REFUSED),
            ([PUBLIC, "192.168.1.1"], REFUSED),
            ([], REFUSED),
        ):
            self.web.names["site.odoo.com"] = addresses
            with self.subTest(addresses):
                self.assertEqual(check_link(f"{SITE}/a"), outcome)
                self.assertFalse(self.web.asked)

    def test_the_machine_that_was_judged_is_the_one_that_is_asked(self):
        self.web.pages["site.odoo.com/a"] = 200
        self.assertEqual(check_link(f"{SITE}/a"), WELL)
        self.assertEqual(self.web.asked, [("HEAD", "site.odoo.com", PUBLIC)])
        self.assertEqual(self.web.resolved, ["site.odoo.com"])
        self.web.names["site.odoo.com"] = ["2a00:1450::1"]
        check_link(f"{SITE}/a")
        self.assertEqual(self.web.asked[-1][2], "2a00:1450::1")

    def test_a_server_that_does_not_like_head(self):
        self.web.pages["HEAD", "site.odoo.com/a"] = 405
        self.web.pages["GET", "site.odoo.com/a"] = 200
        self.assertEqual(check_link(f"{SITE}/a"), WELL)
        self.assertEqual([method for method, *_x in self.web.asked], ["HEAD", "GET"])

    def test_redirects_are_judged_one_by_one(self):
        self.web.names.update({"b.odoo.com": [OTHER], "inside.odoo.com": ["10.0.0.1"]})
        self.web.pages["b.odoo.com/end"] = 200
        for location, outcome, asked in (
            ("https://b.odoo.com/end", WELL, 2),
            ("//b.odoo.com/end", WELL, 2),
            ("/b", GONE, 3),
            ("https://b.odoo.com/gone", GONE, 3),
            ("http://127.0.0.1/", REFUSED, 1),
            ("http://[::1]/", REFUSED, 1),
            ("http://localhost/", REFUSED, 1),
            ("https://inside.odoo.com/", REFUSED, 1),
            ("https://b.odoo.com:8080/", WELL, 1),  # not followed
            ("https://b.odoo.com/confirm/7", WELL, 1),  # not followed
            ("file:///etc/passwd", BROKEN, 1),
            ("gopher://b.odoo.com/", BROKEN, 1),
            ("https://[b.odoo.com/", BROKEN, 1),
        ):
            self.web.pages["site.odoo.com/a"] = location
            self.web.asked.clear()
            with self.subTest(location):
                self.assertEqual(check_link(f"{SITE}/a"), outcome)
                self.assertEqual(len(self.web.asked), asked)

    def test_a_circle_of_redirects_ends(self):
        self.web.pages["site.odoo.com/a"] = "/a"
        self.assertEqual(check_link(f"{SITE}/a"), BROKEN)
        self.assertEqual(len(self.web.asked), link_checker.MAX_HOPS)

    def test_what_may_not_be_opened_is_not(self):
        for url in (f"{SITE}/unsubscribe", f"{SITE}/?token=1", "ftp://site.odoo.com/"):
            with self.subTest(url):
                self.assertEqual(check_link(url), WELL)
        self.assertEqual(check_link("http://127.0.0.1/"), REFUSED)
        self.assertFalse(self.web.asked or self.web.resolved)

    def test_several_at_a_time(self):
        urls = [f"{SITE}/{number}" for number in range(12)]
        self.web.pages = {f"site.odoo.com/{number}": 200 for number in range(6)}
        outcomes = check_links(urls, 30)
        self.assertEqual(list(outcomes.values()).count(WELL), 6)
        self.assertEqual(list(outcomes.values()).count(GONE), 6)
        self.assertEqual(check_links([], 30), {})

    def test_nobody_waits_longer_than_the_time(self):
        self.assertEqual(check_links([f"{SITE}/a"], 0), {})

    def test_the_certificate_is_asked_for_the_name(self):
        adapter = link_checker._NamedAdapter("site.odoo.com")
        pool = adapter.poolmanager.connection_from_host(PUBLIC, 443, "https")
        self.assertEqual(pool.assert_hostname, "site.odoo.com")
        self.assertEqual(pool.conn_kw["server_hostname"], "site.odoo.com")


class SlowServer:
    """A server on this machine whose answers are as bad as they can be.

    :param parts: function that yields the bytes of an answer, from the address asked
    """

    def __init__(self, parts):
        self._parts = parts
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port = self._socket.getsockname()[1]
        self.asked = 0
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self):
        with suppress(OSError):
            while True:
                connection, _address = self._socket.accept()
                self.asked += 1
                threading.Thread(
                    target=self._answer, args=(connection,), daemon=True
                ).start()

    def _answer(self, connection):
        with suppress(OSError), connection:
            connection.recv(65_536)
            for part in self._parts():
                connection.sendall(part)

    def close(self):
        self._socket.close()


class SlowServerCase(BaseCase):
    """Servers on this machine, to which the names lead here, where else nothing but
    public ones do."""

    @classmethod
    def _request_handler(cls, session, request, /, **kwargs):
        # Only the machine that the test itself has started is asked.
        return _super_send(session, request, **kwargs)

    def _serve(self, parts):
        server = SlowServer(parts)
        self.addCleanup(server.close)

        def connect_here(_address, *args, **kwargs):
            return CONNECT(("127.0.0.1", server.port), *args, **kwargs)

        self.patch(connection, "create_connection", connect_here)
        self.patch(link_checker, "resolve", lambda _host: "127.0.0.1")
        return server
