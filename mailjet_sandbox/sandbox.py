"""The sandbox as an object: store, settings, jobs, log and HTTP server together."""

import tempfile
import threading

from . import seed, server
from .courier import Courier
from .jobs import Worker
from .log import RequestLog
from .settings import SettingsHolder
from .store import Store

DEFAULT_KEY = ("sandbox-public-key", "sandbox-secret-key")


class Sandbox:
    """A running sandbox, for `with` or for start() and stop().

    data: folder that keeps the state over a restart; without it nothing is kept.
    keys: (public, secret) pairs that always exist; the first is the master key.
    port: 0 takes a free one.  Raises OSError when the port is taken.
    """

    def __init__(self, data=None, keys=(DEFAULT_KEY,), port=0, **settings):
        self._temporary = None
        if data is None:
            self._temporary = tempfile.TemporaryDirectory(prefix="mailjet_sandbox_")
            data = self._temporary.name
        self.keys = tuple(keys)
        self._port = port
        self.store = Store(
            data, [("now", 0, self.now), ("running_word", 1, self._running_word)]
        )
        self.token_secret = self.store.meta("token_secret").encode()
        self.settings = SettingsHolder(self.store, **settings)
        self.log = RequestLog()
        self.worker = Worker(self)
        self.courier = Courier(self)
        self.url = None
        seed.plant(self)

    def now(self):
        return self.settings.now()

    def _running_word(self, stage):
        return self.settings.current.job_words[stage]

    def reset(self):
        """Back to the first day: the given keys, their seeded senders, no log."""
        self.settings.reset()
        self.store.clear()
        seed.plant(self)
        self.log.clear()

    def start(self):
        self._server = server.bind(self, self._port)
        self.url = f"http://127.0.0.1:{self._server.port}"
        self.worker.start()
        self.courier.start()
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        self._thread.start()
        return self

    def stop(self):
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()
        self.courier.stop()
        self.worker.stop()
        self.store.close()
        if self._temporary:
            self._temporary.cleanup()

    def __enter__(self):
        return self.start()

    def __exit__(self, *_exception):
        self.stop()
