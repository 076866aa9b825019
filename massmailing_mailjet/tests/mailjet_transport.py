"""The way from ``requests`` to the sandbox, within the process."""

import io
from urllib.parse import urlsplit

import requests
from requests.adapters import HTTPAdapter
from urllib3 import HTTPResponse
from werkzeug.test import EnvironBuilder

# Odoo's tests replace it by one that asks their classes.
_send = requests.Session.send


class Transport(HTTPAdapter):
    """Answers the requests of a session by a WSGI application, without a socket.

    :param respond: takes an environment, and returns body, status and headers
    """

    def __init__(self, respond):
        super().__init__()
        self._respond = respond

    def carry(self, session, request, **options):
        """Let a session send a request through this transport."""
        parts = urlsplit(request.url)
        session.mount(f"{parts.scheme}://{parts.netloc}", self)
        return _send(session, request, **options)

    def send(self, request, **_options):
        parts = urlsplit(request.url)
        builder = EnvironBuilder(
            path=parts.path,
            query_string=parts.query,
            base_url=f"{parts.scheme}://{parts.netloc}",
            method=request.method,
            headers=dict(request.headers),
            data=request.body,
        )
        try:
            body, status, headers = self._respond(builder.get_environ())
        except TimeoutError as error:
            raise requests.exceptions.ReadTimeout(request=request) from error
        except ConnectionError as error:
            raise requests.exceptions.ConnectionError(request=request) from error
        code, _space, reason = status.partition(" ")
        answer = HTTPResponse(
            body=io.BytesIO(b"".join(body)),
            headers=list(headers),
            status=int(code),
            reason=reason,
            preload_content=False,
        )
        return self.build_response(request, answer)
