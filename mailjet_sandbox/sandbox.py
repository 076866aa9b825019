"""The sandbox as an object: store, settings, jobs, log and HTTP server together."""

import tempfile
import threading

from . import seed, server
from .courier import Courier
from .faults import FaultPlan
from .jobs import Worker
from .log import RequestLog
from .settings import SettingsHolder
from .store import Store

DEFAULT_KEY = ("sandbox-public-key", "sandbox-secret-key")


class Sandbox:
    """A running sandbox, for `with` or for start() and stop().

    A test may also leave it unstarted and call `server.Application(sandbox)` within its
    own process: then work() does the jobs, and close() ends it.

    data: folder that keeps the state over a restart; without it nothing is kept.
    keys: (public, secret) pairs that always exist; the first is the master key.
    port: 0 selects a free one.  Raises OSError if the port is in use.
    authority: a file to write the certificate of a new authority to: then the sandbox
    also serves https, on a free port, under a certificate of that authority.
    host: the address to listen on.
    furnished: whether a fresh key starts with senders and templates.
    """

    def __init__(
        self,
        data=None,
        keys=(DEFAULT_KEY,),
        port=0,
        authority=None,
        host=server.HOST,
        furnished=True,
        **settings,
    ):
        self._temporary = None
        if data is None:
            self._temporary = tempfile.TemporaryDirectory(prefix="mailjet_sandbox_")
            data = self._temporary.name
        self.keys = tuple(keys)
        self.furnished = furnished
        self._host, self._port = host, port
        self._authority = authority
        self.store = Store(
            data, [("now", 0, self.now), ("running_word", 1, self._running_word)]
        )
        self.token_secret = self.store.meta("token_secret").encode()
        self.settings = SettingsHolder(self.store, **settings)
        self.log = RequestLog()
        self.faults = FaultPlan()
        self.worker = Worker(self)
        self.courier = Courier(self)
        self.url = self.https_url = None
        self._servers = []
        seed.plant(self)

    def now(self):
        return self.settings.now()

    def _running_word(self, stage):
        return self.settings.current.job_words[stage]

    def reset(self):
        """Back to the initial state: the given keys, their seeded senders, no log."""
        self.faults.clear()
        self.settings.reset()
        self.store.clear()
        seed.plant(self)
        self.log.clear()

    def work(self):
        """Do the jobs that are due by now, for want of a thread that does."""
        self.worker.work()

    def start(self):
        address = server.reached_at(self._host)
        self.url = f"http://{address}:{self._serve(self._port)}"
        if self._authority:
            tls = server.new_tls_context(self._authority)
            self.https_url = f"https://{address}:{self._serve(0, tls)}"
        self.worker.start()
        self.courier.start()
        return self

    def _serve(self, port, tls=None):
        """Start a server in a thread of its own; returns its port."""
        started = server.bind(self, self._host, port, tls)
        thread = threading.Thread(target=started.serve_forever, daemon=True)
        thread.start()
        self._servers.append((started, thread))
        return started.port

    def stop(self):
        self.faults.clear()
        for started, thread in self._servers:
            started.shutdown()
            thread.join()
            started.server_close()
        self.courier.stop()
        self.worker.stop()
        self.close()

    def close(self):
        """Let go of the store; all that is left to do where nothing was started."""
        self.store.close()
        if self._temporary:
            self._temporary.cleanup()

    def __enter__(self):
        return self.start()

    def __exit__(self, *_exception):
        self.stop()
