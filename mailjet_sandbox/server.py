"""The HTTP server: a threaded werkzeug server, by default on the loopback interface."""

import socket
import ssl

from werkzeug.serving import ThreadedWSGIServer, WSGIRequestHandler
from werkzeug.wrappers import Request

from . import api, control, faults, outbox

HOST = "127.0.0.1"
EVERY_HOST = "0.0.0.0"


class QuietHandler(WSGIRequestHandler):
    # The response is written in two parts; without this the second waits for an ACK.
    disable_nagle_algorithm = True

    def connection_dropped(self, error, environ=None):
        """Expect no other request on a connection that broke."""
        self.close_connection = True

    def log(self, type, message, *args):
        """The request log of the sandbox replaces lines on the terminal."""


class Server(ThreadedWSGIServer):
    def shutdown_request(self, request):
        """Close a connection, with a reset if a fault requires it."""
        if faults.is_to_be_reset(request):
            self.close_request(request)
        else:
            super().shutdown_request(request)


def reached_at(host):
    """The address at which programs on this machine reach a server."""
    return HOST if host == EVERY_HOST else host


def bind(sandbox, host, port, tls=None):
    """A server bound to a port (0 = a free one); OSError if it is in use."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
        listener.listen(128)
        return Server(
            host,
            listener.getsockname()[1],
            Application(sandbox),
            QuietHandler,
            ssl_context=tls,
            fd=listener.fileno(),
        )


def new_tls_context(authority):
    """A TLS context under a certificate of a new authority, whose own certificate is
    written to the file `authority` for the clients to trust."""
    import trustme  # only those who want https need it

    ca = trustme.CA()
    ca.cert_pem.write_to_path(authority)
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    ca.issue_cert(HOST, "localhost").configure_cert(context)
    return context


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
