"""The table of API routes, and the request as a handler sees it."""

import json
from dataclasses import dataclass, field

from . import envelope, errors

ROUTES = []


def route(method, pattern, gateway=False):
    """Register a handler `(call) -> Answer`.

    `pattern` is a path such as "v3/REST/contact/*/managecontactslists"; a star
    takes one segment, given to the handler in `call.ids`.  Everything else is compared
    without regard to case, as Mailjet does.
    """

    def register(handler):
        ROUTES.append((method, pattern.lower().split("/"), handler, gateway))
        return handler

    return register


def find(method, segments):
    """(handler, ids, gateway) for a path; raises Mailjet's error if there is none."""
    known = False
    for route_method, pattern, handler, gateway in ROUTES:
        ids = _match(pattern, segments)
        if ids is None:
            continue
        known = True
        if route_method == method:
            return handler, ids, gateway
    if known:
        raise errors.method_not_allowed()
    raise errors.unknown_path("/".join(segments))


def _match(pattern, segments):
    if len(pattern) != len(segments):
        return None
    ids = []
    for wanted, found in zip(pattern, segments, strict=True):
        if wanted == "*":
            ids.append(found)
        elif wanted != found.lower():
            return None
    return ids


@dataclass
class Answer:
    body: bytes = b""
    status: int = 200
    reason: str = "OK"
    content_type: str = "application/json"


@dataclass
class Call:
    """One authenticated request.

    `raw` holds the body; of DATA uploads it is empty and `upload` is the path of the
    file that received the bytes.  `args` has lower-case names.  `effect` is for the
    log: did the request change anything?  None leaves it to method and status.
    """

    sandbox: object
    db: object
    key: object
    ids: list
    args: dict
    raw: bytes = b""
    upload: object = None
    gateway: bool = False
    effect: bool | None = None
    _json: object = field(default=None, repr=False)

    @property
    def now(self):
        return self.sandbox.now()

    @property
    def key_id(self):
        return self.key["id"]

    def json(self):
        """The body as an object; an empty body is an empty object."""
        if self._json is None:
            try:
                self._json = json.loads(self.raw or b"{}")
            except ValueError:
                raise self._malformed() from None
            if not isinstance(self._json, dict):
                raise self._malformed()
        return self._json

    def _malformed(self):
        if self.gateway:
            text = "Malformed JSON, please review the syntax and properties types."
            return errors.gateway(400, text, "mj-0002")
        return errors.legacy(400, "Invalid json input: not a valid JSON object")

    def fields(self, type_name, *allowed):
        """The body's values by the names in `allowed`, whatever their case.

        Raises Mailjet's 400 error for any other property.
        """
        names = {name.lower(): name for name in allowed}
        values = {}
        for name, value in self.json().items():
            if name.lower() not in names:
                raise errors.unknown_property(type_name, name)
            values[names[name.lower()]] = value
        return values

    def rows(self, rows, status=200, total=None):
        reason = {200: "OK", 201: "Created"}[status]
        if self.gateway:
            body, kind = envelope.gateway_rows(rows), envelope.GATEWAY_CONTENT_TYPE
        else:
            body, kind = envelope.legacy_rows(rows, total), "application/json"
        return Answer(body, status, reason, kind)


def no_content():
    return Answer(b"", 204, "No content")
