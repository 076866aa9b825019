"""The request log: what came in, what went out, and whether it had an effect.

It is in memory, so that logging never waits for a running import, and drops the oldest
requests.
"""

import itertools
import threading
from collections import deque

KEPT = 10_000
BODY_CHARS = 65_536
UPLOAD_CHARS = 2_048


class RequestLog:
    def __init__(self):
        self._rows = deque(maxlen=KEPT)
        self._ids = itertools.count(1)
        self._lock = threading.Lock()

    def add(self, **row):
        with self._lock:
            self._rows.append({"id": next(self._ids), **row})

    def clear(self):
        with self._lock:
            self._rows.clear()

    def select(self, method=None, path=None, after=0):
        """Rows with an id above `after`, oldest first, by method and a text in the
        path."""
        with self._lock:
            rows = list(self._rows)
        return [
            row
            for row in rows
            if row["id"] > after
            and (method is None or row["method"] == method.upper())
            and (path is None or path in row["path"])
        ]


def headers_for_log(headers):
    """Header names and values, without the credentials."""
    return {
        name: "(redacted)" if name.lower() == "authorization" else value
        for name, value in headers
    }
