"""From an HTTP request to a handler of the API and back: body, key, route, log."""

import hmac
import logging
import tempfile
import time
import uuid
from pathlib import Path

from werkzeug.wrappers import Response

from . import errors, log, resources, routing
from .routing import Answer, Call
from .store import fetch

_logger = logging.getLogger(__name__)
resources.load()


def respond(sandbox, request):
    """The werkzeug Response of one API request, which is also logged."""
    started = time.time()
    call = Call(
        sandbox=sandbox,
        db=None,
        key=None,
        ids=[],
        args={name.lower(): value for name, value in request.args.items()},
    )
    head, length = _read_body(sandbox, request, call)
    fault = sandbox.faults.take(request.method, request.path)
    if fault and fault.when != "after":
        fault.wait()
    if fault and fault.when == "before":
        call.effect, answer = False, Answer()
    else:
        answer = _answer(sandbox, request, call)
    if call.upload:
        call.upload.unlink(missing_ok=True)
    effect = call.effect
    if effect is None:
        effect = request.method != "GET" and 200 <= answer.status < 300
    sandbox.log.add(
        time=started,
        method=request.method,
        path=request.path,
        query=request.query_string.decode("latin-1"),
        headers=log.headers_for_log(request.headers),
        body=head.decode("utf-8", "replace"),
        body_length=length,
        status=answer.status,
        effect=effect,
        fault=f"{fault.kind} {fault.when}" if fault else None,
    )
    response = _response(answer, call.gateway)
    if fault is None:
        return response
    if fault.when == "after":
        fault.wait()
    return fault.answer(request, response)


def _read_body(sandbox, request, call):
    """Fill `call.raw` or `call.upload`; returns what the log keeps and the length."""
    if not request.path.lower().startswith("/v3/data/"):
        call.raw = request.get_data(cache=False)
        return call.raw[: log.BODY_CHARS], len(call.raw)
    head, length = b"", 0
    with tempfile.NamedTemporaryFile(dir=sandbox.store.folder, delete=False) as file:
        while chunk := request.stream.read(1 << 20):
            head = head or chunk[: log.UPLOAD_CHARS]
            length += len(chunk)
            file.write(chunk)
    call.upload = Path(file.name)
    return head, length


def _answer(sandbox, request, call):
    """The answer of a handler, or the error that prevented it."""
    try:
        return _handle(sandbox, request, call)
    except errors.ApiError as error:
        return _failure(error, call)
    except Exception:
        _logger.exception("%s %s", request.method, request.path)
        return _failure(errors.server_failure(), call)


def _handle(sandbox, request, call):
    if request.path.lower().startswith("/v3.1/rest/"):
        raise errors.nginx_not_found()
    is_send = request.path.lower().rstrip("/") == "/v3.1/send"
    call.gateway = is_send
    with sandbox.store.read() as db:
        call.key = _authenticate(db, request.authorization)
    if call.key is None:
        raise _refused(is_send, "mj-0015")
    is_blocked = call.key["runlevel"] != "Normal" or not call.key["is_active"]
    if is_blocked and not sandbox.settings.current.blocked_keys_read:
        raise _refused(is_send, "mj-0001")
    segments = request.path.strip("/").split("/")
    handler, call.ids, call.gateway = routing.find(request.method, segments)
    if request.method == "GET":
        with sandbox.store.read() as call.db:
            return handler(call)
    if is_blocked:
        # A suspended key can still read, so that its apikey row shows its state; every
        # write is rejected like a wrong password, which is the less convenient answer.
        raise _refused(is_send, "mj-0001")
    with sandbox.store.write() as call.db:
        answer = handler(call)
    sandbox.worker.wake()
    return answer


def _authenticate(db, credentials):
    if credentials is None or credentials.type != "basic":
        return None
    key = fetch(db, "SELECT * FROM apikey WHERE public = ?", credentials.username)
    if key is None:
        return None
    given = (credentials.password or "").encode()
    return key if hmac.compare_digest(key["secret"].encode(), given) else None


def _refused(is_send, code):
    if not is_send:
        return errors.unauthorized()
    text = "API key authentication/authorization failure. You may be unauthorized to"
    text += " access the API or your API key may be expired. Visit API keys management"
    text += " section to check your keys."
    return errors.gateway(401, text, code, reason="Unauthorized")


def _failure(error, call):
    if call.gateway and error.message is not None:
        phrase = {404: "Not Found", 401: "Unauthorized"}.get(error.status, error.reason)
        error = errors.gateway(error.status, error.message, reason=phrase)
    return Answer(error.body, error.status, error.reason, error.content_type)


def _response(answer, gateway):
    response = Response(
        answer.body,
        status=f"{answer.status} {answer.reason}",
        content_type=answer.content_type,
    )
    if answer.status in (204, 304):
        response.headers.remove("Content-Type")
    if gateway:
        response.headers["x-mj-request-guid"] = str(uuid.uuid4())
    return response
