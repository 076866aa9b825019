"""The HTTP server: a threaded werkzeug server on the loopback interface."""

import socket

from werkzeug.serving import WSGIRequestHandler, make_server
from werkzeug.wrappers import Request

from . import api, control, outbox

HOST = "127.0.0.1"


class QuietHandler(WSGIRequestHandler):
    # The answer leaves in two writes; without this the second waits for an ACK.
    disable_nagle_algorithm = True

    def log(self, type, message, *args):
        """The request log of the sandbox replaces lines on the terminal."""


def bind(sandbox, port):
    """A server bound to a loopback port (0 = a free one); OSError when it is taken."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((HOST, port))
        listener.listen(128)
        return make_server(
            HOST,
            listener.getsockname()[1],
            Application(sandbox),
            threaded=True,
            request_handler=QuietHandler,
            fd=listener.fileno(),
        )


class Application:
    """WSGI: the API, the control namespace, and the outbox for everything else."""

    def __init__(self, sandbox):
        self.sandbox = sandbox
        self.outbox = outbox.Outbox(sandbox)
        self.control = control.Control(sandbox)

    def __call__(self, environ, start_response):
        request = Request(environ)
        if request.path.startswith(("/v1/", "/v3/", "/v3.1/", "/v4/")):
            response = api.respond(self.sandbox, request)
        elif request.path.startswith("/_sandbox/"):
            response = self.control.respond(request)
        else:
            response = self.outbox.respond(request)
        return response(environ, start_response)
