"""Network faults: what a test plans to go wrong between Mailjet and its client.

A fault is planned through `POST /_sandbox/faults`, one object or a list of them:

method, path    of the affected requests; the path is a regular expression
kind            what the client sees, see KINDS
when            "before" the request has its effect, or "after" it (the default): a lost
                answer.  "late" takes effect after the client has waited in vain.
count           how many requests fail, by default 1; 0 for any number
skip            how many matching requests pass before it
probability     that a matching request fails, by default 1
seed            of that probability, so that every run is the same
seconds         how long "hang" and "slow" take
status, body,   the answer of the kind "given"
content_type
"""

import random
import re
import socket
import struct
import threading
from dataclasses import asdict, dataclass, field

from werkzeug.wrappers import Response

from . import errors

# What the client sees of a fault: no answer, or not the answer to its request.
KINDS = (
    "reset",  # the connection breaks
    "hang",  # nothing comes for some seconds, or until faults are forgotten
    "slow",  # the right answer, some seconds later
    "429",  # HTML without Retry-After
    "500",  # JSON with an ErrorIdentifier
    "502",  # HTML, like the next two
    "503",
    "504",
    "truncated",  # half of the right answer
    "html",  # 200 with a page
    "login",  # a redirection to a page, by something between the two
    "given",  # what the plan says, for answers that no rule of the sandbox gives
)
WHENS = ("before", "after", "late")
PHRASES = {
    "429": "Too Many Requests",
    "502": "Bad Gateway",
    "503": "Service Unavailable",
    "504": "Gateway Timeout",
}
# Close with a reset instead of a shutdown.
NO_LINGER = struct.pack("ii", 1, 0)


@dataclass
class Fault:
    """A planned fault; `seen` and `hits` count the requests that it matched and those
    that failed, `waiting` those that are hanging now."""

    kind: str
    method: str = ""
    path: str = ""
    when: str = "after"
    count: int = 1
    skip: int = 0
    probability: float = 1.0
    seed: int = 0
    seconds: float = 600.0
    status: int = 200
    body: str = ""
    content_type: str = "application/json"
    seen: int = field(default=0, init=False)
    hits: int = field(default=0, init=False)
    waiting: int = field(default=0, init=False)

    def __post_init__(self):
        if self.kind not in KINDS or self.when not in WHENS:
            raise ValueError(f"no such fault: {self.kind} {self.when}")
        self._path = re.compile(self.path)
        self._chance = random.Random(self.seed)
        self._released = threading.Event()

    def befalls(self, method, path):
        """Whether this request is to fail: it matches, and the fault is due."""
        if self.method not in ("", method) or not self._path.search(path):
            return False
        self.seen += 1
        if self.seen <= self.skip or (self.count and self.hits >= self.count):
            return False
        if self._chance.random() >= self.probability:
            return False
        self.hits += 1
        return True

    def wait(self):
        """Delay the request, for kinds that take time."""
        if self.kind in ("hang", "slow"):
            self.waiting += 1
            self._released.wait(self.seconds)
            self.waiting -= 1
            if not self.waiting:
                self._released.clear()

    def release(self):
        """Let the requests that are hanging now continue."""
        if self.waiting:
            self._released.set()

    def answer(self, request, response):
        """What is sent instead of the right response.

        :raise ConnectionResetError, TimeoutError: when nothing goes out
        """
        if self.kind == "slow":
            return response
        if self.kind in ("reset", "hang"):
            _break(request)
            raise ConnectionResetError if self.kind == "reset" else TimeoutError
        if self.kind == "given":
            return Response(self.body, self.status, content_type=self.content_type)
        if self.kind == "500":
            error = errors.server_failure()
            status = f"{error.status} {error.reason}"
            return Response(error.body, status, content_type=error.content_type)
        if self.kind == "truncated":
            body = response.get_data()
            response.set_data(body[: len(body) // 2] or b'{ "Count"')
            return response
        if self.kind == "login":
            location = f"{request.host_url}login"
            return Response("", "302 Found", headers={"Location": location})
        phrase = PHRASES.get(self.kind, "Maintenance")
        status = f"{self.kind} {phrase}" if self.kind in PHRASES else "200 OK"
        page = f"<html><body><h1>{phrase}</h1></body></html>"
        return Response(page, status, content_type="text/html")


class FaultPlan:
    """The planned faults, shared by all requests."""

    def __init__(self):
        self._faults = []
        self._lock = threading.Lock()

    def add(self, *plans):
        """Plan faults; each is a dict.

        :raise ValueError: naming what is unknown in a plan
        """
        try:
            faults = [Fault(**plan) for plan in plans]
        except (TypeError, re.error) as error:
            raise ValueError(str(error)) from None
        with self._lock:
            self._faults += faults

    def take(self, method, path):
        """The first fault that affects a request, or None."""
        with self._lock:
            return next((f for f in self._faults if f.befalls(method, path)), None)

    def rows(self):
        """The planned faults with their counts."""
        return [asdict(fault) for fault in self._faults]

    def release(self):
        """Let the requests that are hanging now continue."""
        for fault in self._faults:
            fault.release()

    def clear(self):
        """Delete all faults; hanging requests continue."""
        with self._lock:
            faults, self._faults = self._faults, []
        for fault in faults:
            fault.release()


def _break(request):
    """Let the connection under a request end with a reset; a call from within the
    process has none."""
    connection = request.environ.get("werkzeug.socket")
    if connection is not None:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, NO_LINGER)


def is_to_be_reset(connection):
    """Whether a fault requires this connection to end with a reset."""
    linger = connection.getsockopt(socket.SOL_SOCKET, socket.SO_LINGER, len(NO_LINGER))
    return linger == NO_LINGER
